"""Pages about the own log-in that Django and allauth do not have."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import passwords, queries, second_factor
from accounts.models import Invitation
from accounts.operations import access, invitations
from accounts.pages import StaffRequest, actor_of, staff_page
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from trail.requests import actor_at


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds a one-time link chooses the password of its log-in."""
    invitation = queries.invitation_by_digest(invitations.token_digest(token))
    if invitation is None or not invitation.is_live(clock.now()):
        return render(request, "staff/invite_spent.html", status=404)
    problem = ""
    if request.method == "POST":
        problem = _accept(request, invitation)
        if not problem:
            return render(request, "staff/invite_done.html", {"invitation": invitation})
    context = {"invitation": invitation, "problem": problem, "advice": passwords.advice()}
    return render(request, "staff/invite.html", context, status=422 if problem else 200)


def _accept(request: HttpRequest, invitation: Invitation) -> str:
    """Use the link up; what is wrong, or ''."""
    password = request.POST.get("password", "")
    if password != request.POST.get("again", ""):
        return _("两次输入的密码不一样，请再输一遍。")
    try:
        invitations.accept(
            invitation=invitation,
            password=password,
            by=_holder(request, invitation),
            at=clock.now(),
        )
    except DomainError as refusal:
        return str(refusal)
    return ""


def _holder(request: HttpRequest, invitation: Invitation) -> Actor:
    person = invitation.person
    return actor_at(request, name=person.name, role="invited", person_id=person.pk)


@require_safe
@staff_page
def own_account(request: StaffRequest) -> HttpResponse:
    """Name, log-in, and what can be done about it."""
    user = request.visitor.user
    context = {
        "second_factor": queries.has_second_factor(user_id=user.pk),
        "second_factor_needed": second_factor.is_needed(user),
    }
    return render(request, "account/own.html", context)


@require_safe
@staff_page
def sessions(request: StaffRequest) -> HttpResponse:
    """在哪里登录着: every device of this log-in, the own one marked."""
    found = queries.open_sessions(user_id=request.visitor.user.pk, at=clock.now())
    here = request.session.session_key
    lines = [(session, session.session_key == here) for session in found]
    return render(request, "account/sessions.html", {"lines": lines})


@require_POST
@staff_page
def end_sessions(request: StaffRequest) -> HttpResponse:
    """Log out everywhere else, or everywhere."""
    user = request.visitor.user
    everywhere = request.POST.get("which") == "all"
    access.end_sessions(
        user=user,
        but=None if everywhere else request.session.session_key,
        by=actor_of(request, user),
        at=clock.now(),
    )
    if everywhere:
        request.session.flush()
        return redirect("account_login")
    messages.success(request, _("别的设备上都已经退出。"))
    return redirect("sessions")
