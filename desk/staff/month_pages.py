"""What the pages of a month have in common: who may see it, what is refused, where it leads."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import operations as approvals
from accounts.attempts import refused
from accounts.models import Proposal
from accounts.pages import StaffRequest
from accounts.roles import Action
from desk.forms import ReasonForm
from desk.staff.records import record_of
from scoring.queries import months
from scoring.queries.month_steps import Standing, standing
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError

Act = Callable[[StaffRequest, Standing], str]
read_or_act = require_http_methods(["GET", "HEAD", "POST"])


class Unfit(DomainError):
    """What was typed cannot be used; the message says how to type it."""

    code = "unfit"


def standing_of(request: StaffRequest, month: str, slug: str) -> Standing:
    """Where the month stands; outside the visitor's scope there is no such page."""
    scope = request.visitor.scope
    found = months.kept_within(scope, Action.VIEW_LEDGER, slug=slug, month=month)
    if found is None:
        raise Http404
    return standing(month=found, at=clock.now(), on=clock.today())


def show(
    request: StaffRequest, stands: Standing, name: str, status: int = 200, **more: Any
) -> HttpResponse:
    """A page of the month, with what may be done there by who looks."""
    visitor, village_id = request.visitor, stands.month.village_id
    context = {
        "stands": stands,
        "village": stands.month.village,
        "month": stands.month,
        "at_desk": record_of(visitor.scope, stands.month),
        "me": visitor.user.person_id,
        "may": {str(action): visitor.may(action, village_id) for action in Action},
        **more,
    }
    return render(request, f"staff/months/{name}.html", context, status=status)


def lead_to(stands: Standing, name: str = "month") -> HttpResponse:
    """To another page of the month."""
    return redirect(f"staff:{name}", month=stands.month.month, slug=stands.month.village.slug)


def acted(
    request: StaffRequest, stands: Standing, name: str, acts: Mapping[str, Act], *, is_open: bool
) -> HttpResponse:
    """Do what the button says and lead on; a refusal is told on the page it came from."""
    act = acts.get(request.POST.get("act", ""))
    if act is None or not is_open:
        messages.error(request, _("这一步现在不能办，请看办到哪了。"))
        return lead_to(stands)
    try:
        following = act(request, stands)
    except DomainError as refusal:
        refused(request, refusal)
        messages.error(request, refusal.message)
        following = name
    return lead_to(stands, following)


def signed(request: StaffRequest, stands: Standing, action: Action) -> Actor:
    """The visitor as the one who acts; who may not finds no such page."""
    return request.visitor.signing(action, stands.month.village_id)


def valid(form: forms.Form) -> dict[str, Any]:
    """What was typed; raises Unfit with the sentences of the form."""
    if not form.is_valid():
        raise Unfit(" ".join(str(text) for texts in form.errors.values() for text in texts))
    return form.cleaned_data


def waiting(proposal: Proposal | None, request: StaffRequest) -> Proposal:
    """The proposal the page showed; another one since then is another matter."""
    if proposal is None or str(proposal.pk) != request.POST.get("proposal"):
        raise approvals.AlreadyDecided(_("这件事已经办过了，或者重新提过，请再看一遍。"))
    return proposal


def refuse(proposal: Proposal, request: StaffRequest, by: Actor) -> None:
    """As the second person, say no and why."""
    reason = valid(ReasonForm(request.POST))["reason"]
    approvals.decide(proposal=proposal, approve=False, by=by, at=clock.now(), reason=reason)
