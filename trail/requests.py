"""Every request has a reference number: in its log lines, its audit events and its error page."""

from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from trail.actor import Actor
from trail.crockford import random_text
from trail.networks import address_or_none

LENGTH = 10
HEADER = "X-Reference"

NONE = "-"
_current: ContextVar[str] = ContextVar("reference", default=NONE)

Answer = Callable[[HttpRequest], HttpResponseBase]


def reference_of(request: HttpRequest) -> str:
    """The number of this request; the same each time it is asked for."""
    number: str | None = getattr(request, "reference", None)
    if number is None:
        number = random_text(LENGTH)
        request.reference = number  # type: ignore[attr-defined]
    return number


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; behind our own proxy what that proxy saw itself."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return forwarded.rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def actor_at(
    request: HttpRequest,
    *,
    name: str,
    role: str,
    person_id: int | None = None,
    user_id: int | None = None,
) -> Actor:
    """Who does something by this request: the trail keeps its reference and its address."""
    return Actor(
        name=name,
        role=role,
        person_id=person_id,
        user_id=user_id,
        request_id=reference_of(request),
        address=address_or_none(address_of(request)),
    )


def current_reference() -> str:
    """The number of the request this thread answers; a dash outside of any."""
    return _current.get()


class Reference:
    """Names the reference number in each answer, so that a screenshot or a log finds the other."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = reference_of(request)
        before = _current.set(number)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(before)
        response[HEADER] = number
        return response
