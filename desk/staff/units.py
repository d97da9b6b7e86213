"""One part of a village: who serves there, which files lie in it, joining, dividing, filling it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.unit_forms import WhenForm
from households.operations import units as acts
from households.operations.files.keeping import When
from households.queries import units as found
from notices.views import page_number
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from trail.typed import row_number
from villages import queries
from villages.models import Unit
from villages.operations import put_unit_in

PER_PAGE = 50
LONGEST_NAME = 40
read_or_act = require_http_methods(["GET", "HEAD", "POST"])
# What a button of the page does with the unit; answers what is said afterwards.
Done = Callable[[Unit, QueryDict, When, Actor], str]


def _unit(request: StaffRequest, number: int) -> Unit:
    unit = found.unit_within(request.visitor.scope, Action.MANAGE_UNITS, number=number)
    if unit is None:
        raise Http404
    return unit


def _ids(typed: list[str]) -> list[int]:
    return [found for one in typed if (found := row_number(one)) is not None]


def _other(unit: Unit, typed: str) -> Unit:
    """The unit that was chosen from a list; another village's is none."""
    other = None
    for number in _ids([typed]):
        other = queries.unit_of(village_id=unit.village_id, unit_id=number)
    if other is None:
        raise acts.NothingChosen(_("请选一个片区。"))
    return other


def _merge(unit: Unit, typed: QueryDict, when: When, by: Actor) -> str:
    into = _other(unit, typed.get("into", ""))
    count = acts.merge_units(unit=unit, into=into, when=when, by=by, at=clock.now())
    return _("%(count)s户并入了%(name)s。") % {"count": count, "name": into.name}


def _split(unit: Unit, typed: QueryDict, when: When, by: Actor) -> str:
    name = typed.get("name", "").replace("\x00", "").strip()[:LONGEST_NAME]
    if not name:
        raise acts.NothingChosen(_("请填新片区的名称。"))
    ids = _ids(typed.getlist("subject"))
    fresh = acts.split_unit(unit=unit, name=name, subject_ids=ids, when=when, by=by, at=clock.now())
    return _("分出了%(name)s，%(count)s户。") % {"name": fresh.name, "count": len(ids)}


def _close(unit: Unit, typed: QueryDict, when: When, by: Actor) -> str:
    acts.close_unit(unit=unit, when=when, by=by, at=clock.now())
    return _("撤销了。")


def _parent(unit: Unit, typed: QueryDict, when: When, by: Actor) -> str:
    chosen = typed.get("parent", "")
    parent = _other(unit, chosen) if chosen else None
    put_unit_in(unit=unit, parent=parent, by=by, at=clock.now())
    return _("改好了。")


ACTS: Mapping[str, Done] = {"merge": _merge, "split": _split, "close": _close, "parent": _parent}


@read_or_act
@staff_page
def unit(request: StaffRequest, number: int) -> HttpResponse:
    """The unit; each of its acts is a form on the page and ends on the village's page."""
    mine, form = (
        _unit(request, number),
        WhenForm(request.POST if request.method == "POST" else None),
    )
    if request.method != "POST":
        return _page(request, mine, form, status=200)
    act = ACTS.get(request.POST.get("act", ""), _nothing)
    if form.is_valid() and _did(request, mine, form, act):
        return redirect("staff:village", slug=mine.village.slug)
    return _page(request, mine, form, status=422)


def _nothing(unit: Unit, typed: QueryDict, when: When, by: Actor) -> str:
    raise acts.NothingChosen(_("请按页面上的按钮办。"))


def _did(request: StaffRequest, mine: Unit, form: WhenForm, act: Done) -> bool:
    by = request.visitor.signing(Action.MANAGE_UNITS, mine.village_id)
    try:
        said = act(mine, request.POST, form.when, by)
    except DomainError as refusal:
        refused(request, refusal)
        form.add_error(None, refusal.message)
        return False
    messages.success(request, said)
    return True


def _page(request: StaffRequest, mine: Unit, form: WhenForm, status: int) -> HttpResponse:
    context: dict[str, Any] = {
        "unit": mine,
        "form": form,
        "heads": found.heads_of(mine, at=clock.now()),
        "page": Paginator(found.files_in(mine), PER_PAGE).get_page(page_number(request)),
        "siblings": found.siblings(mine),
        "grids": found.grids_of(mine) if mine.kind == Unit.Kind.MICRO_GRID else [],
    }
    return render(request, "staff/places/unit.html", context, status=status)


@read_or_act
@staff_page
def fill(request: StaffRequest, number: int) -> HttpResponse:
    """Tick files of a group and let them lie in this unit."""
    mine, form = (
        _unit(request, number),
        WhenForm(request.POST if request.method == "POST" else None),
    )
    if request.method == "POST":
        act = _move_here if mine.kind == Unit.Kind.GROUP else _place_here
        if form.is_valid() and _did(request, mine, form, act):
            return redirect("staff:unit", number=mine.pk)
    groups = [one for one in queries.units_of(village_id=mine.village_id) if one.kind == "group"]
    chosen = _ids([request.GET.get("group", "")])
    context = {
        "unit": mine,
        "form": form,
        "groups": [one for one in groups if one.pk != mine.pk],
        "group": chosen[0] if chosen else None,
        "files": found.files_beside(mine, group=chosen[0]) if chosen else [],
    }
    wrong = request.method == "POST"
    return render(request, "staff/places/unit_fill.html", context, status=422 if wrong else 200)


def _move_here(mine: Unit, typed: QueryDict, when: When, by: Actor) -> str:
    ids = _ids(typed.getlist("subject"))
    count = acts.move_households(unit=mine, subject_ids=ids, when=when, by=by, at=clock.now())
    return _("%(count)s户换到了这个组。") % {"count": count}


def _place_here(mine: Unit, typed: QueryDict, when: When, by: Actor) -> str:
    ids = _ids(typed.getlist("subject"))
    count = acts.place(unit=mine, subject_ids=ids, by=by, at=clock.now())
    return _("%(count)s户划进来了。") % {"count": count}
