"""I-30, B-24: events leave the trail by one door only, and never before 183 days."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from tests.factories import NOON, make_actor
from trail.actor import Actor
from trail.changes import Change, batch_digest
from trail.models import AuditEvent
from trail.operations import purge, record
from trail.tasks import purge_audit

PURGE = "SELECT gone FROM vc_guard.purge_audit(%s, 1000)"
MARK = "SELECT set_config('villages.purging', pg_current_xact_id()::text, true);"
TRICKS = {
    "delete with the marker": MARK + "DELETE FROM trail_auditevent",
    "merge": """MERGE INTO trail_auditevent e USING (SELECT 1) s ON true
        WHEN MATCHED THEN DELETE""",
    "merge of a column": """MERGE INTO trail_auditevent e USING (SELECT 1) s ON true
        WHEN MATCHED THEN UPDATE SET actor = '别人'""",
    "insert on conflict": """INSERT INTO trail_auditevent
        (id, at, actor, role, what, about, detail, request_id)
        OVERRIDING SYSTEM VALUE SELECT id, at, '别人', role, what, about, detail, request_id
        FROM trail_auditevent ON CONFLICT (id) DO UPDATE SET actor = EXCLUDED.actor""",
    "truncate with the marker": MARK + "TRUNCATE trail_auditevent",
    "update with the marker": MARK + "UPDATE trail_auditevent SET actor = '别人'",
    "trigger off": "ALTER TABLE trail_auditevent DISABLE TRIGGER ALL",
    "a moved clock": """SET villages.clock_shift_days = 4000;
        DELETE FROM trail_auditevent""",
}


def happened(days_ago: float, name: str = "林文书") -> int:
    at = timezone.now() - timedelta(days=days_ago)
    record(by=Actor(name, "village_clerk"), at=at, what="test.happened", about="test:1")
    return AuditEvent.objects.latest("id").pk


def left() -> list[int]:
    return list(AuditEvent.objects.order_by("id").values_list("pk", flat=True))


def test_b24_only_events_past_the_retention_are_purged_and_told(db):
    happened(1200)
    happened(1100)
    kept = [happened(days) for days in (1095, 184, 182, 0)]
    assert purge(keep_days=1096, by=Actor.system("trail.purge_audit"), at=NOON) == 2
    *others, told = left()
    assert others == kept
    event = AuditEvent.objects.get(pk=told)
    assert (event.what, event.role, event.detail["count"]) == ("trail.purged", "system", 2)
    assert len(event.detail["sha256"][0]) == 64
    assert event.detail["last_id"] - event.detail["first_id"] == 1


def test_b24_the_task_keeps_three_years_and_tells_nothing_when_nothing_went(db):
    kept = [happened(1000), happened(1)]
    purge_audit()
    assert left() == kept


@pytest.mark.parametrize("days", [182, 0, -1, None])
def test_b24_fewer_than_183_days_are_refused_whatever_the_argument(db, days):
    happened(1200)
    with pytest.raises(DatabaseError, match="at least 183"), connection.cursor() as cursor:
        cursor.execute(PURGE, [days])


def test_b24_a_moved_clock_makes_no_event_older(db):
    kept = [happened(100)]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL villages.clock_shift_days = 4000")
        cursor.execute(PURGE, [183])
        assert cursor.fetchone() == (0,)
    assert left() == kept


def test_an_event_with_a_false_old_date_goes_no_earlier_than_its_neighbours(db):
    kept = [happened(10), happened(3000)]
    purge(keep_days=183, by=Actor.system("trail.purge_audit"), at=NOON)
    assert left() == kept


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_i30_no_trick_of_the_application_changes_the_trail(committed_db, trick):
    ids = [happened(1200), happened(1)]
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(trick)
    assert left() == ids
    assert set(AuditEvent.objects.values_list("actor", flat=True)) == {"林文书"}


@pytest.mark.parametrize("trick", [name for name in TRICKS if name != "trigger off"])
def test_i30_no_trick_of_the_owner_takes_a_young_event(committed_db, trick):
    ids = [happened(1200), happened(1)]
    with (
        pytest.raises(DatabaseError, match=r"rows are only ever added|younger than 183 days"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute(TRICKS[trick])
    assert left() == ids
    assert set(AuditEvent.objects.values_list("actor", flat=True)) == {"林文书"}


def test_i30_the_owner_deletes_not_even_an_old_event_by_hand(committed_db):
    ids = [happened(1200)]
    with (
        pytest.raises(DatabaseError, match="rows are only ever added"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute("DELETE FROM trail_auditevent")
    assert left() == ids


def test_i30_the_marker_of_a_purge_does_not_outlive_it(committed_db):
    happened(1200)
    ids = [happened(400), happened(1)]
    with connections["owner"].cursor() as cursor:
        with pytest.raises(DatabaseError, match="rows are only ever added"):
            cursor.execute(
                "BEGIN; SELECT vc_guard.purge_audit(1096, 10);"
                f"DELETE FROM trail_auditevent WHERE id = {ids[0]}"  # noqa: S608
            )
        cursor.execute("ROLLBACK")
    assert set(ids) <= set(left())


def test_a_change_is_kept_from_what_to_what_and_personal_fields_as_digests(db):
    changes = [
        Change("households.subject.state", "active", "closed"),
        Change("households.member.phone", "13812345678", "13912345678", personal=True),
        Change("households.member.id_number", "", "999999198003050019", personal=True),
    ]
    record(by=make_actor(), at=NOON, what="test.changed", about="test:1", changes=changes)
    state, phone, number = AuditEvent.objects.get().detail["changes"]
    assert state == {"field": "households.subject.state", "before": "active", "after": "closed"}
    assert phone["before"] != phone["after"]
    assert len(phone["before"]) == 16
    assert number["before"] is None
    assert "138123" not in str(AuditEvent.objects.get().detail)
    assert phone["before"] == changes[1].kept()["before"]


def test_a_batch_has_its_count_and_a_digest_of_what_it_held():
    assert batch_digest([1, 2]) == batch_digest(iter(["1", "2"]))
    assert batch_digest([1, 2])["count"] == 2
    assert batch_digest([12])["sha256"] != batch_digest([1, 2])["sha256"]
