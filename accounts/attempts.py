"""What a logged-in person tried and was refused, kept when nothing else of the request is.

Denied is a page that asked for the person's scope and then answered 404 or 403, or raised 400: a
record out of scope, an act without its role, a filter that is not offered. An address that leads
to no page is only mistyped. Refused is an act that was allowed and not possible. Each is one event.
"""

import re
from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User
from accounts.pages import actor_of
from trail import clock
from trail.errors import DomainError
from trail.operations import record
from trail.scope import Scope

SAFE = ("GET", "HEAD", "OPTIONS")
_LONGEST = 40
_NOT_IN_AN_ID = re.compile(r"[^-A-Za-z0-9_.:]")


def note(request: HttpRequest, exception: Exception) -> None:
    """The page raised this."""
    request.raised = exception  # type: ignore[attr-defined]


def raised(request: HttpRequest) -> bool:
    """Whether the page ended by raising."""
    return getattr(request, "raised", None) is not None


def refused(request: HttpRequest, refusal: DomainError) -> None:
    """The page tells the person that the act was refused; a page that only shows is no act."""
    if request.method not in SAFE:
        request.refusal = refusal  # type: ignore[attr-defined]


def keep(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write the attempt, if there was one, in a transaction of its own."""
    scope: Scope | None = getattr(request, "scope", None)
    what = _what(request, response)
    if scope is None or not what or not isinstance(request.user, User):
        return
    with transaction.atomic():
        record(
            # Nothing was signed, so it was done in no role.
            by=actor_of(request, request.user, role=""),
            at=clock.now(),
            what=what[:80],
            about=_about(request)[:120],
            village_id=_village(scope),
            detail={"method": request.method},
        )


def _what(request: HttpRequest, response: HttpResponseBase) -> str:
    refusal: DomainError | None = getattr(request, "refusal", None)
    if refusal is not None:
        return f"refused.{refusal.code}"
    match = request.resolver_match
    if match is None or not match.url_name:
        return ""
    hidden = response.status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
    denied = hidden or isinstance(getattr(request, "raised", None), SuspiciousOperation)
    return f"denied.{match.view_name}" if denied else ""


def _about(request: HttpRequest) -> str:
    """The page and the record's number as the address has it, but for signs no number has."""
    match = request.resolver_match
    if match is None:
        return ""
    given = [*match.args, *match.kwargs.values()]
    numbers = [_NOT_IN_AN_ID.sub("", str(value))[:_LONGEST] for value in given if value]
    return " ".join([match.view_name, *numbers])


def _village(scope: Scope) -> int | None:
    """The person's own village, if it is one; the trail of that village has the attempt."""
    own = {village_id for ids in scope.villages.values() for village_id in ids}
    return own.pop() if len(own) == 1 else None
