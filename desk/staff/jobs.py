"""Background work: what waits, runs, is done or failed, and why."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.records import record_of
from jobs.naming import kind_in_words, object_in_words
from jobs.queries import all_within
from notices.views import page_number

JOBS_PER_PAGE = 50


@require_safe
@staff_page
def jobs(request: StaffRequest) -> HttpResponse:
    """The jobs of the visitor's villages, newest first, 50 a page."""
    scope = request.visitor.scope
    if not scope.allows(Action.VIEW_JOBS):
        raise Http404
    found = all_within(scope, Action.VIEW_JOBS)
    page = Paginator(found, JOBS_PER_PAGE).get_page(page_number(request))
    return render(request, "staff/jobs.html", {"page": page})


@require_safe
@staff_page
def job(request: StaffRequest, number: int) -> HttpResponse:
    """One job."""
    found = all_within(request.visitor.scope, Action.VIEW_JOBS).filter(pk=number).first()
    if found is None:
        raise Http404
    context = {
        "job": found,
        "at_desk": record_of(request.visitor.scope, found),
        "village": found.village,
        "words": kind_in_words(found.kind),
        "about": object_in_words(found.key),
    }
    return render(request, "staff/job.html", context)
