"""The ground of the matrix: three villages with one of everything, and everybody who may come.

`own` is the village of the staff, `near` lies in its township, `other` in another one; `same` is
what belongs to somebody else in the own village. Every village has August on show, September
waiting for its notice and October looked through and open.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.contrib import admin
from django.test import Client

from accounts.models import Invitation, User
from accounts.operations import invitations
from accounts.roles import OF_A_TOWNSHIP, ROLES
from households.models import CollectionForm, CollectionRound
from households.operations import cards
from jobs.models import Job
from notices import operations as notices
from notices import queries as notice_queries
from scoring.models import Entry, Month
from scoring.operations import closing
from tests.admin.conftest import furnish
from tests.authorization.collection_ground import collection_values
from tests.authorization.records_ground import lay_records
from tests.factories import (
    NOON,
    make_household,
    make_id_number,
    make_member,
    make_person,
    make_posting,
    make_staff,
    make_township,
    make_unit,
    make_user,
    make_village,
)
from tests.scoring.stage import Stage, set_stage
from trail.clock import business_date
from trail.models import AuditEvent
from trail.operations import record
from villages.models import CalendarRule, Post, Posting, Township, Village

SHOWN, CLOSED, OPEN = "2026-08", "2026-09", "2026-10"
NO_SUCH_NUMBER = "999999999999"
Values = dict[str, str]


@dataclass
class Place:
    """What addresses call the things of one village."""

    stage: Stage
    common: Values
    by_route: dict[str, Values]

    def values(self, route: str) -> Values:
        return {**self.common, **self.by_route.get(route, {})}


@dataclass
class Ground:
    """The places by their nearness, and the card with its PIN."""

    places: dict[str, Place]
    card: cards.Card
    users: dict[str, User] = field(default_factory=dict)

    def visitor(self, name: str) -> Client:
        """One of these browsers."""
        if name in self.users:
            return logged_in(self.users[name])
        return card_holder(self.card) if name == "household" else Client()

    def visitors(self) -> dict[str, Client]:
        """A browser for each role, for a log-in without a post, a household and a passer-by."""
        clients = {role: logged_in(user) for role, user in self.users.items()}
        return {**clients, "household": card_holder(self.card), "anonymous": Client()}


def logged_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def card_holder(card: cards.Card) -> Client:
    """A browser that has shown the PIN."""
    client = Client(raise_request_exception=False)
    answer = client.post(f"/h/{card.token}/verify/", {"pin": card.pin})
    assert answer.status_code == 302
    return client


def staff_of(village: Village) -> dict[str, User]:
    """One log-in a role, in the township where the role covers one; and one without any post."""
    users = {}
    for role in ROLES:
        wide = role in OF_A_TOWNSHIP
        place = {"township": village.township} if wide else {"village": village}
        users[role] = make_staff(name=f"任职{role}"[:20], role=role, **place)
    return {**users, "no_post": make_user(person=make_person(name="没有任职"))}


def lay_ground(*, people: Callable[[Stage], object] = lambda stage: None) -> Ground:
    """`people` may settle more of them in each village, before its months are closed."""
    home, elsewhere = make_township(), make_township(code="440783104", name="苍城镇")
    same = _settle(set_stage(township=home, number=200), people)
    card = cards.issue_card(subject=same.stage.home, by=same.stage.clerk, at=NOON)
    places = {
        "own": Place(same.stage, {**same.common, "token": card.token}, same.by_route),
        "same": same,
        "near": _settle(set_stage(township=home, number=201), people),
        "other": _settle(set_stage(township=elsewhere, number=227), people),
    }
    return Ground(places, card, staff_of(same.stage.village))


def _settle(stage: Stage, people: Callable[[Stage], object]) -> Place:
    village = stage.village
    people(stage)
    stage.enter(37, on=date(2026, 8, 12))
    _publish(stage, SHOWN)
    stage.enter(37, on=date(2026, 9, 12))
    stage.close(CLOSED)
    stage.enter(37, on=date(2026, 10, 12))
    last = closing.figures.month_figures(village_id=village.pk, month=OPEN).last_entry_id
    closing.review(month=stage.month(OPEN), last_entry_id=last, by=stage.clerk, at=NOON)
    return Place(stage, _common(stage), _by_route(stage))


def _publish(stage: Stage, name: str) -> None:
    month = stage.close(name)
    notice = notice_queries.original(village_id=stage.village.pk, month=name, kind="points")
    assert notice is not None
    proposal = notices.propose_publication(notice=notice, by=stage.clerk, at=NOON)
    notices.approve_publication(
        notice=notice, proposal=proposal, publish_on=business_date(NOON), by=stage.second, at=NOON
    )
    notices.publish(notice=notice, at=NOON)
    month.state = Month.State.PUBLISHED
    month.save(update_fields=["state"])


def _common(stage: Stage) -> Values:
    """Names that mean the same in every address."""
    village = stage.village
    notice = notice_queries.original(village_id=village.pk, month=SHOWN, kind="points")
    neighbour = make_household(village=village, number="555")
    return {
        "slug": village.slug,
        "number": notice.number,
        "code": notice.body.short_code,
        "token": cards.issue_card(subject=neighbour, by=stage.clerk, at=NOON).token,
        "month": OPEN,
        "page": "queue/",
        "household": str(stage.home.pk),
        "uuid": "00000000-0000-4000-8000-000000000000",
        "sha256": "0" * 64,
    }


def _by_route(stage: Stage) -> dict[str, Values]:
    """Names that mean another thing in each address."""
    village = stage.village
    member = make_member(household=stage.home, id_number=make_id_number(), phone="13912345678")
    officer = make_person(name="干部", phone="13812345678")
    posting = make_posting(person=officer, role="grid_head", village=village)
    log_in = make_user(person=officer)
    record(by=stage.clerk, at=NOON, what="test.happened", about="x", village_id=village.pk)
    event = AuditEvent.objects.filter(village_id=village.pk).latest("pk")
    proposal = closing.propose_lock(month=stage.month(OPEN), by=stage.clerk, at=NOON)
    entry = Entry.objects.filter(village=village).latest("pk")
    book = stage.submit_book(stage.draft_book())
    staff, months, api = "staff/", "staff/months/<month>/<slug>/", "api/v1/"
    return {
        "staff/audit/<number>/": _number(event),
        "staff/jobs/<number>/": _number(_job(village)),
        "staff/households/<number>/": _number(stage.home),
        "staff/households/<number>/acts/<act>/": {**_number(stage.home), "act": "add"},
        "staff/households/<number>/people/<person>/copy/": {
            **_number(stage.home), "person": str(member.pk),
        },
        "staff/households/<number>/people/<person>/<act>/": {
            **_number(stage.home), "person": str(member.pk), "act": "edit",
        },
        "staff/households/<number>/members/<member>/<field>/": {
            **_number(stage.home), "member": str(member.pk), "field": "id_number",
        },
        "staff/people/<number>/phone/": _number(officer),
        "staff/rules/<slug>/<version>/approve/": {"version": str(book.version)},
        "staff/proposals/<number>/": _number(proposal),
        **{
            f"{staff}people/<person_id>/{page}": {"person_id": str(officer.pk)}
            for page in ("", "edit/", "invite/", "grant/")
        },
        "staff/people/<person_id>/log-ins/<user_id>/": {
            "person_id": str(officer.pk),
            "user_id": str(log_in.pk),
        },
        "staff/proposals/<number>/link/": _number(proposal),
        "staff/postings/<posting_id>/end/": {"posting_id": str(posting.pk)},
        "staff/townships/<code>/": {"code": village.township.code},
        **collection_values(stage),
        f"{months}notice/": {"month": CLOSED},
        **{f"{months}{page}": {"month": SHOWN} for page in ("objections/", "archive/")},
        **{f"{months}correct/{page}": {"month": SHOWN} for page in ("", "notice/")},
        f"{months}reverse/<number>/": _number(entry),
        **{f"staff/units/<number>/{page}": _number(stage.home.unit) for page in ("", "fill/")},
        **lay_records(stage),
        f"{api}units/<pk>/": {"pk": str(make_unit(village=village).pk)},
        f"{api}subjects/<pk>/": {"pk": str(stage.home.pk)},
        f"{api}entries/<pk>/": {"pk": str(entry.pk)},
        f"{api}months/<pk>/": {"pk": str(stage.month(OPEN).pk)},
        f"{api}rule-books/<pk>/": {"pk": str(stage.book.pk)},
        f"{api}items/<pk>/": {"pk": str(stage.items["plus"])},
        f"{api}jobs/<pk>/": {"pk": str(_job(village).pk)},
        **{
            f"{api}proposals/<pk>/{page}": {"pk": str(proposal.pk)}
            for page in ("", "decision/", "withdrawal/")
        },
    }  # fmt: skip


def _number(row) -> Values:
    return {"number": str(row.pk)}


def _job(village: Village) -> Job:
    return Job.objects.get_or_create(
        kind="scoring.close_month",
        key=f"{village.code}:matrix",
        defaults={"village": village, "due_at": NOON, "asked_by": "林", "asked_at": NOON},
    )[0]


def invitation_to(name: str, stage: Stage) -> tuple[Invitation, str]:
    """A one-time link nobody has used."""
    return invitations.invite(
        person=make_person(name=name), username=f"u{name}", by=stage.clerk, at=NOON
    )


def lay_desk() -> tuple[dict[str, Village], dict[str, User]]:
    """Two furnished villages of two townships for the records desk, and the staff of the first."""
    villages = {
        "own": make_village(township=make_township(), name="窦庄村", number=201),
        "other": make_village(
            township=make_township(code="440783104", name="苍城镇"), name="下湾村", number=227
        ),
    }
    for name, village in villages.items():
        furnish(village, name=f"{name}家人")
        CalendarRule.objects.create(township=village.township)
        make_staff(name=f"{name}干部", role="grid_head", village=village)
    return villages, staff_of(villages["own"])


def row_of(model, village: Village) -> str:
    """The number of a row of this model that belongs to the village, told by hand."""
    if model is Post:
        return str(Post.objects.first().pk)
    if model is Village:
        return str(village.pk)
    if model is Township:
        return str(village.township_id)
    if model is CalendarRule:
        return str(CalendarRule.objects.get(township=village.township).pk)
    if model in (CollectionForm, CollectionRound):
        return str(model.objects.filter(township=village.township).first().pk)
    officers = Posting.objects.filter(village=village, post__code="grid_head")
    if model.__name__ == "Person":
        return str(officers.first().person_id)
    if model is User:
        return str(User.objects.get(person=officers.first().person).pk)
    rows = model._default_manager.order_by("pk")
    names = {one.name for one in model._meta.concrete_fields}
    path = "village_id" if {"village", "village_id"} & names else "notice__village"
    return str(rows.filter(**{path: village.pk}).first().pk)


def admin_models() -> dict[str, type]:
    """The beginning of each list's address, and its model."""
    return {
        f"admin/{page.opts.app_label}/{page.opts.model_name}/": page.model
        for page in admin.site._registry.values()
    }
