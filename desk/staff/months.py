"""A month of a village on its way to the archive: six steps, each a page, two persons."""

from collections.abc import Mapping

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.forms import DayForm
from desk.staff.month_pages import (
    Act,
    acted,
    lead_to,
    read_or_act,
    refuse,
    show,
    signed,
    standing_of,
    valid,
    waiting,
)
from desk.telling import told
from jobs.waking import wake
from notices.models import Notice
from notices.periods import period
from notices.views import page_number
from scoring import work
from scoring.operations import closing, publishing
from scoring.queries.month_steps import CLOSE, Standing
from scoring.queries.months import reference
from scoring.queries.outliers import Why, entries_behind, outliers
from scoring.queries.publishing import checked_preview
from trail import clock
from trail.queries import changes_of
from trail.typed import row_number

ENTRIES_PER_PAGE = 50
CHANGES_SHOWN = 20
PUBLISH = "notices.publish_due_notices"


def _acted(
    request: StaffRequest, stands: Standing, name: str, acts: Mapping[str, Act]
) -> HttpResponse:
    return acted(request, stands, name, acts, is_open=stands.step(name).is_open)


@require_safe
@staff_page
def month_page(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """The six rows in their order."""
    stands = standing_of(request, month, slug)
    about = reference(stands.month)
    abouts = [about, *([f"notices.notice:{stands.notice.pk}"] if stands.notice else [])]
    found = changes_of(*abouts, village_id=stands.month.village_id, most=CHANGES_SHOWN)
    return show(request, stands, "month", changes=told(found), about=about)


@require_safe
@staff_page
def check(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """What has to be settled first, with its reasons."""
    return show(request, standing_of(request, month, slug), "check")


@read_or_act
@staff_page
def review(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """The month's figures and what stands out in them; looked through by one person."""
    stands = standing_of(request, month, slug)
    if request.method == "POST":
        return _acted(request, stands, "review", {"reviewed": _reviewed})
    if not stands.step("review").is_open:
        return lead_to(stands)
    found = outliers(village_id=stands.month.village_id, month=month)
    return show(request, stands, "review", outliers=found)


def _reviewed(request: StaffRequest, stands: Standing) -> str:
    by = signed(request, stands, Action.PROPOSE_LOCK)
    seen = request.POST.get("seen", "")
    last = row_number(seen)
    closing.review(month=stands.month, last_entry_id=last or 0, by=by, at=clock.now())
    return "lock"


@require_safe
@staff_page
def entries(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """The entries behind one thing that stands out."""
    stands = standing_of(request, month, slug)
    why, key = request.GET.get("why", ""), request.GET.get("key", "0")
    number = row_number(key)
    if why not in set(Why) or number is None:
        raise Http404
    village_id = stands.month.village_id
    found = entries_behind(village_id=village_id, month=month, why=Why(why), key=number)
    page = Paginator(found, ENTRIES_PER_PAGE).get_page(page_number(request))
    query = f"why={why}&key={number}&"
    return show(request, stands, "entries", why=why, page=page, query=query)


@read_or_act
@staff_page
def lock(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """Totals and fingerprint; one person proposes, another confirms, the worker locks."""
    stands = standing_of(request, month, slug)
    if request.method == "POST":
        acts = {"propose": _propose_lock, "approve": _approve_lock, "refuse": _refuse_lock}
        return _acted(request, stands, "lock", acts)
    if not stands.step("lock").is_open:
        return lead_to(stands)
    return show(request, stands, "lock")


def _propose_lock(request: StaffRequest, stands: Standing) -> str:
    by = signed(request, stands, Action.PROPOSE_LOCK)
    closing.propose_lock(month=stands.month, by=by, at=clock.now())
    return "lock"


def _approve_lock(request: StaffRequest, stands: Standing) -> str:
    by = signed(request, stands, Action.APPROVE_LOCK)
    proposal = waiting(stands.lock, request)
    job = work.approve_lock(month=stands.month, proposal=proposal, by=by, at=clock.now())
    wake(CLOSE, job_id=job.pk)
    return "lock"


def _refuse_lock(request: StaffRequest, stands: Standing) -> str:
    by = signed(request, stands, Action.APPROVE_LOCK)
    refuse(waiting(stands.lock, request), request, by)
    return "lock"


@read_or_act
@staff_page
def notice(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """What will be public, checked for names and numbers; one proposes, another publishes."""
    stands = standing_of(request, month, slug)
    if request.method == "POST":
        acts = {"propose": propose_notice, "approve": approve_notice, "refuse": refuse_notice}
        return _acted(request, stands, "notice", acts)
    if not stands.step("notice").is_open or stands.notice is None:
        return lead_to(stands)
    checked = None if stands.is_shown else checked_preview(stands.notice)
    return show(request, stands, "notice", checked=checked, today=clock.today())


def _drafted(stands: Standing) -> Notice:
    if stands.notice is None:
        raise Http404
    return stands.notice


def propose_notice(request: StaffRequest, stands: Standing) -> str:
    """As the first person, ask to publish the notice."""
    by = signed(request, stands, Action.PROPOSE_PUBLICATION)
    publishing.propose(notice=_drafted(stands), by=by, at=clock.now())
    return "notice"


def approve_notice(request: StaffRequest, stands: Standing) -> str:
    """As the second person, set the day."""
    by = signed(request, stands, Action.APPROVE_PUBLICATION)
    day = valid(DayForm(request.POST))["publish_on"]
    publishing.approve(
        notice=_drafted(stands),
        proposal=waiting(stands.publication, request),
        publish_on=day,
        by=by,
        at=clock.now(),
    )
    wake(PUBLISH)
    return "notice"


def refuse_notice(request: StaffRequest, stands: Standing) -> str:
    """As the second person, say no and why."""
    by = signed(request, stands, Action.APPROVE_PUBLICATION)
    refuse(waiting(stands.publication, request), request, by)
    return "notice"


@require_safe
@staff_page
def objections(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """How long the notice still runs, and what keeps the month from the archive."""
    stands = standing_of(request, month, slug)
    shown = stands.notice
    if not (stands.step("objections").is_open and shown and shown.publish_on and shown.until_on):
        return lead_to(stands)
    runs = period(publish_on=shown.publish_on, until_on=shown.until_on, on=clock.today())
    return show(request, stands, "objections", period=runs)


@require_safe
@staff_page
def archive(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """The end: what stays, and for how long it is right."""
    stands = standing_of(request, month, slug)
    if not stands.step("archive").is_open:
        return lead_to(stands)
    return show(request, stands, "archive")
