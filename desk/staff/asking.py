"""重算星级 and 核对账本: a button, a word on what it does, and a job that does it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.month_pages import lead_to, read_or_act, show, signed, standing_of
from jobs.models import Job
from jobs.waking import wake
from scoring.operations.asking import ask_to_rate, ask_to_verify
from trail import clock
from villages.queries import village_within


@read_or_act
@staff_page
def rate(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """What rating anew means, confirmed by its button."""
    stands = standing_of(request, month, slug)
    by = signed(request, stands, Action.PROPOSE_LOCK)
    if request.method != "POST":
        return show(request, stands, "rate")
    job = ask_to_rate(month=stands.month, by=by, at=clock.now())
    _begun(request, job, _("开始重算这个月的星级。算好以后在档案台“星级和等级”里看。"))
    return lead_to(stands)


@require_POST
@staff_page
def verify(request: StaffRequest, slug: str) -> HttpResponse:
    """Check the ledger now; what is found stands on its page."""
    village = village_within(request.visitor.scope, Action.VIEW_LEDGER, slug=slug)
    if village is None:
        raise Http404
    by = request.visitor.signing(Action.VIEW_LEDGER, village.pk)
    job = ask_to_verify(village=village, by=by, at=clock.now())
    _begun(request, job, _("开始核对账本。过一会儿刷新这一页，查出问题会写在这里。"))
    return redirect("staff:ledger", slug=slug)


def _begun(request: StaffRequest, job: Job, words: str) -> None:
    wake(job.kind, job_id=job.pk)
    messages.success(request, words)
