"""How far a round is: by village, collector and day, who was not met; on paper and as a table."""

import csv
from collections.abc import Iterator
from io import StringIO

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.collection_pages import round_of
from households.models import CollectionRound
from households.queries import rounds as queries

SEES = Action.CHECK_COLLECTION
UNREACHED_SHOWN = 200
# Excel opens a file as UTF-8 when it begins with this.
MARK = "\ufeff"


@require_safe
@staff_page
def progress(request: StaffRequest, number: int) -> HttpResponse:
    """Collected / due, 还差 n 户, rates that are floored."""
    found, scope = round_of(request, number, SEES), request.visitor.scope
    villages = queries.by_village(round_=found, scope=scope, action=SEES)
    unreached = list(
        queries.unreached(round_=found, scope=scope, action=SEES)[: UNREACHED_SHOWN + 1]
    )
    return render(
        request,
        "staff/collection/progress.html",
        {
            "round": found,
            "villages": villages,
            "total": queries.total_of(villages),
            "collectors": queries.by_collector(round_=found, scope=scope, action=SEES),
            "days": queries.by_day(round_=found, scope=scope, action=SEES),
            "unreached": unreached[:UNREACHED_SHOWN],
            "more": len(unreached) > UNREACHED_SHOWN,
        },
    )


@require_safe
@staff_page
def progress_table(request: StaffRequest, number: int) -> HttpResponse:
    """The same by collector as CSV; names of villagers are not in it."""
    found = round_of(request, number, SEES)
    written = StringIO()
    csv.writer(written).writerows(_rows(request, found))
    response = HttpResponse(MARK + written.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="progress-{found.pk}.csv"'
    return response


def _rows(request: StaffRequest, found: CollectionRound) -> Iterator[list[object]]:
    yield [
        _("村"),
        _("采集员"),
        _("应采"),
        _("已收到"),
        _("还差"),
        _("没见到人"),
        _("完成百分之几"),
    ]
    scope = request.visitor.scope
    for one in queries.by_collector(round_=found, scope=scope, action=SEES):
        tally = one.tally
        yield [
            _plain(one.village),
            _plain(one.name),
            tally.due,
            tally.done,
            tally.left,
            tally.unreached,
            tally.percent,
        ]


def _plain(text: str) -> str:
    """Text that no program takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
