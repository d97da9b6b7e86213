"""Files of households for staff: found, read with masked numbers, one number shown for a reason."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.records import record_of
from desk.telling import told
from households.masks import ID_NUMBER_MASK, PHONE_MASK
from households.models import Member
from households.queries import files
from notices.views import page_number
from scoring.queries.household_ledger import own_figures
from trail.queries import changes_of
from trail.showing import masked
from villages.queries import villages_within

FILES_PER_PAGE = 50
CHANGES_SHOWN = 20
LONGEST_TYPED = 40
VILLAGES_OFFERED = 500


@dataclass(frozen=True, slots=True)
class Row:
    """A member as the page shows it."""

    member: Member
    id_number: str
    phone: str


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None


def _show(request: StaffRequest, name: str, status: int = 200, **context: Any) -> HttpResponse:
    context["visitor"] = request.visitor
    return render(request, f"staff/{name}.html", context, status=status)


@require_safe
@staff_page
def households(request: StaffRequest) -> HttpResponse:
    """The files of the visitor's villages, 50 a page, by village, group, number or name."""
    scope = request.visitor.scope
    if not scope.allows(Action.VIEW_REGISTER):
        raise Http404
    village = _number(request.GET.get("village", ""))
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_TYPED]
    found = files.files_within(scope, Action.VIEW_REGISTER, village_id=village, typed=typed)
    kept = {name: value for name, value in (("village", village), ("q", typed)) if value}
    return _show(
        request,
        "households",
        page=Paginator(found, FILES_PER_PAGE).get_page(page_number(request)),
        villages=villages_within(scope, Action.VIEW_REGISTER, most=VILLAGES_OFFERED),
        chosen=village,
        typed=typed,
        query=f"{urlencode(kept)}&" if kept else "",
    )


@require_safe
@staff_page
def household(request: StaffRequest, number: int) -> HttpResponse:
    """One file: who belongs to it, its points, its card, and what was done to it."""
    subject = files.file_within(request.visitor.scope, Action.VIEW_REGISTER, number=number)
    if subject is None:
        raise Http404
    village_id = subject.village_id
    about = f"households.subject:{subject.pk}"
    may = {str(action): request.visitor.may(action, village_id) for action in Action}
    figures = own_figures(village_id=village_id, subject_id=subject.pk)
    return _show(
        request,
        "household",
        subject=subject,
        at_desk=record_of(request.visitor.scope, subject),
        village=subject.village,
        rows=[_row(member) for member in files.members_of(subject)],
        figures=figures if may[Action.VIEW_LEDGER] else None,
        changes=told(
            changes_of(about, village_id=village_id, most=CHANGES_SHOWN, subject_id=subject.pk)
        ),
        about=about,
        may=may,
    )


def _row(member: Member) -> Row:
    (id_head, id_tail), (head, tail) = ID_NUMBER_MASK, PHONE_MASK
    return Row(
        member,
        masked(member.id_number, head=id_head, tail=id_tail),
        masked(member.phone, head=head, tail=tail),
    )
