"""Records that collectors and households sent: found, read, returned, chosen between."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.answer_rows import clashes_of, sections_of
from households.models import CollectionRecord
from households.operations import record_acts
from households.queries import collected
from notices.views import page_number
from trail import clock
from trail.errors import DomainError
from trail.typed import row_number
from villages.queries import villages_within

RECORDS_PER_PAGE = 50
VILLAGES_OFFERED = 500
CHOICES = ("mine", "theirs", "both")
read_or_act = require_http_methods(["GET", "HEAD", "POST"])


def _found(request: StaffRequest, number: int) -> CollectionRecord:
    record = collected.record_within(request.visitor.scope, number=number)
    if record is None:
        raise Http404
    return record


def _wanted(request: StaffRequest) -> collected.Wanted:
    state = request.GET.get("state", "")
    return collected.Wanted(
        state=state if state in CollectionRecord.State.values else "",
        village_id=row_number(request.GET.get("village", "")),
        collector_id=row_number(request.GET.get("collector", "")),
        round_id=row_number(request.GET.get("round", "")),
    )


@require_safe
@staff_page
def records(request: StaffRequest) -> HttpResponse:
    """The last revision of each record, 50 a page."""
    scope = request.visitor.scope
    if not scope.allows(Action.CHECK_COLLECTION):
        raise Http404
    wanted = _wanted(request)
    kept = {
        "state": wanted.state, "village": wanted.village_id,
        "collector": wanted.collector_id, "round": wanted.round_id,
    }  # fmt: skip
    query = urlencode({name: value for name, value in kept.items() if value})
    found = collected.listed(scope, wanted)
    return render(
        request,
        "staff/collected/records.html",
        {
            "page": Paginator(found, RECORDS_PER_PAGE).get_page(page_number(request)),
            "wanted": wanted,
            "states": CollectionRecord.State.choices,
            "villages": villages_within(scope, Action.CHECK_COLLECTION, most=VILLAGES_OFFERED),
            "collectors": collected.collectors_in(scope),
            "rounds": collected.rounds_in(scope),
            "query": f"{query}&" if query else "",
        },
    )


@require_safe
@staff_page
def record(request: StaffRequest, number: int) -> HttpResponse:
    """One record in words; whoever looks has opened it, and it is not taken back any more."""
    found = _found(request, number)
    by = request.visitor.signing(Action.CHECK_COLLECTION, found.village_id)
    if found.opened_at is None:
        record_acts.open_record(of=found, by=by, at=clock.now())
    return _page(request, found)


def _page(
    request: StaffRequest, found: CollectionRecord, *, wrong: str = "", typed: str = ""
) -> HttpResponse:
    return render(
        request,
        "staff/collected/record.html",
        {
            "record": found,
            "village": found.village,
            "sections": sections_of(found),
            "revisions": collected.revisions_of(found),
            "longest": record_acts.LONGEST_REASON,
            "may_read_originals": request.visitor.may(Action.MANAGE_FILES, found.village_id),
            "wrong": wrong,
            "typed": typed,
        },
        status=400 if wrong else 200,
    )


@require_POST
@staff_page
def give_back(request: StaffRequest, number: int) -> HttpResponse:
    """Return the record to its collector, who sees the reason."""
    found = _found(request, number)
    by = request.visitor.signing(Action.CHECK_COLLECTION, found.village_id)
    reason = request.POST.get("reason", "").replace("\x00", "")
    try:
        record_acts.give_back(of=found, reason=reason, by=by, at=clock.now())
    except DomainError as refusal:
        refused(request, refusal)
        return _page(request, found, wrong=refusal.message, typed=reason)
    messages.success(request, _("已退回，采集员的手机联网后会看到要改什么。"))
    return redirect("staff:collected", number=found.pk)


@read_or_act
@staff_page
def choose(request: StaffRequest, number: int) -> HttpResponse:
    """Two answers to one question: a person chooses each; both stay in the history."""
    found = _found(request, number)
    by = request.visitor.signing(Action.CHECK_COLLECTION, found.village_id)
    theirs, clashes = clashes_of(found)
    if found.state != CollectionRecord.State.CONFLICT or theirs is None:
        return redirect("staff:collected", number=found.pk)
    context: dict[str, Any] = {
        "record": found, "village": found.village, "theirs": theirs,
        "typed": {row.code: request.POST.get(f"q_{row.code}", "") for row in clashes},
        "reason": request.POST.get("reason", "").replace("\x00", ""),
        "longest": record_acts.LONGEST_REASON,
    }  # fmt: skip
    context["clashes"] = [(row, context["typed"][row.code]) for row in clashes]
    if request.method != "POST":
        return render(request, "staff/collected/choose.html", context)
    chosen = {code: value for code, value in context["typed"].items() if value in CHOICES}
    try:
        made = record_acts.choose(
            of=found, choices=chosen, reason=context["reason"], by=by, at=clock.now()
        )
    except DomainError as refusal:
        refused(request, refusal)
        return render(
            request,
            "staff/collected/choose.html",
            {"wrong": refusal.message, **context},
            status=400,
        )
    messages.success(request, _("已按您选的合在一起，两份原来的都留着。"))
    return redirect("staff:collected", number=made.pk)
