"""A village's ledger that was found broken: what was found, what stands still, who signed."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.forms import SignatureForm
from desk.staff.month_pages import read_or_act, valid
from desk.staff.records import record_of
from scoring.operations import breaks
from scoring.queries.breaks import found_in
from trail import clock
from trail.errors import DomainError
from villages.models import Village
from villages.queries import village_within


@read_or_act
@staff_page
def ledger(request: StaffRequest, slug: str) -> HttpResponse:
    """Who may see the ledger sees what was found; supervision signs it here."""
    village = village_within(request.visitor.scope, Action.VIEW_LEDGER, slug=slug)
    if village is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            _sign(request, village)
        except DomainError as refusal:
            refused(request, refusal)
            problem = refusal.message
        else:
            return redirect("staff:ledger", slug=slug)
    context = {
        "village": village,
        "at_desk": record_of(request.visitor.scope, village),
        "found": found_in(village_id=village.pk),
        "may_sign": request.visitor.may(Action.SIGN_BREAK, village.pk),
        "problem": problem,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "staff/ledger.html", context, status=409 if problem else 200)


def _sign(request: StaffRequest, village: Village) -> None:
    by = request.visitor.signing(Action.SIGN_BREAK, village.pk)
    reason = valid(SignatureForm(request.POST))["reason"]
    seen = request.POST.get("seen", "")
    breaks.sign(village=village, seen=seen, reason=reason, by=by, at=clock.now())
