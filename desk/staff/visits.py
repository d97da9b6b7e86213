"""走访: who is due where, the own list, contact households, inspections drawn by lot."""

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.visit_forms import ContactsForm, DrawForm, VisitForm
from files.queries import attachments_in
from households.models import VisitDuty
from households.operations import visiting
from households.operations.visiting import Draw, Lot, NewVisit
from households.queries import files
from households.queries import visiting as found
from notices.views import page_number
from trail import clock
from trail.errors import DomainError
from trail.typed import row_number
from villages import queries
from villages.models import Unit, Village

PER_PAGE = 50
VILLAGES_OFFERED = 500
CONTACT, GROUP = VisitDuty.Kind.CONTACT, Unit.Kind.GROUP
read_or_act = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address narrows the list to."""

    village: str
    kind: VisitDuty.Kind
    left: bool
    kinds: ClassVar[Any] = VisitDuty.Kind.choices

    @property
    def query(self) -> str:
        """The same as the beginning of an address."""
        kept = {"village": self.village, "kind": self.kind, "left": "1" if self.left else ""}
        return f"{urlencode({name: value for name, value in kept.items() if value})}&"


def _village(request: StaffRequest, slug: str) -> Village:
    village = queries.village_within(request.visitor.scope, Action.MANAGE_FILES, slug=slug)
    if village is None:
        raise Http404
    return village


def _asked(request: StaffRequest) -> Asked:
    given = request.GET
    kind = given.get("kind", "")
    return Asked(
        village=given.get("village", "").replace("\x00", "")[:80],
        kind=VisitDuty.Kind(kind) if kind in VisitDuty.Kind.values else CONTACT,
        left=given.get("left") == "1",
    )


@require_safe
@staff_page
def visits(request: StaffRequest) -> HttpResponse:
    """Every duty of the visitor's villages, what is left first; by person for one village."""
    scope, action = request.visitor.scope, Action.CHECK_COLLECTION
    if not scope.allows(action):
        raise Http404
    asked = _asked(request)
    villages = queries.villages_within(scope, action, most=VILLAGES_OFFERED)
    chosen = next((one for one in villages if one.slug == asked.village), None)
    rows = found.duties_within(
        scope, action, kind=asked.kind, on=clock.today(), left_only=asked.left
    )
    if asked.village:
        rows = rows.filter(village_id=chosen.pk if chosen else 0)
    page = Paginator(rows, PER_PAGE).get_page(page_number(request))
    context = _of_village(request, chosen, asked) if chosen else {}
    return render(
        request,
        "staff/visits/list.html",
        {"page": page, "asked": asked, "villages": villages, **context},
    )


def _of_village(request: StaffRequest, village: Village, asked: Asked) -> dict[str, Any]:
    return {
        "chosen": village,
        "people": found.by_person(village_id=village.pk, kind=asked.kind, on=clock.today()),
        "may_assign": request.visitor.may(Action.MANAGE_FILES, village.pk),
    }


@require_safe
@staff_page
def made(request: StaffRequest, number: int) -> HttpResponse:
    """One visit: by whom, when, what had changed, and the photos, if there are any."""
    action = Action.CHECK_COLLECTION
    visit = found.visit_within(request.visitor.scope, action, number=number)
    if visit is None:
        raise Http404
    photos = attachments_in(village_id=visit.village_id, shas=visit.attachments)
    shown = [photos[sha] for sha in visit.attachments if sha in photos]
    waiting = len(visit.attachments) - len(shown)
    may_open = request.visitor.may(Action.VIEW_REGISTER, visit.village_id)
    return render(
        request,
        "staff/visits/made.html",
        {"visit": visit, "photos": shown, "waiting": waiting, "may_open": may_open},
    )


@require_safe
@staff_page
def mine(request: StaffRequest) -> HttpResponse:
    """The visitor's own households, what is left first."""
    visitor = request.visitor
    if not visitor.scope.allows(Action.VISIT):
        raise Http404
    rows = found.duties_of_person(
        visitor.scope, Action.VISIT, person_id=visitor.user.person_id, on=clock.today()
    )
    page = Paginator(rows, PER_PAGE).get_page(page_number(request))
    return render(request, "staff/visits/mine.html", {"page": page, "left": found.left_of(rows)})


