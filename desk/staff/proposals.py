"""Acts of two persons: what waits for me, what I asked for, what became of it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import operations as approvals
from accounts import queries
from accounts.attempts import refused
from accounts.models import Proposal
from accounts.operations.links_of_two import is_due
from accounts.pages import StaffRequest, staff_page
from accounts.queries import Stage
from accounts.registry import kind_of
from accounts.roles import TWO_PERSONS, Action
from desk.forms import ReasonForm
from desk.staff.month_pages import read_or_act, valid
from desk.staff.records import record_of
from notices.views import page_number
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError

PER_PAGE = 20
STAGES = {
    Stage.WAITING: gettext_lazy("等第二人"),
    Stage.APPROVED: gettext_lazy("同意了，等着办"),
    Stage.DONE: gettext_lazy("办好了"),
    Stage.REFUSED: gettext_lazy("不同意"),
    Stage.WITHDRAWN: gettext_lazy("撤回了"),
    Stage.EXPIRED: gettext_lazy("过期了"),
}
PARTS = {
    "waiting": gettext_lazy("等我确认"),
    "mine": gettext_lazy("我提出的"),
    "settled": gettext_lazy("办过的"),
}


def _part(request: StaffRequest, part: str) -> QuerySet[Proposal]:
    visitor, at = request.visitor, clock.now()
    if part == "mine":
        return queries.asked_by(visitor.scope, person_id=visitor.user.person_id)
    if part == "settled":
        return queries.settled(visitor.scope, at=at)
    return queries.to_decide(visitor.scope, person_id=visitor.user.person_id, at=at)


def _filters(request: StaffRequest) -> dict[str, str]:
    """What the address asks for and we know; the rest is as if nothing were asked."""
    known = {
        "part": set(PARTS),
        "kind": set(Proposal.Kind.values),
        "stage": {stage.value for stage in Stage},
    }
    asked = {
        name: value for name, values in known.items() if (value := request.GET.get(name)) in values
    }
    village = request.GET.get("village", "").replace("\x00", "")[:60]
    return {**asked, **({"village": village} if village else {})}


@require_safe
@staff_page
def proposals(request: StaffRequest) -> HttpResponse:
    """What waits for me, what I asked for, or what is settled; 20 a page."""
    at, filters = clock.now(), _filters(request)
    part = filters.get("part", "waiting")
    found = _part(request, part)
    if kind := filters.get("kind"):
        found = found.filter(kind=kind)
    if slug := filters.get("village"):
        found = found.filter(village__slug=slug)
    if stage := filters.get("stage"):
        found = queries.at_stage(found, Stage(stage), at=at)
    page = Paginator(found, PER_PAGE).get_page(page_number(request))
    context = {
        "page": page,
        "lines": [(one, STAGES[queries.stage_of(one, at)]) for one in page],
        "part": part,
        "parts": PARTS.items(),
        "filters": filters,
        "kinds": Proposal.Kind.choices,
        "stages": STAGES.items(),
        "villages": queries.villages_of_proposals(request.visitor.scope),
        "query": f"{urlencode(filters)}&" if filters else "",
    }
    return render(request, "staff/proposals.html", context)


def seen(request: StaffRequest, number: int) -> Proposal:
    """The proposal, for who may ask for such things, decide or audit them there."""
    found = queries.proposals_within(request.visitor.scope).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _signed(request: StaffRequest, proposal: Proposal, action: Action) -> Actor:
    return request.visitor.signing(action, proposal.village_id, township_id=proposal.township_id)


@read_or_act
@staff_page
def proposal(request: StaffRequest, number: int) -> HttpResponse:
    """One proposal: what exactly, who, why, until when; and the buttons of who may press them."""
    found = seen(request, number)
    if request.method == "POST":
        return _acted(request, found)
    at, visitor = clock.now(), request.visitor
    kind, waits = kind_of(found), found.waits(at)
    mine = found.proposed_by_id == visitor.user.person_id
    for_me = queries.is_for(found, person_id=visitor.user.person_id)
    reaches = visitor.scope.village_ids if found.village_id else visitor.scope.township_ids
    home = found.village_id or found.township_id
    context = {
        "proposal": found,
        "at_desk": record_of(visitor.scope, found),
        "stage": STAGES[queries.stage_of(found, at)],
        "waits": waits,
        "mine": mine,
        "may_decide": waits
        and not mine
        and not for_me
        and home in reaches(TWO_PERSONS[found.kind].decides),
        "for_me": for_me,
        "link_due": is_due(proposal=found, person_id=visitor.user.person_id, at=at),
        "shown": kind.show(found),
        "form": kind.form(),
    }
    return render(request, "staff/proposal.html", context)


def _acted(request: StaffRequest, proposal: Proposal) -> HttpResponse:
    """Do what the button says; a refusal is told on the same page."""
    acts = {"approve": _approve, "refuse": _refuse, "withdraw": _withdraw}
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        act(request, proposal)
    except DomainError as refusal:
        refused(request, refusal)
        messages.error(request, refusal.message)
    return redirect("staff:proposal", number=proposal.pk)


def _approve(request: StaffRequest, proposal: Proposal) -> None:
    by = _signed(request, proposal, TWO_PERSONS[proposal.kind].decides)
    at, kind = clock.now(), kind_of(proposal)
    if not proposal.waits(at):
        raise approvals.AlreadyDecided(_("这件事已经办过了，或者过了有效期。"))
    given = valid(kind.form(request.POST))
    kind.approve(proposal=proposal, given=given, by=by, at=at)


def _refuse(request: StaffRequest, proposal: Proposal) -> None:
    by = _signed(request, proposal, TWO_PERSONS[proposal.kind].decides)
    reason = valid(ReasonForm(request.POST))["reason"]
    approvals.decide(proposal=proposal, approve=False, by=by, at=clock.now(), reason=reason)


def _withdraw(request: StaffRequest, proposal: Proposal) -> None:
    by = _signed(request, proposal, TWO_PERSONS[proposal.kind].asks)
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:200]
    approvals.withdraw(proposal=proposal, by=by, at=clock.now(), reason=reason)
