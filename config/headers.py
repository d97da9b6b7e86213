"""What every answer carries and what no request may hold, whatever page, file or error it is."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]
NUL = "\0"


class Headers:
    """Headers that Django sets for some answers only; what a page set itself stays."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in settings.HEADERS_OF_EVERY_ANSWER.items():
            response.headers.setdefault(name, value)
        if response.status_code >= 400 or request.path_info.startswith(settings.KEPT_BY_NO_CACHE):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class NulRefused:
    """A NUL is in no query, form or cookie of ours, and PostgreSQL takes none: 400."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        cookies = request.COOKIES.values()
        if NUL in "".join(cookies) or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the query or a cookie")
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """The form is read here, after the check of its token has read it anyway."""
        if request.method == "POST":
            for key, values in request.POST.lists():
                if NUL in key or any(NUL in value for value in values):
                    raise BadRequest("NUL in the form")
        return None
