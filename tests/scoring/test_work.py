"""What the tasks do: carry out approved acts, twice as well as once, and say why when refused."""

from datetime import timedelta

import pytest

from jobs.models import Job
from jobs.running import run
from notices import operations as notices
from notices.models import Notice
from scoring import tasks, work
from scoring.models import Hold, Month, Rating, Seal, StarScheme
from scoring.operations import holds
from tests.factories import NOON
from tests.scoring.comparing import business_tables
from trail import clock
from trail.models import AuditEvent

MONTH = "2026-10"
GRADES = {
    "kind": "grades",
    "code": "credit",
    "version": 1,
    "base_points": 60,
    "grades": [{"name": "A", "at_least": 65}],
    "lowest": "B",
}


@pytest.fixture
def ready(stage):
    """A month with an entry, locked by two persons, in a village with a scheme."""
    StarScheme.objects.create(
        village=stage.village, code="credit", version=1, data=GRADES, in_force=True
    )
    stage.enter(5)
    stage.approve_lock(MONTH, at=clock.now())
    return stage


def _asked(stage, kind: str) -> Job:
    payloads = {
        "close_month": {"village": stage.village.code, "month": MONTH},
        "recompute_ratings": {"village": stage.village.code, "month": MONTH},
        "seal_ledger": {"village": stage.village.pk},
    }
    return work.jobs.ask(
        kind=f"scoring.{kind}", key="x", payload=payloads[kind], asked_by="test", at=clock.now()
    )


@pytest.mark.parametrize("kind", ["close_month", "recompute_ratings", "seal_ledger"])
def test_i28_job_run_twice_leaves_what_one_run_leaves(ready, kind):
    before = business_tables()
    assert run(_asked(ready, kind).pk, getattr(work, kind))
    once = business_tables()
    assert run(_asked(ready, kind).pk, getattr(work, kind))
    assert Job.objects.get().fence == 2
    # Rating again is an act of its own, and is recorded as one.
    recorded = {"trail_auditevent"} if kind == "recompute_ratings" else set()
    again = business_tables()
    assert {table for table in once if once[table] != again[table]} == recorded
    assert before != once


def test_task_of_a_close_closes_the_month(ready):
    job = work.ask_to_close(village=ready.village, month=MONTH, by="test", at=clock.now())
    tasks.close_month(job_id=job.pk)
    ended = Job.objects.get(pk=job.pk)
    assert (ended.state, ended.result) == ("done", {"month": MONTH, "state": "closed"})
    assert ready.states() == {MONTH: "closed"}


def test_close_without_approval_ends_its_job_with_the_reason(stage):
    stage.enter(5)
    job = work.ask_to_close(village=stage.village, month=MONTH, by="test", at=clock.now())
    tasks.close_month(job_id=job.pk)
    ended = Job.objects.get(pk=job.pk)
    assert ended.state == Job.State.FAILED
    assert "两个人确认" in ended.error
    assert stage.states() == {MONTH: "open"}


def test_refused_close_is_asked_for_again_once_approved(stage):
    stage.enter(5)
    for _ in range(2):
        job = work.ask_to_close(village=stage.village, month=MONTH, by="test", at=clock.now())
        tasks.close_month(job_id=job.pk)
        if stage.states()[MONTH] == "open":
            stage.approve_lock(MONTH, at=clock.now())
    assert Job.objects.get().state == Job.State.DONE
    assert stage.states() == {MONTH: "closed"}


def test_each_night_villages_that_grew_are_sealed(stage, neighbour):
    neighbour.enter(5)
    for _ in range(2):
        tasks.seal_ledgers()
        for job in Job.objects.filter(state=Job.State.WAITING):
            tasks.seal_ledger(job_id=job.pk)
    assert [job.village_id for job in Job.objects.all()] == [neighbour.village.pk]
    assert [seal.village_id for seal in Seal.objects.all()] == [neighbour.village.pk]


def test_beat_prepares_ended_months_and_seals_nothing(stage):
    stage.enter(5)
    tasks.propose_closes()
    tasks.propose_closes()
    assert stage.month(MONTH).prepared["count"] == 1
    assert AuditEvent.objects.filter(what="month.prepared").count() == 1
    assert stage.states() == {MONTH: "open"}
    assert not Seal.objects.exists()


def _published(stage) -> Notice:
    tasks.close_month(
        job_id=work.ask_to_close(village=stage.village, month=MONTH, by="test", at=clock.now()).pk
    )
    notice, at = Notice.objects.get(), clock.now()
    proposal = notices.propose_publication(notice=notice, by=stage.clerk, at=at)
    notices.approve_publication(
        notice=notice, proposal=proposal, publish_on=clock.today(), by=stage.second, at=at
    )
    return notices.publish(notice=notice, at=at)


def test_i23_month_follows_its_notice_and_ends_with_its_period(ready, settings):
    notice = _published(ready)
    tasks.advance_months()
    assert ready.states() == {MONTH: "published"}
    settings.CLOCK_SHIFT = notice.until_on - notice.publish_on
    tasks.advance_months()
    assert ready.states() == {MONTH: "published"}
    settings.CLOCK_SHIFT += timedelta(days=1)
    tasks.advance_months()
    assert ready.states() == {MONTH: "final"}


def test_i23_held_month_waits_for_its_hold(ready, settings):
    notice = _published(ready)
    holds.open_hold(
        month=ready.month(MONTH),
        source="objection:1",
        kind=Hold.Kind.FINAL,
        reason="还没答复",
        by=ready.clerk,
        at=NOON,
    )
    settings.CLOCK_SHIFT = notice.until_on - notice.publish_on + timedelta(days=1)
    tasks.advance_months()
    assert ready.states() == {MONTH: Month.State.PUBLISHED}


def test_task_of_ratings_rates(ready):
    job = _asked(ready, "recompute_ratings")
    tasks.recompute_ratings(job_id=job.pk)
    assert Rating.objects.get().grade == "A"
    assert Job.objects.get(pk=job.pk).result == {"ratings": 1}
