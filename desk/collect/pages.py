"""What the server has to say about /c/: the shell, the worker behind it, the manifest.

Rows reach the phone through the API only, so the shell may be kept on it.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.collect import assets
from desk.collect.words import words

# The only page that may ask where the phone is; everything else stays shut.
PERMISSIONS = "camera=(self), microphone=(), geolocation=(self), payment=(), usb=()"
RED, PAGE = "#A8171B", "#F6F4F0"

View = Callable[..., HttpResponse]


def _collectors_only(view: View) -> View:
    """WeChat's browser is told how to leave it; who collects and visits nothing finds nothing."""
    inner = staff_page(_for_collectors(view))

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if "MicroMessenger" in request.headers.get("User-Agent", ""):
            return render(request, "collect/wechat.html")
        return inner(request, *args, **kwargs)

    return answer


def _for_collectors(view: View) -> View:
    @wraps(view)
    def answer(request: StaffRequest, *args: object, **kwargs: object) -> HttpResponse:
        scope = request.visitor.scope
        if not (scope.allows(Action.COLLECT) or scope.allows(Action.VISIT)):
            raise Http404
        return view(request, *args, **kwargs)

    return answer


def _context() -> dict[str, object]:
    return {
        "words": words(),
        "entry": f"{settings.STATIC_URL}{assets.SCRIPTS}/app.js",
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "register": reverse("collect_worker"),
    }


@_collectors_only
@ensure_csrf_cookie
def shell(request: HttpRequest, page: str = "") -> HttpResponse:
    """The same empty page for every address below /c/; its scripts fill it."""
    answer = render(request, "collect/shell.html", _context())
    answer["Permissions-Policy"] = PERMISSIONS
    return answer


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, named after the version of all it keeps."""
    page = render_to_string("collect/shell.html", _context())
    script = render_to_string(
        "collect/sw.js",
        {
            "version": assets.version(page, render_to_string("collect/sw.js")),
            "files": [*assets.files(), reverse("collect_manifest")],
            "shell": reverse("collect"),
            "words": words(),
        },
    )
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = reverse("collect")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """How the page is called and looks on the phone's first screen."""
    start = reverse("collect")
    answer = JsonResponse(
        {
            "id": start,
            "name": _("入户采集"),
            "short_name": _("采集"),
            "lang": "zh-CN",
            "start_url": start,
            "scope": start,
            "display": "standalone",
            "background_color": PAGE,
            "theme_color": RED,
            "icons": [
                {"src": static(f"img/collect-{size}.png"), "sizes": f"{size}x{size}",
                 "type": "image/png", "purpose": "any maskable"}
                for size in (192, 512)
            ],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip
    answer["Cache-Control"] = "no-cache"
    return answer
