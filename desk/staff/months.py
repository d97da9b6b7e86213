"""A month of a village on its way to the archive: six steps, each a page, two persons."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import operations as approvals
from accounts.models import Proposal
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.forms import DayForm, ReasonForm
from jobs.waking import wake
from notices.models import Notice
from notices.periods import period
from notices.views import page_number
from scoring import work
from scoring.operations import closing, publishing
from scoring.queries import months
from scoring.queries.month_steps import CLOSE, Standing, standing
from scoring.queries.outliers import Why, entries_behind, outliers
from scoring.queries.publishing import checked_preview
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError

ENTRIES_PER_PAGE = 50
PUBLISH = "notices.publish_due_notices"
Act = Callable[[StaffRequest, Standing], str]
read_or_act = require_http_methods(["GET", "HEAD", "POST"])


class _Unfit(DomainError):
    """What was typed cannot be used; the message says how to type it."""

    code = "unfit"


def _standing(request: StaffRequest, month: str, slug: str) -> Standing:
    scope = request.visitor.scope
    found = months.kept_within(scope, Action.VIEW_LEDGER, slug=slug, month=month)
    if found is None:
        raise Http404
    return standing(month=found, at=clock.now(), on=clock.today())


def _show(
    request: StaffRequest, stands: Standing, name: str, status: int = 200, **more: Any
) -> HttpResponse:
    visitor, village_id = request.visitor, stands.month.village_id
    context = {
        "visitor": visitor,
        "stands": stands,
        "village": stands.month.village,
        "month": stands.month,
        "me": visitor.user.person_id,
        "may": {str(action): visitor.may(action, village_id) for action in Action},
        **more,
    }
    return render(request, f"staff/months/{name}.html", context, status=status)


def _to(stands: Standing, name: str = "month") -> HttpResponse:
    return redirect(f"staff:{name}", month=stands.month.month, slug=stands.month.village.slug)


def _acted(
    request: StaffRequest, stands: Standing, name: str, acts: Mapping[str, Act]
) -> HttpResponse:
    """Do what the button says and lead on; a refusal is told on the page it came from."""
    act = acts.get(request.POST.get("act", ""))
    if act is None or not stands.step(name).is_open:
        messages.error(request, _("这一步现在不能办，请看办到哪了。"))
        return _to(stands)
    try:
        following = act(request, stands)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        following = name
    return _to(stands, following)


def _signed(request: StaffRequest, stands: Standing, action: Action) -> Actor:
    return request.visitor.signing(action, stands.month.village_id)


def _valid(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        raise _Unfit(" ".join(str(text) for texts in form.errors.values() for text in texts))
    return form.cleaned_data


def _waiting(proposal: Proposal | None, request: StaffRequest) -> Proposal:
    """The proposal the page showed; another one since then is another matter."""
    if proposal is None or str(proposal.pk) != request.POST.get("proposal"):
        raise approvals.AlreadyDecided(_("这件事已经办过了，或者重新提过，请再看一遍。"))
    return proposal


@require_safe
@staff_page
def month_page(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """The six rows in their order."""
    return _show(request, _standing(request, month, slug), "month")


@require_safe
@staff_page
def check(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """What has to be settled first, with its reasons."""
    return _show(request, _standing(request, month, slug), "check")


@read_or_act
@staff_page
def review(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """The month's figures and what stands out in them; looked through by one person."""
    stands = _standing(request, month, slug)
    if request.method == "POST":
        return _acted(request, stands, "review", {"reviewed": _reviewed})
    if not stands.step("review").is_open:
        return _to(stands)
    found = outliers(village_id=stands.month.village_id, month=month)
    return _show(request, stands, "review", outliers=found)


def _reviewed(request: StaffRequest, stands: Standing) -> str:
    by = _signed(request, stands, Action.PROPOSE_LOCK)
    seen = request.POST.get("seen", "")
    last = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else 0
    closing.review(month=stands.month, last_entry_id=last, by=by, at=clock.now())
    return "lock"


