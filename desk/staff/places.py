"""Villages and townships: who serves there, who is missing, and the units of a village."""

from collections.abc import Iterable
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import staffing
from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.people import MOST_VILLAGES
from desk.staff.records import record_of
from desk.staff.staffing_forms import UnitForm
from households.queries.units import counted
from trail import clock
from trail.errors import DomainError
from trail.typed import row_number
from villages import queries
from villages.models import Posting, Unit, Village
from villages.operations import add_unit, rename_unit


def _village(request: StaffRequest, slug: str, action: Action) -> Village:
    found = queries.village_within(request.visitor.scope, action, slug=slug)
    if found is None:
        raise Http404
    return found


@require_safe
@staff_page
def places(request: StaffRequest) -> HttpResponse:
    """The townships and villages whose postings the visitor sees."""
    scope = request.visitor.scope
    if not scope.allows(Action.VIEW_POSTINGS):
        raise Http404
    return render(
        request,
        "staff/places/list.html",
        {
            "townships": queries.whole_townships_within(scope, Action.VIEW_POSTINGS),
            "villages": queries.villages_within(scope, Action.VIEW_POSTINGS, most=MOST_VILLAGES),
        },
    )


@require_safe
@staff_page
def village(request: StaffRequest, slug: str) -> HttpResponse:
    """还缺谁, who serves by post, and the units."""
    found = _village(request, slug, Action.VIEW_POSTINGS)
    serving = staffing.serving_with_log_ins(township_id=found.township_id, on=clock.today())
    return render(
        request,
        "staff/places/village.html",
        {
            "village": found,
            "at_desk": record_of(request.visitor.scope, found),
            "acts": staffing.of_village(serving, village_id=found.pk),
            "posts": _by_post(row for row in serving if row.village_id == found.pk),
            "units": counted(village_id=found.pk),
            "form": UnitForm(),
            "may_units": request.visitor.may(Action.MANAGE_UNITS, found.pk),
        },
    )


@require_safe
@staff_page
def township(request: StaffRequest, code: str) -> HttpResponse:
    """The posts of a township as a whole, and what each of its villages lacks."""
    scope = request.visitor.scope
    found = queries.township_within(scope, Action.VIEW_POSTINGS, code=code)
    if found is None:
        raise Http404
    serving = staffing.serving_with_log_ins(township_id=found.pk, on=clock.today())
    villages = [
        (one, [act.name for act in staffing.of_village(serving, village_id=one.pk) if act.missing])
        for one in queries.villages_of(township_id=found.pk)
    ]
    return render(
        request,
        "staff/places/township.html",
        {
            "township": found,
            "at_desk": record_of(scope, found),
            "acts": staffing.of_township(serving),
            "posts": _by_post(row for row in serving if row.village_id is None),
            "villages": villages,
        },
    )


def _by_post(serving: Iterable[Posting]) -> list[tuple[str, list[Posting]]]:
    """Serving persons under their post; the query has them in the order of the posts."""
    return [(post, list(rows)) for post, rows in groupby(serving, key=lambda row: row.post.name)]


@require_POST
@staff_page
def units(request: StaffRequest, slug: str) -> HttpResponse:
    """Add a unit, or call one by another name; a refusal is told on the village's page."""
    found = _village(request, slug, Action.MANAGE_UNITS)
    form = UnitForm(request.POST)
    if not form.is_valid():
        told = [str(text) for texts in form.errors.values() for text in texts]
        messages.error(request, " ".join(told))
        return redirect("staff:village", slug=slug)
    try:
        _write_unit(request, found, form)
    except DomainError as refusal:
        refused(request, refusal)
        messages.error(request, refusal.message)
    return redirect("staff:village", slug=slug)


def _write_unit(request: StaffRequest, found: Village, form: UnitForm) -> None:
    by, at = request.visitor.signing(Action.MANAGE_UNITS, found.pk), clock.now()
    kind, name = form.cleaned_data["kind"], form.cleaned_data["name"]
    number = request.POST.get("unit", "")
    if number:
        unit = queries.unit_of(village_id=found.pk, unit_id=row_number(number) or 0)
        if unit is None:
            raise Http404
        rename_unit(unit=unit, name=name, by=by, at=at)
    elif kind:
        add_unit(village=found, kind=Unit.Kind(kind), name=name, by=by, at=at)
    else:
        messages.error(request, _("请选类型。"))
