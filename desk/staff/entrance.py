"""What staff find behind the door: what is due today, and where everything else is."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.due import due
from households.queries.visiting import left_by_village
from jobs import queries as jobs
from scoring.queries.months import kept_months
from trail import clock

JOBS_SHOWN = 3
MONTHS_SHOWN = 6


@require_safe
@staff_page
def home(request: StaffRequest) -> HttpResponse:
    """今天有 n 项要办, the newest months, the last jobs; the rest is in the menu."""
    visitor = request.visitor
    context = {
        "due": due(visitor.scope, person_id=visitor.user.person_id, at=clock.now()),
        "months": kept_months(visitor.scope, Action.VIEW_LEDGER)[:MONTHS_SHOWN],
        "visits": left_by_village(visitor.scope, Action.CHECK_COLLECTION, on=clock.today()),
        "jobs": jobs.newest_within(visitor.scope, Action.VIEW_JOBS, most=JOBS_SHOWN),
    }
    return render(request, "staff/home.html", context)
