"""Who may hold what at the same time, and how a posting ends: in the database and in words."""

import json
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.factories import (
    NOON,
    make_actor,
    make_person,
    make_posting,
    make_township,
    make_unit,
    make_village,
)
from trail.models import AuditEvent
from trail.scope import Scope
from villages import operations, queries
from villages.models import Post, Posting, Unit
from villages.operations import NewPosting
from villages.operations.places import UnitNameTaken
from villages.operations.postings import HasEnded, PostsExclude

TODAY = date(2026, 11, 1)
ADMINISTRATORS = ("system_administrator", "security_administrator", "audit_administrator")
INSERT = """
    INSERT INTO villages_posting (person_id, post_id, township_id, village_id, route,
                                  qualification, from_on, to_on)
    VALUES (%s, %s, %s, %s, 'assigned', '', %s, %s)
"""


@pytest.fixture
def village(db):
    return make_village(township=make_township())


def insert(person, role, village, *, whole=False, from_on=TODAY, to_on=None) -> None:
    """By raw SQL, as the application's role."""
    place = None if whole else village.pk
    post = Post.objects.get(code=role).pk
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, [person.pk, post, village.township_id, place, from_on, to_on])


@pytest.mark.parametrize("first", ADMINISTRATORS)
@pytest.mark.parametrize("second", ADMINISTRATORS)
def test_i31_the_three_administrators_never_meet_in_one_person(village, first, second):
    person = make_person()
    insert(person, first, village, whole=True)
    insert(make_person(), second, village, whole=True)
    if first == second:
        insert(person, second, village, whole=True)
        return
    with pytest.raises(IntegrityError, match="administrators are apart"):
        insert(person, second, village, whole=True)


def test_i31_one_after_the_other_is_no_meeting(village):
    person = make_person()
    insert(person, ADMINISTRATORS[0], village, whole=True, to_on=date(2026, 11, 30))
    with pytest.raises(IntegrityError):
        insert(person, ADMINISTRATORS[1], village, whole=True, from_on=date(2026, 11, 30))
    insert(person, ADMINISTRATORS[1], village, whole=True, from_on=date(2026, 12, 1))


