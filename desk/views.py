"""Public home, list of villages, village home, and the text size."""

from itertools import groupby

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from desk import queries
from desk.frame import SIZE_COOKIE, SIZES
from notices import queries as notice_queries
from notices.periods import period
from notices.views import public_page, village_or_404
from trail.clock import today

NEWEST_AT_HOME = 8
NEWEST_IN_VILLAGE = 3
A_YEAR = 365 * 24 * 3600


def _lines(notices, count):
    on = today()
    return [
        (notice, period(publish_on=notice.publish_on, until_on=notice.until_on, on=on))
        for notice in notices[:count]
    ]


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Find my village, what is on show, the newest notices."""
    context = {
        "running": queries.running_notices(on=today()),
        "lines": _lines(queries.newest_notices(on=today()), NEWEST_AT_HOME),
        "shown_at_most": NEWEST_AT_HOME,
    }
    return render(request, "desk/home.html", context)


@public_page
def villages(request: HttpRequest) -> HttpResponse:
    """All villages by township, A–Z; one match of a search leads straight to its village."""
    typed = request.GET.get("q", "").strip()[:40]
    found = queries.village_lines(on=today())
    if typed:
        found = queries.matching(found, typed)
    if typed and len(found) == 1:
        return redirect("village", slug=found[0].slug)
    townships = [
        (
            name,
            [(letter, list(group)) for letter, group in groupby(lines, lambda line: line.letter)],
        )
        for name, lines in groupby(found, lambda line: line.township)
    ]
    context = {"typed": typed, "count": len(found), "townships": townships}
    return render(request, "desk/villages.html", context)


@public_page
def village(request: HttpRequest, slug: str) -> HttpResponse:
    """One village: where it stands this month and its latest notices."""
    shown = village_or_404(slug)
    notices = notice_queries.published_of(slug=slug, on=today())
    context = {"village": shown, "lines": _lines(notices, NEWEST_IN_VILLAGE)}
    return render(request, "desk/village.html", context)


@require_safe
def text_size(request: HttpRequest, name: str) -> HttpResponse:
    """Remember the text size in a cookie and go back to the page the reader came from."""
    if name not in SIZES:
        raise Http404
    back = request.GET.get("next", "/")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = redirect(back if is_ours else "/")
    response.set_cookie(
        SIZE_COOKIE,
        name,
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
