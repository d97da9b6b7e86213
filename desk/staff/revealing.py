"""One full number shown to one person for a reason: asked by GET, answered to the POST, once."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from households.operations.revealing import FIELDS, reveal
from households.queries import files
from trail import clock
from trail.errors import DomainError
from trail.revealing import LONGEST_NOTE, REASONS
from villages.operations.revealing import reveal_phone
from villages.queries import held_within

ask_or_show = require_http_methods(["GET", "HEAD", "POST"])
Reveal = Callable[[str, str], str]


@sensitive_variables()
def _answer(request: StaffRequest, act: Reveal, **context: Any) -> HttpResponse:
    """The form; to a POST with a reason the number, which stands in this answer alone."""
    context |= {"reasons": REASONS.items(), "longest": LONGEST_NOTE}
    if request.method != "POST":
        return render(request, "staff/reveal.html", context)
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")
    try:
        context["shown"] = act(reason, note)
    except DomainError as refusal:
        refused(request, refusal)
        context |= {"wrong": refusal.message, "typed": request.POST}
        return render(request, "staff/reveal.html", context, status=400)
    return render(request, "staff/revealed.html", context)


@ask_or_show
@staff_page
def member(request: StaffRequest, number: int, member: int, field: str) -> HttpResponse:
    """The ID number or phone of a member of a household."""
    scope = request.visitor.scope
    subject = files.file_within(scope, Action.REVEAL_PERSONAL, number=number)
    found = files.member_of(subject, number=member) if subject else None
    if subject is None or found is None or field not in FIELDS or not getattr(found, field):
        raise Http404
    by = request.visitor.signing(Action.REVEAL_PERSONAL, subject.village_id)

    def act(reason: str, note: str) -> str:
        return reveal(member=found, field=field, reason=reason, note=note, by=by, at=clock.now())

    back = reverse("staff:household", args=[subject.pk])
    return _answer(request, act, village=subject.village, who=found.name, field=field, back=back)


@ask_or_show
@staff_page
def phone(request: StaffRequest, number: int) -> HttpResponse:
    """The phone of somebody who holds a post where the visitor may see numbers."""
    held = held_within(request.visitor.scope, Action.REVEAL_PERSONAL, person_id=number)
    if held is None or not held.person.phone:
        raise Http404
    township_id = None if held.village_id else held.township_id
    by = request.visitor.signing(Action.REVEAL_PERSONAL, held.village_id, township_id=township_id)

    def act(reason: str, note: str) -> str:
        return reveal_phone(
            person=held.person,
            village_id=held.village_id,
            reason=reason,
            note=note,
            by=by,
            at=clock.now(),
        )

    back = reverse("staff:person", args=[held.person_id])
    return _answer(request, act, who=held.person.name, field="phone", back=back)
