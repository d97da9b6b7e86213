"""What the frame of every page shows: site name, text size, demo mark."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trail.requests import reference_of

# The browser itself refuses a cookie of this name that did not come over TLS.
SIZE_COOKIE = "__Host-size" if settings.SESSION_COOKIE_SECURE else "size"
# The words are the ones on the three buttons.
SIZES = {"standard": _("标准"), "large": _("大字"), "huge": _("特大")}
STANDARD = "standard"


def size_of(request: HttpRequest) -> str:
    """The text size this browser asked for; the standard one for anything unknown."""
    chosen = request.COOKIES.get(SIZE_COOKIE, STANDARD)
    return chosen if chosen in SIZES else STANDARD


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor of every page; makes no query."""
    return {
        "site_name": settings.SITE_NAME,
        "demo": settings.DEMO,
        "size": size_of(request),
        "sizes": SIZES.items(),
        "here": request.get_full_path(),
        "reference": reference_of(request),
    }
