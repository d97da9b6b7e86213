"""Cards of a village's households: choose, be told what becomes of the old ones, print."""

import re
from collections.abc import Sequence
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.cards_sheet import PLATES, TEMPLATE, cards_sheet, plates_sheet
from households.models import Subject
from households.operations import card_batches
from households.operations.card_batches import MOST_AT_ONCE, Issued
from households.queries import cards
from jobs.operations import AlreadyAnswered
from notices.printing import press
from notices.views import page_number
from trail import clock
from trail.errors import DomainError
from trail.typed import row_number
from villages.models import Village
from villages.queries import village_within

HOUSEHOLDS_PER_PAGE = 50
LONGEST_NUMBER = 20
REQUEST = re.compile(r"[0-9a-f]{32}")


def _village(request: StaffRequest, slug: str) -> Village:
    found = village_within(request.visitor.scope, Action.ISSUE_CARDS, slug=slug)
    if found is None:
        raise Http404
    return found


def _filters(asked: QueryDict) -> dict[str, Any]:
    return {
        "group": row_number(asked.get("group", "")),
        "number": asked.get("number", "").replace("\x00", "").strip()[:LONGEST_NUMBER],
        "without_card": asked.get("without_card") == "1",
    }


@require_safe
@staff_page
def choose(request: StaffRequest, slug: str) -> HttpResponse:
    """The households by group and number, 50 a page, to be ticked."""
    village, filters = _village(request, slug), _filters(request.GET)
    found = cards.households_for_cards(village_id=village.pk, **filters)
    page = Paginator(found, HOUSEHOLDS_PER_PAGE).get_page(page_number(request))
    kept = {name: int(value) for name, value in filters.items() if value and name != "number"}
    query = urlencode({**kept, **({"number": filters["number"]} if filters["number"] else {})})
    return render(
        request,
        "staff/cards.html",
        {
            "village": village,
            "page": page,
            "groups": cards.groups_with_households(village_id=village.pk),
            "filters": filters,
            "query": f"{query}&" if query else "",
            "ticked": _to_tick(list(page)) if request.GET.get("tick") == "1" else (),
            "most": MOST_AT_ONCE,
        },
    )


def _to_tick(shown: Sequence[Subject]) -> set[int]:
    """Those on the page that have no card yet, as many as one sheet may hold."""
    without = [household.pk for household in shown if household.card_issued_at is None]
    return set(without[:MOST_AT_ONCE])


def _chosen(village: Village, given: QueryDict) -> list[Subject]:
    """The ticked households; one that is not of this village is not found."""
    ids = {row_number(typed) for typed in given.getlist("household")[: HOUSEHOLDS_PER_PAGE + 1]}
    found = cards.households_chosen(
        village_id=village.pk, ids=[number for number in ids if number is not None]
    )
    if len(found) != len(ids):
        raise Http404
    return found


@require_safe
@staff_page
def check(request: StaffRequest, slug: str) -> HttpResponse:
    """What will be printed, and plainly that the old cards end with it."""
    village = _village(request, slug)
    chosen = _chosen(village, request.GET)
    try:
        card_batches.check_choice(chosen)
    except DomainError as refusal:
        refused(request, refusal)
        messages.error(request, refusal.message)
        return redirect("staff:cards", slug=slug)
    return render(
        request,
        "staff/cards_check.html",
        {
            "village": village,
            "chosen": chosen,
            "renewed": sum(household.card_issued_at is not None for household in chosen),
            "seen": card_batches.standing_of(chosen),
            "request_number": token_hex(16),
        },
    )


@require_safe
@staff_page
def plates(request: StaffRequest, slug: str) -> HttpResponse:
    """Door plates of the ticked households that have a card: their code as it is, nothing new."""
    village = _village(request, slug)
    chosen = [one for one in _chosen(village, request.GET) if one.card_issued_at is not None]
    if not 0 < len(chosen) <= MOST_AT_ONCE:
        words = _("请勾选有卡的户，一次最多%d户。还没有卡的先发卡。") % MOST_AT_ONCE
        messages.error(request, words)
        return redirect("staff:cards", slug=slug)
    try:
        sheet = plates_sheet(village, subjects=chosen)
        pdf = press.printed_unkept(PLATES, sheet).pdf
    except press.PressIsBusy:
        return _told(request, village, _("正在打印的人多，请过一会儿再印。"), status=503)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="plates-{slug}.pdf"'
    return response


@require_POST
@staff_page
def issue(request: StaffRequest, slug: str) -> HttpResponse:
    """Hand out the cards and answer with their sheet: the PINs stand there and nowhere else."""
    village = _village(request, slug)
    chosen = _chosen(village, request.POST)
    number = request.POST.get("request", "")
    if not REQUEST.fullmatch(number):
        raise Http404
    try:
        pdf = _issue(request, village, chosen, number)
    except press.PressIsBusy:
        return _told(request, village, _("正在打印的人多，卡没有换，请过一会儿再印。"), status=503)
    except DomainError as refusal:
        refused(request, refusal)
        again = isinstance(refusal, AlreadyAnswered)
        return _told(request, village, refusal.message, status=409, again=again)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="cards-{slug}.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def withdraw(request: StaffRequest, slug: str, household: str) -> HttpResponse:
    """End one household's card; the page then says so, and leads to a new one."""
    village = _village(request, slug)
    found = cards.households_chosen(village_id=village.pk, ids=[int(household)])
    if not found:
        raise Http404
    if request.method == "POST":
        by = request.visitor.signing(Action.ISSUE_CARDS, village.pk)
        seen = request.POST.get("seen", "")
        try:
            card_batches.withdraw_shown(subject=found[0], seen=seen, by=by, at=clock.now())
        except DomainError as refusal:
            refused(request, refusal)
            messages.error(request, refusal.message)
        return redirect("staff:card_withdraw", slug=slug, household=household)
    seen = card_batches.standing_of(found)
    return render(
        request,
        "staff/card_withdraw.html",
        {"village": village, "household": found[0], "seen": seen},
    )


def _told(
    request: StaffRequest, village: Village, words: str, *, status: int, again: bool = False
) -> HttpResponse:
    context = {"village": village, "words": words, "again": again}
    return render(request, "staff/cards_refused.html", context, status=status)


def _issue(request: StaffRequest, village: Village, chosen: list[Subject], number: str) -> bytes:
    day = clock.today()

    @sensitive_variables()
    def set_sheet(issued: Sequence[Issued]) -> bytes:
        # Not kept by the press: the PINs leave the memory with this request.
        return press.printed_unkept(TEMPLATE, cards_sheet(village, issued=issued, day=day)).pdf

    return card_batches.issue_cards(
        subjects=chosen,
        seen=request.POST.get("seen", ""),
        question=number,
        set_sheet=set_sheet,
        by=request.visitor.signing(Action.ISSUE_CARDS, village.pk),
        at=clock.now(),
    )
