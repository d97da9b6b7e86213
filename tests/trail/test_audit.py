"""I-30: what was done stays on record."""

import pytest
from django.db import DatabaseError, connection, connections

from tests.factories import NOON, make_actor, make_person
from trail.actor import Actor
from trail.models import AuditEvent
from trail.operations import record

CHANGES = {
    "update": "UPDATE trail_auditevent SET actor = '别人'",
    "update of nothing": "UPDATE trail_auditevent SET actor = '别人' WHERE false",
    "delete": "DELETE FROM trail_auditevent",
    "delete of nothing": "DELETE FROM trail_auditevent WHERE false",
    "truncate": "TRUNCATE trail_auditevent",
}


def happened(**fields) -> AuditEvent:
    record(by=make_actor(), at=NOON, what="test.happened", about="test:1", **fields)
    return AuditEvent.objects.latest("id")


def test_record_keeps_who_what_when_and_from_where(db):
    person = make_person()
    by = Actor("林文书", "village_clerk", person.pk, 7, "req-1", "10.0.0.1")
    record(by=by, at=NOON, what="a.b", about="c:1", village_id=3, detail={"count": 2})
    event = AuditEvent.objects.get()
    assert (event.actor, event.role, event.person_id, event.user_id) == (
        "林文书",
        "village_clerk",
        person.pk,
        7,
    )
    assert (event.at, event.what, event.about, event.village_id) == (NOON, "a.b", "c:1", 3)
    assert (event.detail, event.request_id, event.address) == ({"count": 2}, "req-1", "10.0.0.1")


def test_the_system_acts_without_a_person(db):
    record(by=Actor.system("scoring.close_month"), at=NOON, what="a.b", about="c:1")
    event = AuditEvent.objects.get()
    assert (event.actor, event.role, event.person_id) == ("scoring.close_month", "system", None)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_i30_the_application_changes_no_event(db, change):
    happened()
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_i30_not_even_the_owner_changes_an_event(committed_db, change):
    happened()
    with (
        pytest.raises(DatabaseError, match="rows are only ever added"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute(change)
    assert AuditEvent.objects.get().actor == "林文书"


def test_a_superuser_who_switches_triggers_to_replica_changes_no_event(committed_db):
    happened()
    with committed_db.as_superuser() as raw, raw.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        with pytest.raises(Exception, match="rows are only ever added"):
            cursor.execute(CHANGES["update"])
