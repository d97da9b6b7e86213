"""A household's own pages behind the code on its card: figures for all, entries by PIN, proof."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.transactions import begins_late
from desk import household_lines
from desk.household_proof import proof_file
from households.models import Subject
from households.operations import cards as operations
from households.queries import cards
from notices.views import page_number
from scoring.queries import household_ledger, proofs, seals
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from trail.networks import network_of
from trail.requests import address_of

STAYS_OPEN = 30 * 24 * 3600
# The browser itself refuses a cookie of this name that did not come over TLS.
COOKIE = "__Secure-card" if settings.SESSION_COOKIE_SECURE else "card"
View = Callable[..., HttpResponse]


def visitor(request: HttpRequest) -> Actor:
    """Whoever holds the card; the trail knows them by their network alone."""
    network = network_of(address_of(request))
    # A /64 is no address; the trail keeps its first one.
    address = None if network == "unknown" else network.removesuffix("/64")
    return Actor(name=_("拿户卡的人"), role="household", address=address)


def household_page(view: View) -> View:
    """Finds the household of the code, or says that there is none; nothing of it is kept.

    Nothing behind the wall is read. A wrong PIN and a code of nobody stay counted whatever the
    answer is: each operation stands alone.
    """

    @begins_late
    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        return kept_nowhere(_answer(view, request, token))

    return answer


def kept_nowhere(response: HttpResponse) -> HttpResponse:
    """By no cache, no search engine and no other site."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    patch_vary_headers(response, ["Cookie"])
    return response


def guarded(request: HttpRequest, is_known: bool) -> HttpResponse | None:
    """Too many addresses that nobody has were asked for from here; one more is counted."""
    network, at = network_of(address_of(request)), clock.now()
    if cards.guesses_addresses(network=network, at=at):
        response = render(request, "household/too_many.html", {"here": "/"}, status=429)
        response["Retry-After"] = str(int(cards.UNKNOWN_WINDOW.total_seconds()))
        return response
    if not is_known:
        operations.note_unknown_address(network=network, by=visitor(request), at=at)
    return None


def _answer(view: View, request: HttpRequest, token: str) -> HttpResponse:
    subject = cards.household_with_card(token)
    opened = subject is not None and _is_open(request, subject)
    if not opened and (refusal := guarded(request, subject is not None)) is not None:
        return refusal
    if subject is None:
        # Every unknown code gets the same bytes: the form for the text size leads home.
        return render(request, "household/unknown.html", {"here": "/"}, status=404)
    return view(request, subject, opened)


def _salt(subject: Subject) -> str:
    issued = subject.card_issued_at.isoformat() if subject.card_issued_at else ""
    return f"household card {subject.qr_token} {issued}"


def _is_open(request: HttpRequest, subject: Subject) -> bool:
    """Whether this phone has shown the PIN of this very card in the last 30 days."""
    held = request.get_signed_cookie(COOKIE, default="", salt=_salt(subject), max_age=STAYS_OPEN)
    return held == "open"


def _frame(subject: Subject, opened: bool) -> dict[str, Any]:
    return {
        "village": subject.village,
        "title": household_lines.title_of(subject),
        "token": subject.qr_token,
        "opened": opened,
    }


@require_safe
@household_page
def household(request: HttpRequest, subject: Subject, opened: bool) -> HttpResponse:
    """Anybody: label, gross and the month's plus. The household's own phone: its other sums too."""
    who = {"village_id": subject.village_id, "subject_id": subject.pk}
    context = _frame(subject, opened) | {"public": household_ledger.public_figures(**who)}
    if opened:
        context["own"] = household_ledger.own_figures(**who)
    return render(request, "household/household.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@household_page
def verify(request: HttpRequest, subject: Subject, opened: bool) -> HttpResponse:
    """Asks for the PIN and, when it is right, lets this phone in for 30 days."""
    if request.method != "POST":
        return render(request, "household/verify.html", _frame(subject, opened))
    try:
        operations.open_with_pin(
            subject=subject,
            pin=request.POST.get("pin", ""),
            network=network_of(address_of(request)),
            by=visitor(request),
            at=clock.now(),
        )
    except DomainError as refusal:
        return _refused(request, subject, opened, refusal)
    response = redirect("household_ledger", token=subject.qr_token)
    response.set_signed_cookie(
        COOKIE,
        "open",
        salt=_salt(subject),
        max_age=STAYS_OPEN,
        path=_home_of(subject),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _refused(
    request: HttpRequest, subject: Subject, opened: bool, refusal: DomainError
) -> HttpResponse:
    waiting = isinstance(refusal, operations.CardRests | operations.CardIsSpent)
    context = _frame(subject, opened) | {"problem": str(refusal), "waiting": waiting}
    return render(request, "household/verify.html", context, status=429 if waiting else 422)


@require_POST
@household_page
def forget(request: HttpRequest, subject: Subject, opened: bool) -> HttpResponse:
    """This is not my phone: what only the PIN opens is closed on it."""
    response = redirect("household", token=subject.qr_token)
    response.delete_cookie(COOKIE, path=_home_of(subject), samesite="Lax")
    return response


@require_safe
@household_page
def ledger(request: HttpRequest, subject: Subject, opened: bool) -> HttpResponse:
    """Every entry of the household, the newest first, each with what the newest seal says of it."""
    if not opened:
        return redirect("household_verify", token=subject.qr_token)
    who = {"village_id": subject.village_id, "subject_id": subject.pk}
    lines = household_ledger.lines_of(**who)
    seal = seals.newest(village_id=subject.village_id)
    found = proofs.proofs_under(seal, entries=[line.facts for line in lines]) if seal else None
    shown = household_lines.shown(lines, found)
    choice = household_lines.choice_of(shown, request.GET)
    page = Paginator(choice.lines, household_lines.ENTRIES_PER_PAGE).get_page(page_number(request))
    context = _frame(subject, opened) | {
        "own": household_ledger.own_figures(**who),
        "choice": choice,
        "page": page,
        "proofs": found,
        "unsealed": sum(not line.is_sealed for line in shown),
    }
    return render(request, "household/ledger.html", context)


@require_safe
@household_page
def proof(request: HttpRequest, subject: Subject, opened: bool) -> HttpResponse:
    """The same proof as a file that anybody can check without this site."""
    if not opened:
        return redirect("household_verify", token=subject.qr_token)
    lines = household_ledger.lines_of(village_id=subject.village_id, subject_id=subject.pk)
    facts = [line.facts for line in lines]
    newest = seals.newest(village_id=subject.village_id)
    printed = proofs.newest_seal_on_paper(village_id=subject.village_id)
    under = [newest, printed] if newest != printed else [newest]
    found = [proofs.proofs_under(seal, entries=facts) for seal in under if seal]
    response = JsonResponse(
        proof_file(subject, facts, found), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response["Content-Disposition"] = 'attachment; filename="proof.json"'
    return response


def _home_of(subject: Subject) -> str:
    return f"/h/{subject.qr_token}/"