@read_or_act
@staff_page
def visit(request: StaffRequest, number: int) -> HttpResponse:
    """One household of the visitor's own: nothing changed is one button."""
    scope, person_id = request.visitor.scope, request.visitor.user.person_id
    duty = found.duty_of_person(
        scope, Action.VISIT, person_id=person_id, number=number, on=clock.today()
    )
    if duty is None:
        raise Http404
    if request.method != "POST":
        return _visit_page(request, duty, VisitForm(initial=VisitForm.first(uuid4())))
    form = VisitForm(request.POST)
    if not form.is_valid():
        return _visit_page(request, duty, form, status=422)
    return _visited(request, duty, form)


def _visit_page(
    request: StaffRequest, duty: VisitDuty, form: VisitForm, status: int = 200
) -> HttpResponse:
    last = files.visits_of(duty.subject, most=3)
    return render(
        request,
        "staff/visits/visit.html",
        {"duty": duty, "form": form, "last": last},
        status=status,
    )


def _visited(request: StaffRequest, duty: VisitDuty, form: VisitForm) -> HttpResponse:
    typed = NewVisit(kind=VisitDuty.Kind(duty.kind), **form.told)
    by = request.visitor.signing(Action.VISIT, duty.village_id)
    try:
        visiting.record_visit(
            subject=duty.subject, person=duty.person, visit=typed, by=by, at=clock.now()
        )
    except DomainError as refusal:
        refused(request, refusal)
        form.add_error(None, refusal.message)
        return _visit_page(request, duty, form, status=409)
    messages.success(request, _("记好了：%(household)s") % {"household": duty.subject})
    return redirect("staff:visits_mine")


@read_or_act
@staff_page
def contacts(request: StaffRequest, slug: str) -> HttpResponse:
    """1+10: tick households of a group and choose who calls on them."""
    village, today = _village(request, slug), clock.today()
    unit = request.GET.get("unit", "")
    form = ContactsForm(
        request.POST if request.method == "POST" else None,
        people=found.visitors_of(village, on=today),
        households=found.households_to_assign(
            village_id=village.pk, unit_id=row_number(unit), on=today
        ),
    )
    if form.is_valid() and _assigned(request, village, form):
        messages.success(request, _("派好了。"))
        return _to_list(village)
    units = [one for one in queries.units_of(village_id=village.pk) if one.kind == GROUP]
    status = 422 if form.errors else 200
    return render(
        request,
        "staff/visits/contacts.html",
        {"village": village, "form": form, "units": units, "unit": unit},
        status=status,
    )


def _assigned(request: StaffRequest, village: Village, form: ContactsForm) -> bool:
    by = request.visitor.signing(Action.MANAGE_FILES, village.pk)
    try:
        visiting.assign_contacts(village=village, by=by, at=clock.now(), **form.chosen)
    except DomainError as refusal:
        refused(request, refusal)
        form.add_error(None, refusal.message)
    return form.is_valid()


@read_or_act
@staff_page
def draw(request: StaffRequest, slug: str) -> HttpResponse:
    """半年督查: so many in a hundred by lot, shared out among the chosen."""
    village = _village(request, slug)
    people = found.visitors_of(village, on=clock.today())
    form = DrawForm(request.POST if request.method == "POST" else None, people=people)
    lot = _drawn(request, village, form) if form.is_valid() else None
    if lot is None:
        return render(
            request,
            "staff/visits/draw.html",
            {"village": village, "form": form},
            status=422 if form.errors else 200,
        )
    facts = {"drawn": lot.drawn, "households": lot.households}
    messages.success(request, _("从%(households)s户里抽中%(drawn)s户。") % facts)
    return _to_list(village, kind=VisitDuty.Kind.INSPECTION)


def _drawn(request: StaffRequest, village: Village, form: DrawForm) -> Lot | None:
    by, draw_ = request.visitor.signing(Action.MANAGE_FILES, village.pk), Draw(**form.chosen)
    try:
        return visiting.draw_inspection(village=village, draw=draw_, by=by, at=clock.now())
    except DomainError as refusal:
        refused(request, refusal)
        form.add_error(None, refusal.message)
        return None


def _to_list(village: Village, kind: VisitDuty.Kind = CONTACT) -> HttpResponse:
    asked = Asked(village=village.slug, kind=kind, left=False)
    answer = redirect("staff:visits")
    answer["Location"] += f"?{asked.query.removesuffix('&')}"
    return answer
