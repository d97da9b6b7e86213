"""Files of households for staff: found, read with masked numbers, one number shown for a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.file_acts import FileAct, offered_on, offered_to
from desk.staff.file_sentences import lines_of
from desk.staff.records import record_of
from desk.telling import told
from households.masks import ID_NUMBER_MASK, PHONE_MASK
from households.models import Member, Subject
from households.operations.searching import note_look_up
from households.queries import files, searching
from households.queries.searching import Sought
from notices.views import page_number
from scoring.queries.household_ledger import own_figures
from scoring.queries.ratings import latest_ratings
from trail.actor import Actor
from trail.clock import now, today
from trail.queries import changes_of
from trail.showing import masked
from trail.typed import row_number
from villages.queries import villages_within

FILES_PER_PAGE = 50
CHANGES_SHOWN = 20
RECORDS_SHOWN = 10
LONGEST_TYPED = 40
VILLAGES_OFFERED = 500


@dataclass(frozen=True, slots=True)
class Row:
    """A member as the page shows it."""

    member: Member
    id_number: str
    phone: str
    acts: list[tuple[str, FileAct]]


@dataclass(frozen=True, slots=True)
class Found:
    """A file as the list shows it, with who on it was meant."""

    subject: Subject
    names: list[str]


@require_safe
@staff_page
def households(request: StaffRequest) -> HttpResponse:
    """The files of the visitor's villages, 50 a page, narrowed by what the address says."""
    scope = request.visitor.scope
    if not scope.allows(Action.VIEW_REGISTER):
        raise Http404
    sought = _sought(request)
    found = searching.files_sought(scope, Action.VIEW_REGISTER, sought)
    page = Paginator(found, FILES_PER_PAGE).get_page(page_number(request))
    return _list(request, sought, page=page, whole=searching.is_whole_number(sought.typed))


@require_POST
@sensitive_variables()
@sensitive_post_parameters("q")
@staff_page
def find(request: StaffRequest) -> HttpResponse:
    """What was typed into the box: a name leads to the list; an ID or phone is answered here.

    So no number stands in an address, in the browser's history or in a log of the server.
    """
    scope = request.visitor.scope
    if not scope.village_ids(Action.VIEW_REGISTER):
        raise Http404
    typed = _typed(request.POST)
    if not searching.is_personal_number(typed):
        kept = {name: request.POST.get(name, "")[:20] for name in ("village", "kind", "state")}
        query = urlencode({name: value for name, value in {**kept, "q": typed}.items() if value})
        return redirect(f"{reverse('staff:households')}?{query}")
    found = searching.files_with_number(scope, Action.VIEW_REGISTER, typed=typed)
    note_look_up(
        whole=searching.is_whole_number(typed), found=len(found), by=_by(request), at=now()
    )
    return _list(request, searching.Sought(), by_number=found)


def _by(request: StaffRequest) -> Actor:
    villages = request.visitor.scope.village_ids(Action.VIEW_REGISTER)
    return request.visitor.signing(Action.VIEW_REGISTER, min(villages))


def _typed(given: QueryDict) -> str:
    return given.get("q", "").replace("\x00", "").strip()[:LONGEST_TYPED]


def _sought(request: StaffRequest) -> Sought:
    given = request.GET
    kind, state = given.get("kind", ""), given.get("state", "")
    return Sought(
        typed=_typed(given),
        village_id=row_number(given.get("village", "")),
        kind=kind if kind in Subject.Kind.values else "",
        state=state if state in Subject.State.values else "",
    )


def _list(request: StaffRequest, sought: Sought, **context: Any) -> HttpResponse:
    scope, shown = request.visitor.scope, context.get("page") or context.get("by_number") or ()
    kept = {"village": sought.village_id, "kind": sought.kind, "state": sought.state}
    kept |= {"q": sought.typed}
    query = urlencode({name: value for name, value in kept.items() if value})
    names = searching.names_found(
        scope,
        Action.VIEW_REGISTER,
        typed=sought.typed,
        subject_ids=[subject.pk for subject in shown],
    )
    return render(
        request,
        "staff/households.html",
        {
            "sought": sought,
            "kinds": Subject.Kind.choices,
            "states": Subject.State.choices,
            "villages": villages_within(scope, Action.VIEW_REGISTER, most=VILLAGES_OFFERED),
            "query": f"{query}&" if query else "",
            "rows": [Found(subject, names.get(subject.pk, [])) for subject in shown],
            "may_manage": scope.allows(Action.MANAGE_FILES),
            **context,
        },
    )


@require_safe
@staff_page
def household(request: StaffRequest, number: int) -> HttpResponse:
    """One file: who belongs to it, what became of it, its points, its card, its records."""
    subject = files.file_within(request.visitor.scope, Action.VIEW_REGISTER, number=number)
    if subject is None:
        raise Http404
    village_id = subject.village_id
    may = {str(action): request.visitor.may(action, village_id) for action in Action}
    changes_many, members = may[Action.MANAGE_FILES], files.members_of(subject)
    return render(
        request,
        "staff/household.html",
        {
            "subject": subject,
            "at_desk": record_of(request.visitor.scope, subject),
            "village": subject.village,
            "rows": [_row(subject, member, acts=changes_many) for member in members],
            "shown": {member.pk for member in members},
            "waiting": files.waiting_on(subject),
            "kin": files.kin_of(subject),
            "may": may,
            **_points(subject, may=may),
            **_history(subject, acts=changes_many),
        },
    )


def _points(subject: Subject, *, may: Mapping[str, bool]) -> dict[str, Any]:
    """Points and stars, each for who may see it."""
    mine = {"village_id": subject.village_id, "subject_id": subject.pk}
    return {
        "figures": own_figures(**mine) if may[Action.VIEW_LEDGER] else None,
        "ratings": latest_ratings(**mine) if may[Action.VIEW_RATINGS] else (),
    }


def _history(subject: Subject, *, acts: bool) -> dict[str, Any]:
    """What became of the file, what was collected, who called; and what can be done with it."""
    consents = files.consents_of(subject)
    standing = any(one.withdrawn_on is None for one in consents)
    offered = [one for one in offered_on(subject) if standing or one[0] != "withdraw"]
    about = f"households.subject:{subject.pk}"
    events = changes_of(
        about, village_id=subject.village_id, most=CHANGES_SHOWN, subject_id=subject.pk
    )
    return {
        "history": lines_of(files.history_of(subject, most=CHANGES_SHOWN)),
        "consents": consents,
        "acts": offered if acts else (),
        "records": files.records_of(subject, most=RECORDS_SHOWN),
        "placed": files.placed_in(subject),
        "contacts": files.contacts_of(subject, on=today()),
        "visits": files.visits_of(subject, most=RECORDS_SHOWN),
        "changes": told(events),
        "about": about,
    }


def _row(subject: Subject, member: Member, *, acts: bool) -> Row:
    (id_head, id_tail), (head, tail) = ID_NUMBER_MASK, PHONE_MASK
    return Row(
        member,
        masked(member.id_number, head=id_head, tail=id_tail),
        masked(member.phone, head=head, tail=tail),
        offered_to(subject, member) if acts else [],
    )
