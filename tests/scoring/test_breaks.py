"""I-08: a broken ledger takes nothing until supervision has signed; nothing is ever mended."""

import time
from datetime import timedelta
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from jobs.models import Job
from scoring import tasks
from scoring.errors import LedgerStopped
from scoring.models import Entry, LedgerState, Month
from scoring.operations import breaks, sealing
from scoring.operations.checking import check
from scoring.operations.ledger import LOCK_SPACE
from scoring.queries.breaks import standing_of
from scoring.queries.verifying import Problem
from tests.factories import NOON, make_actor, make_person, make_posting, make_village
from tests.scoring.stage import beside, set_stage
from tests.scoring.tampering import rewrite, tamper
from trail import clock
from trail.actor import Actor
from trail.models import AuditEvent

SYSTEM = Actor.system("test")
FIRST, SECOND = "entry 7: changed", "entry 9: changed"


def problems(stage, *entries):
    return [Problem(stage.village.code, entry, "changed") for entry in entries]


def stop(stage, *entries):
    found = problems(stage, *entries)
    return breaks.stop(village=stage.village, problems=found, by=SYSTEM, at=NOON)


def supervisor(village, **more):
    person = make_person(name="魏监督")
    make_posting(person=person, role="supervision_member", village=village, **more)
    return make_actor(person=person, role="supervision_member")


def sign(stage, by, reason="对照了纸上的公示，这一笔改回不了，照实写明"):
    found = LedgerState.objects.filter(village=stage.village).first()
    seen = standing_of(found) if found else ""
    return breaks.sign(village=stage.village, seen=seen, reason=reason, by=by, at=NOON)


def state(stage):
    return LedgerState.objects.get(village=stage.village)


def events(what):
    return AuditEvent.objects.filter(what=what).count()


def test_i08_stopped_ledger_refuses_posts_seals_and_closes_others_go_on(stage, neighbour):
    stage.enter()
    stage.approve_lock("2026-10")
    assert stop(stage, 7)
    with pytest.raises(LedgerStopped):
        stage.enter()
    with pytest.raises(LedgerStopped):
        sealing.seal(village_id=stage.village.pk, by=SYSTEM, at=NOON)
    with pytest.raises(LedgerStopped):
        stage.close("2026-10")
    assert stage.states() == {"2026-10": Month.State.OPEN}
    assert neighbour.enter()


def test_stopping_twice_is_stopping_once(stage):
    assert stop(stage, 7)
    assert stop(stage, 7)
    assert (state(stage).problem, state(stage).problems) == (FIRST, [FIRST])
    assert events("ledger.stopped") == 1


def test_what_is_found_later_is_added_to_the_break(stage):
    stop(stage, 7)
    assert stop(stage, 7, 9)
    assert (state(stage).problem, state(stage).problems) == (FIRST, [FIRST, SECOND])
    assert events("ledger.stopped") == 2


def test_a_check_without_problems_stops_nothing(stage):
    assert stop(stage) is False
    assert stage.enter()
    assert events("ledger.stopped") == 0


def test_i08_after_supervision_has_signed_posts_are_taken_again(stage):
    stop(stage, 7)
    by = supervisor(stage.village)
    sign(stage, by)
    assert stage.enter()
    found = state(stage)
    assert (found.signed_by_id, found.signed_at, found.broken_at) == (by.person_id, NOON, NOON)
    event = AuditEvent.objects.get(what="ledger.break_signed")
    assert (event.person_id, event.detail) == (by.person_id, {"count": 1, "problems": [FIRST]})


def test_what_was_signed_stops_nothing_again_and_what_is_new_does(stage):
    stop(stage, 7)
    sign(stage, supervisor(stage.village))
    assert stop(stage, 7) is False
    assert stage.enter()
    assert stop(stage, 7, 9)
    found = state(stage)
    assert (found.problems, found.accepted) == ([SECOND], [FIRST])
    assert (found.signed_at, found.signed_by_id, found.reason) == (None, None, "")
    with pytest.raises(LedgerStopped):
        stage.enter()


@pytest.mark.parametrize(
    "role", ["township_administrator", "village_clerk", "system_administrator", "auditor"]
)
def test_i08_no_other_role_signs(stage, role):
    stop(stage, 7)
    person = make_person()
    make_posting(person=person, role=role, township=stage.village.township)
    with pytest.raises(breaks.OnlySupervisionSigns):
        # What the actor calls itself does not count.
        sign(stage, make_actor(person=person, role="supervision_member"))
    assert state(stage).stopped


def test_i08_neither_the_system_nor_a_former_or_foreign_member_signs(stage):
    stop(stage, 7)
    elsewhere = make_village(township=stage.village.township, number=222)
    ended = NOON.date() - timedelta(1)
    for by in (
        Actor.system("supervision_member"),
        supervisor(elsewhere),
        supervisor(stage.village, to_on=ended),
        supervisor(stage.village, from_on=NOON.date() + timedelta(1)),
    ):
        with pytest.raises(breaks.OnlySupervisionSigns):
            sign(stage, by)
    assert state(stage).stopped


