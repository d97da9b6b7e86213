"""Second visits: drawn by lot, and what they found beside what was told the first time."""

import secrets

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.collection_pages import read_or_act, round_of
from desk.staff.round_forms import DrawForm
from desk.telling import told
from households.models import CollectionRound
from households.operations.checking import draw_checks
from households.queries import checking as queries
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from trail.queries import changes_within
from villages.models import Village
from villages.queries import village_rows_within

SEES = Action.CHECK_COLLECTION
# Whoever sees a draw can draw again with its seed.
SEEDS = 1_000_000
DRAWS_SHOWN = 20


@read_or_act
@staff_page
def checks(request: StaffRequest, number: int) -> HttpResponse:
    """What was drawn so far, who goes there, and a button that draws."""
    found = round_of(request, number, SEES)
    form = DrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _drawn(request, found, form):
        return redirect("staff:round_checks", number=number)
    scope = request.visitor.scope
    rows = list(queries.checks_within(scope, SEES, round_=found))
    first = queries.first_visits(rows)
    about, here = f"households.collectionround:{found.pk}", scope.village_ids(SEES)
    events = changes_within(about, village_ids=here, most=DRAWS_SHOWN)
    draws = told([one for one in events if one.what == "assignment.checks_drawn"])
    pairs = [(row, first.get(row.subject_id)) for row in rows]
    return render(
        request,
        "staff/collection/checks.html",
        {"round": found, "rows": pairs, "form": form, "draws": draws},
    )


def _drawn(request: StaffRequest, found: CollectionRound, form: DrawForm) -> bool:
    villages = _villages(request, found)
    try:
        draw = draw_checks(
            round_=found,
            villages=villages,
            percent=form.cleaned_data["percent"],
            seed=secrets.randbelow(SEEDS),
            by=_signed(request, found, villages),
            at=clock.now(),
        )
    except DomainError as refusal:
        refused(request, refusal)
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("抽到%(count)s户，派给了别的采集员。") % {"count": draw.count})
    if draw.nobody:
        words = _("另有%(count)s户没有派：那个村没有别的采集员。") % {"count": draw.nobody}
        messages.warning(request, words)
    return True


def _villages(request: StaffRequest, found: CollectionRound) -> list[Village]:
    reached = village_rows_within(request.visitor.scope, SEES)
    return list(reached.filter(township_id=found.township_id))


def _signed(request: StaffRequest, found: CollectionRound, villages: list[Village]) -> Actor:
    visitor = request.visitor
    if found.township_id in visitor.scope.township_ids(SEES):
        return visitor.signing(SEES, township_id=found.township_id)
    return visitor.signing(SEES, villages[0].pk)


@require_safe
@staff_page
def check(request: StaffRequest, number: int, assignment: int) -> HttpResponse:
    """Field by field what was told the first time and the second time."""
    found = round_of(request, number, SEES)
    rows = queries.checks_within(request.visitor.scope, SEES, round_=found)
    row = rows.filter(pk=assignment).first()
    if row is None:
        raise Http404
    first = queries.first_visits([row]).get(row.subject_id)
    return render(
        request,
        "staff/collection/check.html",
        {"round": found, "row": row, "first": first, "pairs": queries.pairs_of(row)},
    )
