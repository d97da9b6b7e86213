"""Every request has a reference number: in its log lines, its audit events and its error page."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

# Crockford's base32: nothing that is misread over the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
HEADER = "X-Reference"

Answer = Callable[[HttpRequest], HttpResponseBase]


def reference_of(request: HttpRequest) -> str:
    """The number of this request; the same each time it is asked for."""
    number: str | None = getattr(request, "reference", None)
    if number is None:
        number = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
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
