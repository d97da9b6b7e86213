"""Where one looks a month or a notice up, and chooses the village whose cards are printed."""

import re
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from notices.models import Notice
from notices.queries import notices_within
from notices.views import page_number
from scoring.models import Month
from scoring.queries.months import kept_months
from villages.queries import villages_within

PER_PAGE = 50
VILLAGES_OFFERED = 500
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def _asked(request: StaffRequest, action: Action, states: list[str]) -> dict[str, str]:
    """What the address narrows the list to; what we do not know is as if it were not asked."""
    if not request.visitor.scope.allows(action):
        raise Http404
    given = request.GET
    state, month = given.get("state", ""), given.get("month", "")
    found = {
        "village": given.get("village", "").replace("\x00", "")[:60],
        "state": state if state in states else "",
        "month": month if MONTH.fullmatch(month) else "",
    }
    return {name: value for name, value in found.items() if value}


def _shown(
    request: StaffRequest, name: str, rows: QuerySet[Any], asked: dict[str, str], action: Action
) -> HttpResponse:
    columns = {"village": "village__slug", "state": "state", "month": "month"}
    found = rows.filter(**{columns[field]: value for field, value in asked.items()})
    context = {
        "page": Paginator(found, PER_PAGE).get_page(page_number(request)),
        "asked": asked,
        "query": f"{urlencode(asked)}&" if asked else "",
        "villages": villages_within(request.visitor.scope, action, most=VILLAGES_OFFERED),
        "states": rows.model.State.choices,
        "sees_months": request.visitor.scope.village_ids(Action.VIEW_LEDGER),
    }
    return render(request, f"staff/{name}.html", context)


@require_safe
@staff_page
def months(request: StaffRequest) -> HttpResponse:
    """Every month that was kept here, the newest first, by village, month and state."""
    asked = _asked(request, Action.VIEW_LEDGER, Month.State.values)
    rows = kept_months(request.visitor.scope, Action.VIEW_LEDGER)
    return _shown(request, "month_list", rows, asked, Action.VIEW_LEDGER)


@require_safe
@staff_page
def notices(request: StaffRequest) -> HttpResponse:
    """Every notice, drafts first, then the newest, by village, month and state."""
    asked = _asked(request, Action.VIEW_NOTICES, Notice.State.values)
    rows = notices_within(request.visitor.scope, Action.VIEW_NOTICES)
    return _shown(request, "notices", rows, asked, Action.VIEW_NOTICES)


@require_safe
@staff_page
def card_villages(request: StaffRequest) -> HttpResponse:
    """The villages whose cards the visitor may print."""
    scope = request.visitor.scope
    if not scope.allows(Action.ISSUE_CARDS):
        raise Http404
    villages = villages_within(scope, Action.ISSUE_CARDS, most=VILLAGES_OFFERED)
    context = {"villages": villages}
    return render(request, "staff/card_villages.html", context)
