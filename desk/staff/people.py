"""Persons: who there is, what they hold and held, adding one, mending a name."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import queries as accounts
from accounts.models import Proposal, User
from accounts.operations import invitations
from accounts.pages import StaffRequest, staff_page
from accounts.roles import ROLES, Action, actions_of
from desk.staff.records import record_of
from desk.staff.staffing_forms import InviteForm, PersonForm
from desk.telling import Told, told
from notices.views import page_number
from trail import clock
from trail.actor import Actor
from trail.queries import changes_within
from trail.showing import masked
from villages import queries
from villages.models import Person, Posting
from villages.operations import add_person, change_person

PER_PAGE = 50
CHANGES_SHOWN = 20
MOST_VILLAGES = 500
LONGEST_NAME = 60
STANDINGS = (queries.NOW, queries.PAST, queries.NEVER)
NOWHERE = 0
read_or_act = require_http_methods(["GET", "HEAD", "POST"])


def person_of(request: StaffRequest, person_id: str, *, action: Action) -> Person:
    """The person, for who only looks; outside the scope there is none."""
    found = queries.person_within(request.visitor.scope, action, person_id=int(person_id))
    if found is None:
        raise Http404
    return found


def person_to_change(request: StaffRequest, person_id: str, *, action: Action) -> Person:
    """The person, for who changes something: not one who also serves where the visitor does not."""
    found = queries.person_wholly_within(
        request.visitor.scope, action, person_id=int(person_id), on=clock.today()
    )
    if found is None:
        raise Http404
    return found


def is_above(request: StaffRequest, posting: Posting) -> bool:
    """T-14: the post confirms who is given posts, and the visitor may not do that.

    Who could open a log-in for its holder, or end it, would hold both halves alone.
    """
    confirms = Action.APPROVE_ROLE in actions_of(posting.post.code)
    return confirms and not request.visitor.scope.allows(Action.APPROVE_ROLE)


def log_ins_managed(request: StaffRequest, person: Person) -> bool:
    """Whether the visitor manages the log-ins of this person."""
    scope, today = request.visitor.scope, clock.today()
    action = Action.MANAGE_ACCOUNTS
    if queries.person_wholly_within(scope, action, person_id=person.pk, on=today) is None:
        return False
    held = queries.postings_of(person, scope, action)
    return not any(is_above(request, row) for row in held if not row.is_over(today))


def link_asked_for(request: StaffRequest, person: Person) -> bool:
    """Whether the visitor may ask, with a second person, for a link to a log-in of this person."""
    scope, today, action = request.visitor.scope, clock.today(), Action.MANAGE_ACCOUNTS
    if person.pk == request.visitor.user.person_id:
        return False
    reached = queries.person_wholly_within(scope, action, person_id=person.pk, on=today)
    return reached is not None


def codes_reset_with(request: StaffRequest, person: Person) -> Action | None:
    """With which action the visitor takes the codes of a lost phone off; None for may not."""
    if not invitations.needs_two(person=person, on=clock.today()):
        return Action.MANAGE_ACCOUNTS
    scope, action = request.visitor.scope, Action.APPROVE_ROLE
    found = queries.person_wholly_within(scope, action, person_id=person.pk, on=clock.today())
    return action if found is not None else None


def signed_for(request: StaffRequest, action: Action, person: Person) -> Actor:
    """The visitor as the one who acts on this person."""
    village_id, township_id = queries.reached_through(request.visitor.scope, action, person=person)
    return request.visitor.signing(action, village_id, township_id=township_id)


@require_safe
@staff_page
def people(request: StaffRequest) -> HttpResponse:
    """Persons by name, 50 a page, narrowed by place, post and standing."""
    scope = request.visitor.scope
    if not scope.allows(Action.VIEW_POSTINGS):
        raise Http404
    villages = queries.villages_within(scope, Action.VIEW_POSTINGS, most=MOST_VILLAGES)
    townships = list(queries.townships_within(scope, Action.VIEW_POSTINGS))
    asked = _asked(request)
    ids = {village.slug: {"village_id": village.pk} for village in villages}
    ids |= {township.code: {"township_id": township.pk} for township in townships}
    place = ids.get(asked["place"], {"village_id": NOWHERE}) if asked["place"] else {}
    sought = queries.Sought(asked["name"], role=asked["role"], standing=asked["standing"], **place)
    found = queries.people_sought(scope, Action.VIEW_POSTINGS, sought, on=clock.today())
    kept = urlencode({name: value for name, value in asked.items() if value})
    return render(
        request,
        "staff/people/list.html",
        {
            "page": Paginator(found, PER_PAGE).get_page(page_number(request)),
            "asked": asked,
            "query": f"{kept}&" if kept else "",
            "villages": villages,
            "townships": townships,
            "roles": [(role, name) for role, (name, _actions) in ROLES.items()],
            "waiting": _waiting(request),
            "may_add": bool(scope.township_ids(Action.MANAGE_PEOPLE)),
        },
    )


def _asked(request: StaffRequest) -> dict[str, str]:
    given = request.GET
    role, standing = given.get("role", ""), given.get("standing", "")
    return {
        "name": given.get("name", "").replace("\x00", "").strip()[:LONGEST_NAME],
        "place": given.get("place", ""),
        "role": role if role in ROLES else "",
        "standing": standing if standing in STANDINGS else "",
    }


def _waiting(request: StaffRequest) -> list[Proposal]:
    visitor, at = request.visitor, clock.now()
    found = accounts.to_decide(visitor.scope, person_id=visitor.user.person_id, at=at)
    return list(found.filter(kind=Proposal.Kind.ROLE)[:PER_PAGE])


@require_safe
@staff_page
def person(request: StaffRequest, person_id: str) -> HttpResponse:
    """One person: postings now, later and before, the log-ins, and what may be done."""
    found = person_of(request, person_id, action=Action.VIEW_POSTINGS)
    return render(request, "staff/people/person.html", person_context(request, found))


def person_context(request: StaffRequest, found: Person) -> dict[str, Any]:
    """What the page of a person shows; the log-ins only to who manages them."""
    scope, today = request.visitor.scope, clock.today()
    held = queries.postings_of(found, scope, Action.VIEW_POSTINGS)

    def may(action: Action) -> bool:
        reached = queries.person_wholly_within(scope, action, person_id=found.pk, on=today)
        return reached is not None

    log_ins = _log_ins(request, found)
    return log_ins | {
        "person": found,
        "at_desk": record_of(scope, found),
        "phone": masked(found.phone, head=3, tail=4),
        "now": [row for row in held if row.is_in_force(today)],
        "later": [row for row in held if row.from_on > today and not row.is_over(today)],
        "past": [row for row in held if row.is_over(today)],
        "may_reveal": bool(found.phone)
        and queries.held_within(scope, Action.REVEAL_PERSONAL, person_id=found.pk) is not None,
        "may_edit": may(Action.MANAGE_PEOPLE),
        "may_grant": scope.allows(Action.PROPOSE_ROLE)
        and found.pk != request.visitor.user.person_id,
        "ends": {row.pk for row in held if _may_end(request, row)},
        "changes": _changes(request, found, held, log_ins["log_ins"]),
        "about": f"villages.person:{found.pk}",
    }


def _log_ins(request: StaffRequest, found: Person) -> dict[str, Any]:
    two = invitations.needs_two(person=found, on=clock.today())
    manages, asks = log_ins_managed(request, found), two and link_asked_for(request, found)
    mine = found.pk == request.visitor.user.person_id
    seen = manages or asks
    return {
        "log_ins": accounts.log_ins_of(person_id=found.pk) if seen else [],
        "with_codes": accounts.with_second_factor(person_id=found.pk) if seen else set(),
        "sees_log_ins": seen,
        "switches_log_ins": manages and not mine,
        "resets_codes": manages and not mine and codes_reset_with(request, found) is not None,
        "two": two,
        "invite": InviteForm(two=two) if asks or (manages and not two) else None,
    }


def _may_end(request: StaffRequest, row: Posting) -> bool:
    scope, action = request.visitor.scope, Action.PROPOSE_ROLE
    reached = row.village_id in scope.village_ids(action)
    reached = reached or row.township_id in scope.township_ids(action)
    return reached and not is_above(request, row)


def _changes(
    request: StaffRequest, found: Person, held: list[Posting], log_ins: list[User]
) -> list[Told]:
    """What was done to the person, the postings and the log-ins that the visitor sees.

    And what was asked and decided about them.
    """
    abouts = [f"villages.person:{found.pk}"]
    abouts += [f"villages.posting:{row.pk}" for row in held]
    abouts += [f"accounts.user:{user.pk}" for user in log_ins]
    villages = request.visitor.scope.village_ids(Action.VIEW_POSTINGS)
    abouts += accounts.asked_about(request.visitor.scope, person_id=found.pk)
    return told(changes_within(*abouts, village_ids=villages, most=CHANGES_SHOWN))


@read_or_act
@staff_page
def add(request: StaffRequest) -> HttpResponse:
    """A person who is in no posting yet; whoever staffs the township finds the person."""
    scope = request.visitor.scope
    townships = queries.whole_townships_within(scope, Action.MANAGE_PEOPLE)
    chosen = {place.code: place for place in townships}
    if not townships:
        raise Http404
    form = PersonForm(request.POST or None)
    township = chosen.get(request.POST.get("township", townships[0].code))
    if township is None:
        raise Http404
    if request.method != "POST" or not form.is_valid():
        return render(
            request,
            "staff/people/form.html",
            {"form": form, "townships": townships, "chosen": township},
        )
    by = request.visitor.signing(Action.MANAGE_PEOPLE, township_id=township.pk)
    typed = form.cleaned_data
    added = add_person(
        name=typed["name"], phone=typed["phone"], township=township, by=by, at=clock.now()
    )
    return redirect("staff:person", person_id=added.pk)


@read_or_act
@staff_page
def edit(request: StaffRequest, person_id: str) -> HttpResponse:
    """Another name or phone; the phone that is stored is not shown, an empty one stays."""
    found = person_to_change(request, person_id, action=Action.MANAGE_PEOPLE)
    form = PersonForm(request.POST or None, initial={"name": found.name})
    if request.method != "POST" or not form.is_valid():
        shown = masked(found.phone, head=3, tail=4)
        return render(
            request, "staff/people/form.html", {"form": form, "person": found, "phone": shown}
        )
    change_person(
        person=found,
        name=form.cleaned_data["name"],
        phone=form.cleaned_data["phone"] or None,
        by=signed_for(request, Action.MANAGE_PEOPLE, found),
        at=clock.now(),
    )
    return redirect("staff:person", person_id=found.pk)