@pytest.mark.parametrize("reason", ["", "  ", "长" * 301])
def test_signature_says_what_was_found(stage, reason):
    stop(stage, 7)
    with pytest.raises(breaks.ReasonMissing):
        sign(stage, supervisor(stage.village), reason=reason)


def test_what_was_found_after_the_page_was_shown_is_not_signed_unseen(stage):
    stop(stage, 7)
    seen, by = standing_of(state(stage)), supervisor(stage.village)
    stop(stage, 7, 9)
    with pytest.raises(breaks.FoundSince):
        breaks.sign(village=stage.village, seen=seen, reason="看过了", by=by, at=NOON)
    assert state(stage).stopped


def test_what_is_not_stopped_is_not_signed(stage):
    by = supervisor(stage.village)
    with pytest.raises(breaks.LedgerIsNotStopped):
        sign(stage, by)
    stop(stage, 7)
    sign(stage, by)
    with pytest.raises(breaks.LedgerIsNotStopped):
        sign(stage, by)


@pytest.fixture
def broken(committed_db):
    """A village whose second entry was changed, and its sound neighbour."""
    stage = set_stage()
    other = beside(stage)
    for value in (3, 4, 5):
        stage.enter(value)
        other.enter(value)
    entry = Entry.objects.filter(village=stage.village).order_by("pk")[1].pk
    tamper(committed_db, f"UPDATE scoring_entry SET points = 9 WHERE id = {entry}")
    stage.changed, stage.other = entry, other
    return stage


def carried_out():
    """Each night: ask, then every job that waits."""
    tasks.verify_ledgers()
    for job in Job.objects.filter(state=Job.State.WAITING).order_by("pk"):
        {
            "scoring.verify_ledger": tasks.verify_ledger,
            "scoring.compare_witness": tasks.compare_witness,
        }[job.kind](job_id=job.pk)


def test_i08_each_night_the_broken_village_is_stopped_and_no_other(broken):
    for _ in range(2):
        carried_out()
    assert [found.village for found in LedgerState.objects.all()] == [broken.village]
    assert state(broken).problems[0].startswith(f"entry {broken.changed}: changed")
    assert events("ledger.stopped") == 1
    with pytest.raises(LedgerStopped):
        broken.enter()
    assert broken.other.enter()
    results = {job.village_id: job.result for job in Job.objects.all()}
    assert results[broken.other.village.pk] == {"entries": 3, "problems": 0}


def test_i08_a_signed_break_is_found_each_night_and_stops_nothing_again(broken):
    carried_out()
    before = list(Entry.objects.order_by("pk").values())
    sign(broken, supervisor(broken.village))
    assert list(Entry.objects.order_by("pk").values()) == before
    broken.enter()
    carried_out()
    assert check(village_id=broken.village.pk, village=broken.village.code).problems != []
    assert broken.enter()


def test_i08_verify_ledger_stops_only_when_told(broken):
    with pytest.raises(CommandError):
        call_command("verify_ledger", stdout=StringIO())
    assert not LedgerState.objects.exists()
    with pytest.raises(CommandError):
        call_command("verify_ledger", "--stop", stdout=StringIO())
    assert state(broken).stopped
    assert not LedgerState.objects.filter(village=broken.other.village).exists()


def test_t20_each_night_a_rewritten_ledger_is_stopped_by_the_witness(
    committed_db, settings, tmp_path
):
    stage = set_stage()
    first = stage.enter(3)
    stage.enter(4)
    sealing.seal(village_id=stage.village.pk, by=SYSTEM, at=NOON)
    settings.WITNESS_FILE = str(tmp_path / "witness.txt")
    call_command("export_witness", stdout=StringIO())
    carried_out()
    assert not LedgerState.objects.exists()
    rewrite(
        committed_db,
        stage.village.pk,
        f"UPDATE scoring_entry SET points = 50 WHERE id = {first}",
    )
    carried_out()
    assert state(stage).problem == f"entry {first}: changed: the witness has another digest"
    assert Job.objects.get(kind="scoring.verify_ledger").result["problems"] == 0


def waits_for_the_ledger(cursor):
    cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    return cursor.fetchone()[0] > 0


def test_what_only_looks_broken_while_others_write_stops_nobody(committed_db):
    """The first look sees a writer half done; the second waits for it."""
    stage, verdicts = set_stage(), []
    stage.enter()

    def examine():
        verdicts.append(breaks.examine(village=stage.village, by=SYSTEM, at=clock.now()))
        connection.close()

    examiner = Thread(target=examine)
    with committed_db.as_superuser() as writer, writer.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [LOCK_SPACE + stage.village.pk])
        cursor.execute("UPDATE scoring_balance SET gross = gross + 1")
        assert check(village_id=stage.village.pk, village="").problems != []
        examiner.start()
        deadline = time.monotonic() + 60
        while not waits_for_the_ledger(cursor) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert verdicts == []
        cursor.execute("UPDATE scoring_balance SET gross = gross - 1")
    examiner.join()
    assert [verdict.problems for verdict in verdicts] == [[]]
    assert not LedgerState.objects.exists()
