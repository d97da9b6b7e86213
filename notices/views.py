"""Public pages of notices: list, page, and the check of a code. No log-in, no script."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from accounts.transactions import begins_late
from jobs.queries import MINUTE
from notices import guessing, proof, queries, sheets
from notices.genuine import is_genuine
from notices.models import Notice
from notices.periods import Period, period
from notices.rows import MOST_FOUND, asked, find
from trail import clock
from trail.actor import Actor
from trail.clock import today
from trail.networks import network_of
from trail.requests import actor_at, address_of
from villages import queries as village_queries
from villages.models import Village

NOTICES_PER_PAGE = 20
View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """Readable by anyone: GET only, an ETag over the whole page, one version per cookie."""

    @require_safe
    @conditional_page
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Cookie"])
        patch_cache_control(response, no_cache=True)
        return response

    return answer


def village_or_404(slug: str) -> Village:
    """The village at this address."""
    try:
        return village_queries.village_by_slug(slug)
    except Village.DoesNotExist as missing:
        raise Http404 from missing


def page_number(request: HttpRequest) -> int:
    """The page asked for; the first when that is no number."""
    typed = request.GET.get("page", "1")
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1


def _period(notice: Notice) -> Period:
    if notice.publish_on is None or notice.until_on is None:
        raise Http404
    return period(publish_on=notice.publish_on, until_on=notice.until_on, on=today())


@public_page
def notice_list(request: HttpRequest, slug: str) -> HttpResponse:
    """A village's notices, by type and year."""
    village = village_or_404(slug)
    kinds, years = queries.kinds_and_years_of(slug=slug)
    kind, year = _chosen(request, "type", kinds), _chosen(request, "year", years)
    notices = queries.published_of(slug=slug, on=today()).filter(number__startswith=year)
    if kind:
        notices = notices.filter(kind=kind)
    page = Paginator(notices, NOTICES_PER_PAGE).get_page(page_number(request))
    context = {
        "village": village,
        "kinds": [(value, Notice.Kind(value).label) for value in kinds],
        "years": years,
        "kind": kind,
        "year": year,
        "page": page,
        "lines": [(notice, _period(notice)) for notice in page],
    }
    return render(request, "notices/list.html", context)


@public_page
def notice_page(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """One notice: with its rows during the period, then title, totals and proof."""
    try:
        notice = queries.notice_to_read(slug=slug, number=number)
    except Notice.DoesNotExist as missing:
        raise Http404 from missing
    shown = _period(notice)
    context = {"notice": notice, "village": notice.village, "period": shown, **_proof(notice)}
    if not shown.running:
        context["sheet"] = sheets.without_rows(notice)
        return render(request, "notices/notice.html", context)
    group = request.GET.get("group", "")[:40]
    context["sheet"] = sheets.with_rows(notice, group=group, page=page_number(request))
    context |= _search(notice, request.GET.get("q", ""))
    response = render(request, "notices/notice.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@public_page
def check_form(request: HttpRequest) -> HttpResponse:
    """Asks for the code on paper, and leads to its own address."""
    typed = proof.read_code(request.GET.get("code", "")[:40])
    if typed.isalnum():
        return redirect("notices:check", code=typed)
    return render(request, "notices/check_form.html")


@public_page
@begins_late
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Compares the code with one computed anew from the stored content, at every request.

    A code of nobody stays counted whatever the answer is.
    """
    network, at = network_of(address_of(request)), clock.now()
    if guessing.guesses(network=network, at=at):
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(int(MINUTE.total_seconds()))
        return response
    read = proof.read_code(code)
    try:
        notice = queries.notice_to_check(code=read) if read.isalnum() else None
    except Notice.DoesNotExist:
        notice = None
    if notice is None:
        guessing.note_unknown_code(network=network, by=_reader(request), at=at)
        typed = "".join(sign for sign in code[:40] if sign.isprintable())
        return render(request, "notices/check_unknown.html", {"typed": typed}, status=404)
    return _checked(request, notice, read)


def _checked(request: HttpRequest, notice: Notice, read: str) -> HttpResponse:
    genuine = is_genuine(notice, code=read)
    context = {
        "notice": notice,
        "village": notice.village,
        "period": _period(notice),
        "genuine": genuine,
        "totals": notice.body.content["totals"] if genuine else None,
        **_proof(notice),
    }
    return render(request, "notices/check.html", context)


def _reader(request: HttpRequest) -> Actor:
    return actor_at(request, name=_("看公示的人"), role="anonymous")


def _chosen(request: HttpRequest, name: str, offered: Sequence[str]) -> str:
    """What was asked for, when it is one of those offered; else ''."""
    asked_for = request.GET.get(name, "")
    return asked_for if asked_for in offered else ""


def _proof(notice: Notice) -> dict[str, str]:
    body = notice.body
    return {
        "code": proof.grouped(body.short_code),
        "content_sha256": bytes(body.content_sha256).hex(),
        "seal_root": bytes(body.seal_root).hex(),
    }


def _search(notice: Notice, typed: str) -> dict[str, Any]:
    wanted = asked(typed)
    if not wanted:
        return {}
    found = find(sheets.all_rows(notice), wanted)
    more = max(len(found) - MOST_FOUND, 0)
    return {"wanted": wanted, "found": found[:MOST_FOUND], "count": len(found), "more": more}
