"""The OpenAPI document, the page that shows it, and the answer for what is not there."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.endpoints.doors import Public


@cache
def document() -> dict[str, Any]:
    """The document of the running code; the same for everybody."""
    written: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return written


class Schema(Public):
    """What the API offers."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """OpenAPI 3 as JSON."""
        return Response(document())


class Nothing(Public):
    """Any other address under /api/: told in JSON, in the words of a row out of scope."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whatever the method."""
        raise NotFound


@require_safe
@ensure_csrf_cookie
def docs(request: HttpRequest) -> HttpResponse:
    """The document to read and try; its scripts and styles are files of ours."""
    return render(request, "desk/api_docs.html", {"csrf_cookie": settings.CSRF_COOKIE_NAME})
