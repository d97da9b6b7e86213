"""What staff find behind the door: what is due today."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.pages import StaffRequest, staff_page
from accounts.queries import to_decide
from accounts.roles import Action
from jobs import queries as jobs
from scoring.queries.breaks import stopped_within
from scoring.queries.months import newest_within
from scoring.queries.rules import submitted_within
from scoring.queries.todos import todos
from trail import clock
from villages.queries import villages_within

BOOKS_SHOWN = 20
JOBS_SHOWN = 5
MONTHS_SHOWN = 12
VILLAGES_SHOWN = 40


@require_safe
@staff_page
def home(request: StaffRequest) -> HttpResponse:
    """今天有 n 项要办, the newest months, the cards, the last jobs."""
    visitor, at = request.visitor, clock.now()
    person_id = visitor.user.person_id
    context = {
        "visitor": visitor,
        "stopped": stopped_within(visitor.scope, Action.VIEW_LEDGER),
        "todos": todos(scope=visitor.scope, person_id=person_id, at=at),
        "books": submitted_within(visitor.scope, most=BOOKS_SHOWN),
        "to_decide": to_decide(visitor.scope, person_id=person_id, at=at).count(),
        "months": newest_within(visitor.scope, Action.VIEW_LEDGER, most=MONTHS_SHOWN),
        "carded": villages_within(visitor.scope, Action.ISSUE_CARDS, most=VILLAGES_SHOWN),
        "sees_people": visitor.scope.allows(Action.VIEW_POSTINGS),
        "jobs": jobs.newest_within(visitor.scope, Action.VIEW_JOBS, most=JOBS_SHOWN),
    }
    return render(request, "staff/home.html", context)