@pytest.mark.parametrize(("first_whole", "second_whole"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_supervision_is_nobody_of_the_committee_of_the_same_village(
    village, first_whole, second_whole
):
    person = make_person()
    insert(person, "supervision_member", village, whole=first_whole)
    with pytest.raises(IntegrityError, match="supervision and committee"):
        insert(person, "committee_member", village, whole=second_whole)


def test_a_committee_member_may_supervise_another_village(village):
    person, other = make_person(), make_village(township=village.township, number=201)
    insert(person, "supervision_member", village)
    insert(person, "committee_member", other)
    assert person.postings.count() == 2


def test_the_refusal_says_what_to_do(village):
    person = make_person()
    make_posting(person=person, role="committee_member", village=village)
    with pytest.raises(PostsExclude, match="先结束原来的任职"):
        operations.open_posting(
            posting=NewPosting(
                person=person,
                role="supervision_member",
                township=village.township,
                village=village,
                from_on=TODAY,
            ),
            by=make_actor(),
            at=NOON,
        )
    assert person.postings.count() == 1


def test_a_deputy_has_a_last_day(village):
    whom = make_posting(person=make_person(), village=village)
    with pytest.raises(IntegrityError, match="deputy_has_a_last_day"), transaction.atomic():
        Posting.objects.create(
            person=make_person(),
            post=whom.post,
            township=village.township,
            village=village,
            from_on=TODAY,
            deputy_of=whom,
        )


@pytest.mark.parametrize(
    "change",
    ["person_id = %s", "post_id = %s", "township_id = %s", "village_id = %s", "from_on = now()"],
)
def test_t14_what_was_granted_is_not_changed_by_the_application(village, change):
    posting = make_posting(person=make_person(), village=village)
    sql = f"UPDATE villages_posting SET {change.replace('%s', '1')} WHERE id = {posting.pk}"  # noqa: S608
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_t14_a_posting_is_only_shortened(village):
    posting = make_posting(person=make_person(), village=village, to_on=date(2026, 12, 31))
    rows = Posting.objects.filter(pk=posting.pk)
    for later in (None, date(2027, 1, 1)):
        with pytest.raises(IntegrityError, match="only ever shortened"), transaction.atomic():
            rows.update(to_on=later)
    rows.update(ended_at=NOON)
    with pytest.raises(IntegrityError, match="only ever shortened"), transaction.atomic():
        rows.update(ended_at=None)


def test_a_posting_ends_at_once_or_on_a_day_and_leaves_one_event(village):
    by = make_actor()
    now, later = (make_posting(person=make_person(), village=village) for _ in range(2))
    operations.end_posting(posting=now, last_day=None, by=by, at=NOON)
    operations.end_posting(posting=later, last_day=date(2026, 11, 5), by=by, at=NOON)
    assert queries.postings_held(person_id=now.person_id, on=TODAY) == []
    assert len(queries.postings_held(person_id=later.person_id, on=date(2026, 11, 5))) == 1
    assert queries.postings_held(person_id=later.person_id, on=date(2026, 11, 6)) == []
    events = AuditEvent.objects.filter(what="villages.posting_ended").order_by("pk")
    assert [event.about for event in events] == [
        f"villages.posting:{row.pk}" for row in (now, later)
    ]


@pytest.mark.parametrize("day", [date(2026, 10, 31), date(2027, 1, 1)])
def test_a_posting_ends_neither_in_the_past_nor_later_than_before(village, day):
    posting = make_posting(person=make_person(), village=village, to_on=date(2026, 12, 31))
    with pytest.raises(HasEnded, match="最后一天要从今天起"):
        operations.end_posting(posting=posting, last_day=day, by=make_actor(), at=NOON)


def test_what_has_ended_does_not_end_again(village):
    posting = make_posting(person=make_person(), village=village)
    for told in ("", "已经结束"):
        if told:
            with pytest.raises(HasEnded, match=told):
                operations.end_posting(posting=posting, last_day=None, by=make_actor(), at=NOON)
        else:
            operations.end_posting(posting=posting, last_day=None, by=make_actor(), at=NOON)


def test_a_unit_is_added_and_renamed_once_per_name(village):
    by = make_actor()
    first = make_unit(village=village, name="1组")
    added = operations.add_unit(
        village=village, kind=Unit.Kind.GRID, name="1组", parent=first, by=by, at=NOON
    )
    with pytest.raises(UnitNameTaken, match="已经有叫“1组”的村民小组"):
        operations.add_unit(village=village, kind=Unit.Kind.GROUP, name="1组", by=by, at=NOON)
    operations.rename_unit(unit=added, name="第一网格", by=by, at=NOON)
    added.refresh_from_db()
    assert added.name == "第一网格"
    assert AuditEvent.objects.filter(what__startswith="villages.unit_").count() == 2


def test_a_changed_person_leaves_neither_name_nor_phone_in_the_trail(db):
    person = make_person(name="林文书", phone="13812345678")
    operations.change_person(
        person=person, name="林文", phone="13900001111", by=make_actor(), at=NOON
    )
    person.refresh_from_db()
    assert (person.name, person.phone) == ("林文", "13900001111")
    kept = AuditEvent.objects.get().detail
    changes = {change["field"]: change for change in kept["changes"]}
    assert set(changes) == {"villages.person.name", "villages.person.phone"}
    assert all(change["personal"] for change in changes.values())
    for told in ("林文", "13812345678", "13900001111"):
        assert told not in json.dumps(kept, ensure_ascii=False)


def test_who_was_just_added_is_found_by_that_township_alone(village):
    elsewhere = make_township(code="440783104", name="苍城镇")
    person = operations.add_person(
        name="林文书", township=village.township, by=make_actor(), at=NOON
    )
    for township, found in ((village.township, [person]), (elsewhere, [])):
        scope = scope_of(township)
        assert list(queries.people_within(scope, "view_postings")) == found


def scope_of(township):
    return Scope(townships={"view_postings": frozenset({township.pk})})
