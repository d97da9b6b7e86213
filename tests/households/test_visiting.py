"""Contact households, inspections by lot, visits written down once."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from accounts.roles import Action
from households.models import Channel, Subject, Visit, VisitDuty
from households.operations import visiting
from households.operations.visiting import Draw, NewVisit
from households.queries import visiting as found
from households.queries.files import contacts_of
from tests.factories import (
    NOON,
    make_actor,
    make_household,
    make_person,
    make_posting,
    make_township,
    make_village,
)
from trail.models import AuditEvent
from trail.scope import Scope

TODAY = date(2026, 11, 1)
CONTACT, INSPECTION = VisitDuty.Kind.CONTACT, VisitDuty.Kind.INSPECTION


class Lane:
    """A village, ten households, and two people who may call on them."""

    def __init__(self) -> None:
        self.village = make_village(township=make_township())
        self.homes = [make_household(village=self.village) for _number in range(10)]
        self.wang = self.visitor("王姐")
        self.chen = self.visitor("陈勇")
        self.by = make_actor()

    def visitor(self, name: str):
        person = make_person(name=name)
        make_posting(person=person, role="grid_head", village=self.village)
        return person

    def assign(self, person, homes) -> int:
        ids = [home.pk for home in homes]
        return visiting.assign_contacts(
            village=self.village, person=person, subject_ids=ids, by=self.by, at=NOON
        )

    def draw(self, *people, percent: int = 50, seed: int | None = 7):
        draw = Draw(
            percent=percent,
            person_ids=[person.pk for person in people],
            until=TODAY + timedelta(days=30),
            seed=seed,
        )
        return visiting.draw_inspection(village=self.village, draw=draw, by=self.by, at=NOON)

    def visit(self, home, *, person=None, **told) -> Visit:
        visit = NewVisit(**{"uuid": uuid4(), "kind": CONTACT, "visited_on": TODAY} | told)
        return visiting.record_visit(
            subject=home, person=person or self.wang, visit=visit, by=self.by, at=NOON
        )

    def due(self, *, on: date = TODAY, kind=CONTACT) -> dict[int, bool]:
        scope = Scope.for_villages([self.village.pk], Action.CHECK_COLLECTION)
        rows = found.duties_within(scope, Action.CHECK_COLLECTION, kind=kind, on=on)
        return {row.subject_id: row.done for row in rows}


@pytest.fixture
def lane(db) -> Lane:
    return Lane()


def test_one_and_ten_each_household_has_one_contact(lane):
    assert lane.assign(lane.wang, lane.homes) == 10
    assert lane.assign(lane.wang, lane.homes) == 0
    assert lane.assign(lane.chen, lane.homes[:3]) == 3
    people = {one.name: (one.due, one.done) for one in _people(lane)}
    assert people == {"王姐": (7, 0), "陈勇": (3, 0)}
    assert [duty.person for duty in contacts_of(lane.homes[0], on=TODAY)] == [lane.chen]


def _people(lane, on: date = TODAY):
    return found.by_person(village_id=lane.village.pk, kind=CONTACT, on=on)


def test_a_contact_that_ended_is_due_no_more(lane):
    lane.assign(lane.wang, lane.homes)
    ended = visiting.end_contacts(
        village=lane.village,
        person=lane.wang,
        subject_ids=[lane.homes[0].pk],
        by=lane.by,
        at=NOON,
    )
    assert ended == 1
    assert lane.homes[0].pk not in lane.due()
    assert len(lane.due()) == 9


def test_r28_a_visit_counts_for_its_month_and_the_next_month_is_due_again(lane):
    lane.assign(lane.wang, lane.homes[:2])
    lane.visit(lane.homes[0])
    assert lane.due() == {lane.homes[0].pk: True, lane.homes[1].pk: False}
    assert not any(lane.due(on=date(2026, 12, 1)).values())
    assert [one.left for one in _people(lane)] == [1]


def test_i13_the_same_visit_twice_is_one(lane):
    told = {"uuid": uuid4(), "changed": True, "note": "老人住院"}
    first = lane.visit(lane.homes[0], **told)
    again = lane.visit(lane.homes[0], **told)
    assert first.pk == again.pk
    assert AuditEvent.objects.filter(what="visits.recorded").count() == 1
    with pytest.raises(visiting.VisitToldOtherwise):
        lane.visit(lane.homes[1], **told)


def test_what_cannot_be_a_visit_is_refused(lane):
    stranger = make_person(name="外人")
    with pytest.raises(visiting.MayNotVisit):
        lane.visit(lane.homes[0], person=stranger)
    with pytest.raises(visiting.MayNotVisit):
        lane.assign(stranger, lane.homes)
    with pytest.raises(visiting.VisitIsInTheFuture):
        lane.visit(lane.homes[0], visited_on=TODAY + timedelta(days=1))
    Subject.objects.filter(pk=lane.homes[0].pk).update(state=Subject.State.CLOSED)
    with pytest.raises(visiting.NotOneToVisit):
        lane.visit(lane.homes[0])
    assert Visit.objects.count() == 0


def test_the_lot_is_even_repeatable_and_nobody_inspects_the_own(lane):
    lane.assign(lane.wang, lane.homes[:5])
    lot = lane.draw(lane.wang, lane.chen)
    assert (lot.drawn, lot.households, lot.seed) == (5, 10, 7)
    duties = VisitDuty.objects.filter(kind=INSPECTION)
    own = {home.pk for home in lane.homes[:5]}
    assert not own & set(duties.filter(person=lane.wang).values_list("subject_id", flat=True))
    first = set(duties.values_list("subject_id", "person_id"))
    lane.draw(lane.wang, lane.chen)
    assert set(duties.values_list("subject_id", "person_id")) == first
    event = AuditEvent.objects.filter(what="visits.inspection_drawn").first()
    assert event.detail["seed"] == 7


def test_an_inspection_is_done_by_an_inspection(lane):
    lane.draw(lane.wang, percent=10)
    (home,) = lane.due(kind=INSPECTION)
    lane.visit(Subject.objects.get(pk=home))
    assert lane.due(kind=INSPECTION) == {home: False}
    lane.visit(Subject.objects.get(pk=home), kind=INSPECTION, channel=Channel.HOME)
    assert lane.due(kind=INSPECTION) == {home: True}
    assert lane.due(kind=INSPECTION, on=TODAY + timedelta(days=31)) == {}


def test_a_lot_needs_somebody_else_to_go(lane):
    lane.assign(lane.wang, lane.homes)
    for percent, people in ((50, [lane.wang]), (0, [lane.chen]), (101, [lane.chen]), (50, [])):
        with pytest.raises(visiting.NobodyToInspect):
            lane.draw(*people, percent=percent)
    assert not VisitDuty.objects.filter(kind=INSPECTION).exists()
