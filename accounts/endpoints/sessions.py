"""The log-in of the API: the session of the site."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from accounts.endpoints.refusals import TokenMissing


class Session(SessionAuthentication):
    """The log-in of the site; each unsafe request carries the token of its session."""

    def authenticate_header(self, request: Request) -> str:
        """Without a log-in the answer is 401 and not 403."""
        return "Session"

    def enforce_csrf(self, request: Any) -> None:
        """Raises TokenMissing; the reason is nobody's business."""
        try:
            super().enforce_csrf(request)
        except PermissionDenied as refused:
            raise TokenMissing from refused


class SessionScheme(OpenApiAuthenticationExtension):
    """The session cookie of the site."""

    target_class = "accounts.endpoints.sessions.Session"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """By the cookie's name."""
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
