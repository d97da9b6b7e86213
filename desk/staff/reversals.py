"""冲正: one entry of an open month is taken back, asked for here and agreed on by another."""

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.forms import LONGEST_NUMBER, reason_field
from desk.staff.month_pages import lead_to, read_or_act, show, signed, standing_of, valid
from scoring.models import Entry
from scoring.operations import reversals
from scoring.queries import corrections as found
from scoring.queries.month_steps import Standing
from scoring.queries.proposing import entry_of
from trail import clock
from trail.errors import DomainError


class WhyForm(forms.Form):
    """Why the entry is wrong."""

    reason = reason_field(_("请写明为什么要冲正。"))


@require_safe
@staff_page
def reverse(request: StaffRequest, month: str, slug: str) -> HttpResponse:
    """A household's entries of the open month, to choose the wrong one from."""
    stands = standing_of(request, month, slug)
    signed(request, stands, Action.PROPOSE_REVERSAL)
    if not stands.is_open:
        return lead_to(stands)
    household = request.GET.get("household", "").replace("\x00", "")[:LONGEST_NUMBER].strip()
    entries = found.of_household(month=stands.month, typed=household)
    return show(request, stands, "reverse", household=household, entries=entries)


@read_or_act
@staff_page
def reverse_entry(request: StaffRequest, month: str, slug: str, number: str) -> HttpResponse:
    """The entry as it stands; asked with a reason, it waits for the second person."""
    stands = standing_of(request, month, slug)
    signed(request, stands, Action.PROPOSE_REVERSAL)
    entry = entry_of(month=stands.month, number=int(number))
    if entry is None:
        raise Http404
    if not stands.is_open:
        return lead_to(stands)
    if request.method != "POST":
        return show(request, stands, "reverse_entry", entry=entry)
    return _asked(request, stands, entry)


def _asked(request: StaffRequest, stands: Standing, entry: Entry) -> HttpResponse:
    by = signed(request, stands, Action.PROPOSE_REVERSAL)
    try:
        reason = valid(WhyForm(request.POST))["reason"]
        proposal = reversals.propose(entry=entry, reason=reason, by=by, at=clock.now())
    except DomainError as refusal:
        refused(request, refusal)
        typed = request.POST.get("reason", "")
        return show(
            request,
            stands,
            "reverse_entry",
            entry=entry,
            problem=refusal.message,
            reason=typed,
        )
    return redirect("staff:proposal", number=proposal.pk)
