"""What stands round every page: the limits of a session, the first things, one transaction."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import get_resolver, get_urlconf
from django.utils.translation import gettext as _

from accounts import attempts, second_factor, transactions
from accounts.endpoints import refusals
from accounts.models import User
from accounts.operations import passwords
from accounts.sessions import OF_A_TOWNSHIP, SEEN, STARTED
from trail import clock
from trail.scope import in_error

Answer = Callable[[HttpRequest], HttpResponseBase]
# A sign of life is written down this often, not at every request.
SEEN_EVERY = timedelta(seconds=5)
PUBLIC = ("v/", "n/", "h/", "size/", "api/docs/", "api/schema/", "api/v1/public/")
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

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
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

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if getattr(request, "timed_out", False):
            messages.error(request, _("太久没有操作，已经自动退出，请重新登录。"))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: Any
    ) -> HttpResponse | None:
        match, user = request.resolver_match, request.user
        if not isinstance(user, User) or match is None or _is_door(match.route, match.view_name):
            return None
        page = ""
        if second_factor.is_missing(request, user):
            page = "mfa_activate_totp"
        elif passwords.is_too_old(user=user, at=clock.now()):
            page = "account_change_password"
        if page and refusals.is_of_the_api(request):
            return refusals.outside(request, "first_things")
        return redirect(page) if page else None


def _is_door(route: str, name: str | None) -> bool:
    return not route or route.startswith(PUBLIC) or name in DOOR


class Streams(RuntimeError):
    """A page that is made while it is sent, after the transaction and its reach have ended."""


class ScopedTransaction:
    """All of a request's work or none of it, committed before the first byte is sent.

    Rolled back when the page breaks (5xx), when it raises a refusal (404, 403, 400), and when the
    connection is in error: then the answer is 500, whatever page was made. Which personal data is
    in reach is asked by `accounts.pages.scope_of`. Sessions are saved outside, after it. What must
    stay whatever the answer is, is written before it begins: `accounts.transactions.begins_late`.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        broken = False
        with ExitStack() as stack:
            transactions.keep_open_in(request, stack)
            response = self.get_response(request)
            if response.streaming and not isinstance(response, FileResponse):
                raise Streams(request.path)
            failed = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
            if transactions.has_begun(request):
                broken = in_error()
                if failed or broken or attempts.raised(request):
                    transaction.set_rollback(True)
        attempts.keep(request, response)
        return _broken(request) if broken and not failed else response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: Any) -> None:
        """Before the page, but for those that begin it themselves."""
        if not transactions.is_late(view):
            transactions.begin(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Nothing of a page that raises is kept, and the trail asks what it was."""
        attempts.note(request, exception)


def _broken(request: HttpRequest) -> HttpResponse:
    page: Callable[[HttpRequest], HttpResponse]
    page = get_resolver(get_urlconf()).resolve_error_handler(HTTPStatus.INTERNAL_SERVER_ERROR)
    return page(request)