@require_safe
@staff_page
def entries(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """The entries behind one thing that stands out."""
    stands = _standing(request, month, slug)
    why, key = request.GET.get("why", ""), request.GET.get("key", "0")
    if why not in set(Why) or not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Http404
    village_id = stands.month.village_id
    found = entries_behind(village_id=village_id, month=month, why=Why(why), key=int(key))
    page = Paginator(found, ENTRIES_PER_PAGE).get_page(page_number(request))
    query = f"why={why}&key={int(key)}&"
    return _show(request, stands, "entries", why=why, page=page, query=query)


@read_or_act
@staff_page
def lock(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """Totals and fingerprint; one person proposes, another confirms, the worker locks."""
    stands = _standing(request, month, slug)
    if request.method == "POST":
        acts = {"propose": _propose_lock, "approve": _approve_lock, "refuse": _refuse_lock}
        return _acted(request, stands, "lock", acts)
    if not stands.step("lock").is_open:
        return _to(stands)
    return _show(request, stands, "lock")


def _propose_lock(request: StaffRequest, stands: Standing) -> str:
    by = _signed(request, stands, Action.PROPOSE_LOCK)
    closing.propose_lock(month=stands.month, by=by, at=clock.now())
    return "lock"


def _approve_lock(request: StaffRequest, stands: Standing) -> str:
    by = _signed(request, stands, Action.APPROVE_LOCK)
    proposal = _waiting(stands.lock, request)
    job = work.approve_lock(month=stands.month, proposal=proposal, by=by, at=clock.now())
    wake(CLOSE, job_id=job.pk)
    return "lock"


def _refuse_lock(request: StaffRequest, stands: Standing) -> str:
    by = _signed(request, stands, Action.APPROVE_LOCK)
    _refuse(_waiting(stands.lock, request), request, by)
    return "lock"


def _refuse(proposal: Proposal, request: StaffRequest, by: Actor) -> None:
    reason = _valid(ReasonForm(request.POST))["reason"]
    approvals.decide(proposal=proposal, approve=False, by=by, at=clock.now(), reason=reason)


@read_or_act
@staff_page
def notice(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """What will be public, checked for names and numbers; one proposes, another publishes."""
    stands = _standing(request, month, slug)
    if request.method == "POST":
        acts = {"propose": _propose_notice, "approve": _approve_notice, "refuse": _refuse_notice}
        return _acted(request, stands, "notice", acts)
    if not stands.step("notice").is_open or stands.notice is None:
        return _to(stands)
    checked = None if stands.is_shown else checked_preview(stands.notice)
    return _show(request, stands, "notice", checked=checked, today=clock.today())


def _drafted(stands: Standing) -> Notice:
    if stands.notice is None:
        raise Http404
    return stands.notice


def _propose_notice(request: StaffRequest, stands: Standing) -> str:
    by = _signed(request, stands, Action.PROPOSE_PUBLICATION)
    publishing.propose(notice=_drafted(stands), by=by, at=clock.now())
    return "notice"


def _approve_notice(request: StaffRequest, stands: Standing) -> str:
    by = _signed(request, stands, Action.APPROVE_PUBLICATION)
    day = _valid(DayForm(request.POST))["publish_on"]
    publishing.approve(
        notice=_drafted(stands),
        proposal=_waiting(stands.publication, request),
        publish_on=day,
        by=by,
        at=clock.now(),
    )
    wake(PUBLISH)
    return "notice"


def _refuse_notice(request: StaffRequest, stands: Standing) -> str:
    by = _signed(request, stands, Action.APPROVE_PUBLICATION)
    _refuse(_waiting(stands.publication, request), request, by)
    return "notice"


@require_safe
@staff_page
def objections(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """How long the notice still runs, and what keeps the month from the archive."""
    stands = _standing(request, month, slug)
    shown = stands.notice
    if not (stands.step("objections").is_open and shown and shown.publish_on and shown.until_on):
        return _to(stands)
    runs = period(publish_on=shown.publish_on, until_on=shown.until_on, on=clock.today())
    return _show(request, stands, "objections", period=runs)


@require_safe
@staff_page
def archive(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """The end: what stays, and for how long it is right."""
    stands = _standing(request, month, slug)
    if not stands.step("archive").is_open:
        return _to(stands)
    return _show(request, stands, "archive")
