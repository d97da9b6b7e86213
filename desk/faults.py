"""The pages of things gone wrong: what happened, how to go on, and the reference number.

The page of 404 carries no reference number in its body, so that what never was and what is not
yours are the same bytes; the number is in the header of every answer.
"""

import sys
from collections.abc import Callable

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
# The database waits for a lock, has run too long, has no room, or is away.
BUSY = (OperationalError, InterfaceError)
RETRY_AFTER = "10"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where there was too much of it, in plain words."""
    status = 413 if isinstance(exception, TOO_BIG) else 400
    return render(request, f"{status}.html", status=status)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 in plain words."""
    return render(request, "403.html", status=403)


def no_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token; why is in the log."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 in plain words, the same for what never was and what is not yours."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database is what fails; asks nothing of the database."""
    if isinstance(sys.exc_info()[1], BUSY):
        response = render(request, "503.html", status=503)
        response["Retry-After"] = RETRY_AFTER
        return response
    return render(request, "500.html", status=500)


class PlainRefusal:
    """An answer 405 without a body gets a page; it keeps the header that says what is allowed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or response.status_code != 405:
            return response
        if response.content:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response.get("Allow", "")
        return page
