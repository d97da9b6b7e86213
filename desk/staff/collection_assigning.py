"""Who collects from whom: all villages at once, or one village by hand and to a successor."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.collection_pages import read_or_act, round_to_manage, signed
from desk.staff.round_forms import CollectorForm
from households.models import CollectionRound
from households.operations import assigning
from households.operations.assigning import How
from households.queries import assignments
from households.queries import rounds as queries
from notices.views import page_number
from trail import clock
from trail.errors import DomainError
from trail.typed import row_number
from villages.models import Person, Village
from villages.queries import units_of, village_within, villages_of

PER_PAGE = 50
NOBODY = "nobody"
DOES = Action.MANAGE_COLLECTION


@read_or_act
@staff_page
def assign(request: StaffRequest, number: int) -> HttpResponse:
    """Every village with its collectors and what nobody goes to yet; shared out by a button."""
    found = round_to_manage(request, number)
    if request.method == "POST":
        _share(request, found, villages_of(township_id=found.township_id))
        return redirect("staff:round_assign", number=number)
    villages = queries.by_village(round_=found, scope=request.visitor.scope, action=DOES)
    people = assignments.collectors_in(
        village_ids=[one.village_id for one in villages], on=clock.today()
    )
    rows = [(one, len(people[one.village_id])) for one in villages]
    left = sum(one.unassigned for one in villages)
    workloads = queries.by_collector(round_=found, scope=request.visitor.scope, action=DOES)
    return render(
        request,
        "staff/collection/assign.html",
        {"round": found, "rows": rows, "left": left, "workloads": workloads},
    )


def _share(request: StaffRequest, found: CollectionRound, villages: Sequence[Village]) -> None:
    written = request.POST.get("how", "")
    if written not in set(How):
        raise Http404
    try:
        count = assigning.share(
            round_=found,
            villages=villages,
            how=How(written),
            by=signed(request, found.township_id),
            at=clock.now(),
        )
    except DomainError as refusal:
        refused(request, refusal)
        messages.error(request, refusal.message)
        return
    messages.success(request, _("派好了%(count)s户。") % {"count": count})


@read_or_act
@staff_page
def assign_village(request: StaffRequest, number: int, slug: str) -> HttpResponse:
    """One village: who carries how much, its files, given by hand or passed on."""
    found = round_to_manage(request, number)
    village = village_within(request.visitor.scope, DOES, slug=slug)
    if village is None or village.township_id != found.township_id:
        raise Http404
    people = assignments.collectors_in(village_ids=[village.pk], on=clock.today())[village.pk]
    if request.method == "POST":
        return _acted(request, found, village, people)
    return render(
        request,
        "staff/collection/assign_village.html",
        _village_page(request, found, village, people),
    )


def _village_page(
    request: StaffRequest, found: CollectionRound, village: Village, people: Sequence[Person]
) -> dict[str, Any]:
    asked = {"unit": request.GET.get("unit", ""), "who": request.GET.get("who", "")}
    files = assignments.files_to_assign(
        round_=found,
        village_id=village.pk,
        unit_id=row_number(asked["unit"]),
        collector_id=row_number(asked["who"]),
        nobody=asked["who"] == NOBODY,
    )
    page = Paginator(files, PER_PAGE).get_page(page_number(request))
    given = assignments.assignments_by_subject(
        round_=found, village_id=village.pk, subject_ids=[row.pk for row in page]
    )
    carried = queries.by_collector(round_=found, scope=request.visitor.scope, action=DOES)
    kept = urlencode({name: value for name, value in asked.items() if value})
    return {
        "round": found,
        "village": village,
        "page": page,
        "rows": [(row, given.get(row.pk)) for row in page],
        "people": people,
        "carried": [one for one in carried if one.village_id == village.pk],
        "units": units_of(village_id=village.pk),
        "asked": asked,
        "query": f"{kept}&" if kept else "",
    }


def _acted(
    request: StaffRequest, found: CollectionRound, village: Village, people: Sequence[Person]
) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "share":
        _share(request, found, [village])
    elif act in _ACTS:
        try:
            messages.success(request, _ACTS[act](request, found, village, people))
        except DomainError as refusal:
            refused(request, refusal)
            messages.error(request, refusal.message)
    else:
        raise Http404
    return redirect("staff:round_assign_village", number=found.pk, slug=village.slug)


class NothingChosen(DomainError):
    """No file is ticked, or no collector chosen."""

    code = "nothing_chosen"


def _ticked(request: StaffRequest) -> list[int]:
    ids = [row_number(written) for written in request.POST.getlist("file")]
    found = [one for one in ids if one is not None]
    if not found:
        raise NothingChosen(_("还没有勾选户。请先勾选，再按按钮。"))
    return found


def _chosen(request: StaffRequest, name: str, people: Sequence[Person]) -> Person:
    form = CollectorForm({"collector": request.POST.get(name, "")}, people=people)
    if not form.is_valid():
        raise NothingChosen(" ".join(str(one) for one in form.errors["collector"]))
    return form.chosen


def _by_hand(
    request: StaffRequest, found: CollectionRound, village: Village, people: Sequence[Person]
) -> str:
    ids, who = _ticked(request), _chosen(request, "collector", people)
    count = assigning.assign(
        round_=found,
        village=village,
        collector_of=dict.fromkeys(ids, who.pk),
        by=signed(request, found.township_id),
        at=clock.now(),
    )
    return _("%(count)s户派给了%(name)s。") % {"count": count, "name": who.name}


def _take_back(
    request: StaffRequest, found: CollectionRound, village: Village, people: Sequence[Person]
) -> str:
    by, ids = signed(request, found.township_id), _ticked(request)
    count = assigning.withdraw(
        round_=found, village=village, subject_ids=ids, by=by, at=clock.now()
    )
    return _("收回了%(count)s户。已经开始填的不收回。") % {"count": count}


def _pass_on(
    request: StaffRequest, found: CollectionRound, village: Village, people: Sequence[Person]
) -> str:
    successor = _chosen(request, "successor", people)
    before = assignments.collectors_of(round_=found, village_id=village.pk)
    count = assigning.pass_on(
        round_=found,
        village=village,
        collector=_chosen(request, "collector", before),
        successor=successor,
        by=signed(request, found.township_id),
        at=clock.now(),
    )
    return _("没做完的%(count)s户交给了%(name)s。已经收到的还算原来的人。") % {
        "count": count,
        "name": successor.name,
    }


_ACTS: Mapping[str, Callable[[StaffRequest, CollectionRound, Village, Sequence[Person]], str]] = {
    "hand": _by_hand,
    "withdraw": _take_back,
    "pass_on": _pass_on,
}
