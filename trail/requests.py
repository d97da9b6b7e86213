"""Every request has a reference number: in its log lines, its audit events and its error page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from trail.crockford import random_text

LENGTH = 10
HEADER = "X-Reference"

Answer = Callable[[HttpRequest], HttpResponseBase]


def reference_of(request: HttpRequest) -> str:
    """The number of this request; the same each time it is asked for."""
    number: str | None = getattr(request, "reference", None)
    if number is None:
        number = random_text(LENGTH)
        request.reference = number  # type: ignore[attr-defined]
    return number


class Reference:
    """Names the reference number in each answer, so that a screenshot or a log finds the other."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = reference_of(request)
        response = self.get_response(request)
        response[HEADER] = number
        return response
