"""What is asked of every request of a logged-in person, before its page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.models import User
from accounts.operations import passwords
from accounts.sessions import OF_A_TOWNSHIP, SEEN, STARTED
from trail import clock

Answer = Callable[[HttpRequest], HttpResponse]
# A sign of life is written down this often, not at every request.
SEEN_EVERY = timedelta(seconds=5)
PUBLIC = ("v/", "n/", "h/", "size/")
# Open to whoever still has to do one of the first things.
DOOR = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
        "staff:login",
        "staff:logout",
        "invited",
        "sessions",
        "sessions_end",
    }
)


class SessionLimits:
    """Ends a session that was idle, or open, for too long."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _live_or_end(request, clock.now())
        return self.get_response(request)


def _live_or_end(request: HttpRequest, now: datetime) -> None:
    session = request.session
    at = now.timestamp()
    township = session.get(OF_A_TOWNSHIP)
    idle = settings.SESSION_IDLE_OF_A_TOWNSHIP if township else settings.SESSION_IDLE
    idle_for = at - session.get(SEEN, at)
    open_for = at - session.get(STARTED, at)
    if idle_for >= idle.total_seconds() or open_for >= settings.SESSION_ABSOLUTE.total_seconds():
        logout(request)
        request.timed_out = True  # type: ignore[attr-defined]
    elif idle_for >= SEEN_EVERY.total_seconds() or SEEN not in session:
        session[SEEN] = at


class FirstThings:
    """Until codes are set up, or an old password is renewed, only the page for it opens."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "timed_out", False):
            messages.error(request, _("太久没有操作，已经自动退出，请重新登录。"))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: Any
    ) -> HttpResponse | None:
        match, user = request.resolver_match, request.user
        if not isinstance(user, User) or match is None or _is_door(match.route, match.view_name):
            return None
        if second_factor.is_missing(request, user):
            return redirect("mfa_activate_totp")
        if passwords.is_too_old(user=user, at=clock.now()):
            return redirect("account_change_password")
        return None


def _is_door(route: str, name: str | None) -> bool:
    return not route or route.startswith(PUBLIC) or name in DOOR
