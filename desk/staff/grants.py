"""Giving a post by two persons, and ending one."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.attempts import refused
from accounts.models import Proposal
from accounts.operations import granting
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.people import MOST_VILLAGES, is_above, person_of, read_or_act
from desk.staff.staffing_forms import EndForm, GrantForm
from trail import clock
from trail.errors import DomainError
from villages import queries
from villages.models import Person, Posting, Township, Village
from villages.operations import NewPosting

Place = Village | Township


def _places(request: StaffRequest) -> dict[str, Place]:
    """Where the visitor may propose a post: townships as a whole by code, villages by address."""
    scope = request.visitor.scope
    townships = queries.whole_townships_within(scope, Action.PROPOSE_ROLE)
    villages = queries.villages_within(scope, Action.PROPOSE_ROLE, most=MOST_VILLAGES)
    return {place.code: place for place in townships} | {place.slug: place for place in villages}


@read_or_act
@staff_page
def grant(request: StaffRequest, person_id: str) -> HttpResponse:
    """Choose the place, then the post, then ask the second person."""
    person = person_of(request, person_id, action=Action.PROPOSE_ROLE)
    places = _places(request)
    if not places or person.pk == request.visitor.user.person_id:
        raise Http404
    asked = request.POST.get("place") or request.GET.get("place", "")
    if not asked:
        return render(
            request, "staff/people/grant_place.html", {"person": person, "places": places.items()}
        )
    place = places.get(asked)
    if place is None:
        raise Http404
    return _granting(request, person, asked, place)


def _granting(request: StaffRequest, person: Person, asked: str, place: Place) -> HttpResponse:
    village = place if isinstance(place, Village) else None
    today = clock.today()
    serving = queries.serving(township_id=_township_id(place), on=today)
    form = GrantForm(
        request.POST if request.method == "POST" else None,
        in_village=village is not None,
        units=queries.units_of(village_id=village.pk) if village else [],
        serving=[row for row in serving if row.village_id == (village.pk if village else None)],
        today=today,
    )
    if request.method == "POST" and form.is_valid():
        try:
            proposal = _propose(request, person, place, form)
        except DomainError as refusal:
            refused(request, refusal)
            form.add_error(None, refusal.message)
        else:
            return redirect("staff:proposal", number=proposal.pk)
    return render(
        request,
        "staff/people/grant.html",
        {"form": form, "person": person, "place": place, "asked": asked},
        status=422 if form.errors else 200,
    )


def _township_id(place: Place) -> int:
    return place.township_id if isinstance(place, Village) else place.pk


def _propose(request: StaffRequest, person: Person, place: Place, form: GrantForm) -> Proposal:
    village = queries.village_by_slug(place.slug) if isinstance(place, Village) else None
    township = village.township if village else place
    assert isinstance(township, Township)  # noqa: S101
    typed = form.cleaned_data
    if form.instead_of is not None:
        wanted = granting.deputy(
            stands_in_for=form.instead_of,
            person=person,
            from_on=typed["from_on"],
            days=typed["days"],
        )
    else:
        wanted = NewPosting(
            person=person,
            role=typed["role"],
            township=township,
            village=village,
            unit=form.chosen_unit,
            from_on=typed["from_on"],
            to_on=typed["to_on"],
            route=Posting.Route(typed["route"]),
            qualification=typed["qualification"],
        )
    by = request.visitor.signing(
        Action.PROPOSE_ROLE,
        village.pk if village else None,
        township_id=None if village else township.pk,
    )
    return granting.propose_grant(wanted=wanted, because=typed["because"], by=by, at=clock.now())


@read_or_act
@staff_page
def end(request: StaffRequest, posting_id: str) -> HttpResponse:
    """End a posting at once or after a day; it gives nothing from the next request on."""
    scope = request.visitor.scope
    found = queries.posting_within(scope, Action.PROPOSE_ROLE, posting_id=int(posting_id))
    if found is None or is_above(request, found):
        raise Http404
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = request.visitor.signing(
            Action.PROPOSE_ROLE, found.village_id, township_id=found.township_id
        )
        try:
            granting.end_post(posting=found, last_day=form.ends, by=by, at=clock.now())
        except DomainError as refusal:
            refused(request, refusal)
            form.add_error(None, refusal.message)
        else:
            return redirect("staff:person", person_id=found.person_id)
    return render(
        request,
        "staff/people/end.html",
        {"form": form, "posting": found},
        status=422 if form.errors else 200,
    )
