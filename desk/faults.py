"""The pages of things gone wrong: what happened, how to go on, and the reference number.

A program that asks the API is told the same in the API's own form.

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

from accounts.endpoints import refusals

TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
# The database waits for a lock, has run too long, has no room, or is away.
BUSY = (OperationalError, InterfaceError)
RETRY_AFTER = "10"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where there was too much of it, in plain words."""
    status = 413 if isinstance(exception, TOO_BIG) else 400
    return _told(request, f"{status}.html", status, "too_much" if status == 413 else "unreadable")


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 in plain words."""
    return _told(request, "403.html", 403, "not_allowed")


def no_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token; why is in the log."""
    return _told(request, "403_csrf.html", 403, "token_missing")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 in plain words, the same for what never was and what is not yours."""
    return _told(request, "404.html", 404, "not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database is what fails; asks nothing of the database."""
    if isinstance(sys.exc_info()[1], BUSY):
        response = _told(request, "503.html", 503, "busy")
        response["Retry-After"] = RETRY_AFTER
        return response
    return _told(request, "500.html", 500, "broken")


def _told(request: HttpRequest, page: str, status: int, code: str) -> HttpResponse:
    if refusals.is_of_the_api(request):
        return refusals.outside(request, code)
    return render(request, page, status=status)


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
        page = _told(request, "405.html", 405, "method_not_allowed")
        page["Allow"] = response.get("Allow", "")
        return page
