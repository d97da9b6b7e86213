"""Log-ins of a person: a one-time link shown once, by one person or by two; on, off, out, codes."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts import queries as accounts
from accounts.attempts import refused
from accounts.models import Invitation, Proposal, User
from accounts.operations import access, invitations, links_of_two
from accounts.operations.granting import Home
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.people import (
    codes_reset_with,
    link_asked_for,
    log_ins_managed,
    person_context,
    person_of,
    signed_for,
)
from desk.staff.proposals import seen
from desk.staff.staffing_forms import InviteForm
from notices.printing.codes import qr_svg, svg_image
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from villages import queries
from villages.models import Person


@require_POST
@staff_page
def invite(request: StaffRequest, person_id: str) -> HttpResponse:
    """Make the link and show it, or ask the second person where it takes two."""
    found = person_of(request, person_id, action=Action.MANAGE_ACCOUNTS)
    two = invitations.needs_two(person=found, on=clock.today())
    if not (link_asked_for(request, found) if two else log_ins_managed(request, found)):
        raise Http404
    form = InviteForm(request.POST, two=two)
    if not form.is_valid():
        return _told(request, found, form)
    by = signed_for(request, Action.MANAGE_ACCOUNTS, found)
    try:
        if two:
            return redirect("staff:proposal", number=_asked(request, found, form, by).pk)
        made = invitations.invite(
            person=found, username=form.cleaned_data["username"], by=by, at=clock.now()
        )
    except DomainError as refusal:
        refused(request, refusal)
        form.add_error("username", refusal.message)
        return _told(request, found, form)
    return _shown_once(request, *made)


def _told(request: StaffRequest, person: Person, form: InviteForm) -> HttpResponse:
    return render(
        request,
        "staff/people/person.html",
        person_context(request, person) | {"invite": form},
        status=422,
    )


def _asked(request: StaffRequest, person: Person, form: InviteForm, by: Actor) -> Proposal:
    village_id, township_id = queries.reached_through(
        request.visitor.scope, Action.MANAGE_ACCOUNTS, person=person
    )
    return links_of_two.propose_link(
        person=person,
        username=form.cleaned_data["username"],
        because=form.cleaned_data["because"],
        home=Home(village_id=village_id, township_id=township_id),
        by=by,
        at=clock.now(),
    )


@sensitive_variables("token", "address")
def _shown_once(request: StaffRequest, invitation: Invitation, token: str) -> HttpResponse:
    """The link with its square code; a page that is left is not found again."""
    address = settings.SITE_ADDRESS.rstrip("/") + reverse("invited", args=[token])
    code = svg_image(qr_svg(address))
    return render(
        request,
        "staff/people/invite.html",
        {"person": invitation.person, "invitation": invitation, "address": address, "code": code},
    )


@require_POST
@staff_page
def hand_over(request: StaffRequest, number: int) -> HttpResponse:
    """Who agreed gets the link that two persons decided on."""
    proposal = seen(request, number)
    person_id, at = request.visitor.user.person_id, clock.now()
    if not links_of_two.is_due(proposal=proposal, person_id=person_id, at=at):
        raise Http404
    by = request.visitor.signing(
        Action.APPROVE_ROLE, proposal.village_id, township_id=proposal.township_id
    )
    try:
        made = links_of_two.hand_over(proposal=proposal, by=by, at=at)
    except DomainError as refusal:
        refused(request, refusal)
        messages.error(request, refusal.message)
        return redirect("staff:proposal", number=proposal.pk)
    return _shown_once(request, *made)


@require_POST
@staff_page
def log_in(request: StaffRequest, person_id: str, user_id: str) -> HttpResponse:
    """Switch a log-in off or on, log it out everywhere, or take its codes off."""
    found = person_of(request, person_id, action=Action.MANAGE_ACCOUNTS)
    user = accounts.log_in_of(person_id=found.pk, user_id=int(user_id))
    act = ACTS.get(request.POST.get("act", ""))
    mine = found.pk == request.visitor.user.person_id
    if user is None or act is None or mine or not log_ins_managed(request, found):
        raise Http404
    messages.success(request, act(request, found, user))
    return redirect("staff:person", person_id=found.pk)


def _suspend(request: StaffRequest, person: Person, user: User) -> str:
    by = signed_for(request, Action.MANAGE_ACCOUNTS, person)
    access.suspend(user=user, by=by, at=clock.now())
    return _("账号停用了，开着的都已经退出。")


def _resume(request: StaffRequest, person: Person, user: User) -> str:
    by = signed_for(request, Action.MANAGE_ACCOUNTS, person)
    access.resume(user=user, by=by, at=clock.now())
    return _("账号恢复了，本人可以登录。")


def _end(request: StaffRequest, person: Person, user: User) -> str:
    by = signed_for(request, Action.MANAGE_ACCOUNTS, person)
    access.end_sessions(user=user, by=by, at=clock.now())
    return _("他在所有设备上都已经退出。")


def _reset(request: StaffRequest, person: Person, user: User) -> str:
    action = codes_reset_with(request, person)
    if action is None:
        raise Http404
    by = signed_for(request, action, person)
    access.reset_second_factor(user=user, by=by, at=clock.now())
    return _("手机验证码和备用码清除了。职务要用的，下次登录重新设。")


ACTS: dict[str, Callable[[StaffRequest, Person, User], str]] = {
    "suspend": _suspend,
    "resume": _resume,
    "end": _end,
    "reset": _reset,
}
