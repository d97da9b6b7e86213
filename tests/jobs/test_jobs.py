"""Jobs: asked for once, taken by one worker at a time, ended under a fence (I-28)."""

from datetime import timedelta

import pytest
from celery import current_app
from django.db import transaction

from jobs import operations, queries, running
from jobs.models import Job
from jobs.operations import LEASE, MOST_FAILURES, Fenced, Lease
from jobs.tasks import sweep_jobs
from tests.factories import NOON, make_township
from trail import clock
from trail.errors import DomainError
from villages.models import Township

KIND = "tests.do_it"
SECOND = timedelta(seconds=1)


def _ask(key: str = "a", *, at=NOON, **payload) -> Job:
    return operations.ask(kind=KIND, key=key, payload=payload, asked_by="test", at=at)


def _take(job: Job, *, at=NOON) -> Lease:
    lease = operations.take(job_id=job.pk, at=at)
    assert lease is not None
    return lease


def _now(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def _writes(name: str):
    """Work that leaves a row, so that it can be seen to be rolled back."""

    def work(lease, at):
        make_township(name=name)
        return {"made": name}

    return work


class Refusal(DomainError):
    code = "no"


def test_asking_twice_is_one_job(db):
    first = _ask(month="2026-10")
    assert _ask(month="2026-11") == first
    assert _now(first).payload == {"month": "2026-10"}
    assert _ask("b") != first


def test_ended_job_waits_again_with_the_new_payload_when_asked_again(db):
    job = _ask(month="2026-10")
    operations.finish(lease=_take(job), result={"n": 1}, at=NOON)
    again = _ask(month="2026-11", at=NOON + SECOND)
    assert (again.pk, again.state, again.payload) == (job.pk, "waiting", {"month": "2026-11"})
    assert (again.fence, again.failures, again.ended_at) == (1, 0, None)


def test_running_job_that_is_asked_for_again_runs_on(db):
    job = _ask()
    lease = _take(job)
    assert _ask(at=NOON + SECOND).state == Job.State.RUNNING
    operations.finish(lease=lease, result={}, at=NOON)
    assert _now(job).state == Job.State.DONE


def test_taken_job_is_taken_once(db):
    job = _ask()
    assert _take(job) == Lease(job_id=job.pk, fence=1, payload={})
    assert operations.take(job_id=job.pk, at=NOON + LEASE) is None
    assert _now(job).lease_until == NOON + LEASE


def test_job_is_not_taken_before_its_hour_nor_after_its_end(db):
    job = _ask()
    assert operations.take(job_id=job.pk, at=NOON - SECOND) is None
    operations.finish(lease=_take(job), result={}, at=NOON)
    assert operations.take(job_id=job.pk, at=NOON + 2 * LEASE) is None
    assert operations.take(job_id=0, at=NOON) is None


def test_i28_job_whose_lease_ran_out_is_taken_again_with_a_higher_fence(db):
    job = _ask()
    _take(job)
    assert _take(job, at=NOON + LEASE + SECOND).fence == 2


def test_progress_keeps_the_lease(db):
    job = _ask()
    lease = _take(job)
    operations.progress(lease=lease, done=3, total=10, at=NOON + 40 * SECOND)
    assert operations.take(job_id=job.pk, at=NOON + LEASE + SECOND) is None
    assert (_now(job).done, _now(job).total) == (3, 10)
    operations.finish(lease=lease, result={"n": 10}, at=NOON + LEASE)
    ended = _now(job)
    assert (ended.state, ended.done, ended.result, ended.lease_until) == (
        "done",
        10,
        {"n": 10},
        None,
    )


@pytest.mark.parametrize("write", ["progress", "finish", "refuse", "fail"])
def test_i28_zombie_with_an_old_fence_writes_nothing(db, write):
    job = _ask()
    old = _take(job)
    new = _take(job, at=NOON + LEASE + SECOND)
    act = {
        "progress": lambda: operations.progress(lease=old, done=1, total=1, at=NOON),
        "finish": lambda: operations.finish(lease=old, result={"n": 1}, at=NOON),
        "refuse": lambda: operations.refuse(lease=old, reason="x", at=NOON),
        "fail": lambda: operations.fail(lease=old, reason="x", at=NOON),
    }[write]
    before = Job.objects.filter(pk=job.pk).values().get()
    if write == "fail":
        act()
    else:
        with pytest.raises(Fenced):
            act()
    assert Job.objects.filter(pk=job.pk).values().get() == before
    operations.finish(lease=new, result={}, at=NOON)


def test_i28_work_of_a_zombie_is_rolled_back(db):
    job = _ask(at=clock.now())

    def overtaken(lease, at):
        make_township(name="假")
        assert operations.take(job_id=job.pk, at=clock.now() + 2 * LEASE)
        return {}

    assert running.run(job.pk, overtaken) is False
    assert not Township.objects.exists()
    assert (_now(job).state, _now(job).fence) == ("running", 1)


def test_run_carries_out_the_work_once(db):
    job = _ask(at=clock.now(), month="2026-10")
    seen = []

    def work(lease, at):
        seen.append(lease.payload)
        return {"made": 1}

    assert running.run(job.pk, work) is True
    assert running.run(job.pk, work) is False
    assert seen == [{"month": "2026-10"}]
    assert (_now(job).state, _now(job).result) == ("done", {"made": 1})


def test_refused_work_ends_the_job_with_its_reason_and_leaves_nothing(db):
    job = _ask(at=clock.now())

    def refused(lease, at):
        make_township()
        raise Refusal("前面还有两个月没关账")

    assert running.run(job.pk, refused) is True
    ended = _now(job)
    assert (ended.state, ended.error) == ("failed", "前面还有两个月没关账")
    assert ended.ended_at
    assert not Township.objects.exists()
    assert running.run(job.pk, refused) is False


def test_refusal_of_a_job_that_was_cancelled_meanwhile_is_no_crash(committed_db):
    job = _ask(at=clock.now())

    def cancelled_first(lease, at):
        with committed_db.as_application() as other, other.cursor() as cursor:
            cursor.execute("UPDATE jobs_job SET state = 'cancelled'")
        raise Refusal("x")

    assert running.run(job.pk, cancelled_first) is False
    assert (_now(job).state, _now(job).error) == ("cancelled", "")


def test_crash_is_counted_and_the_third_ends_the_job(db):
    job = _ask(at=clock.now())
    for failures in range(1, MOST_FAILURES + 1):
        Job.objects.filter(pk=job.pk).update(due_at=clock.now())
        with pytest.raises(ZeroDivisionError):
            running.run(job.pk, lambda lease, at: {"n": 1 // 0})
        assert _now(job).failures == failures
        assert _now(job).error == "ZeroDivisionError"
        assert _now(job).state == ("failed" if failures == MOST_FAILURES else "waiting")
    assert running.run(job.pk, _writes("x")) is False
    assert not Township.objects.exists()


def test_crashed_job_waits_a_little_before_the_next_try(db):
    job = _ask()
    operations.fail(lease=_take(job), reason="x", at=NOON)
    assert operations.take(job_id=job.pk, at=NOON + 9 * SECOND) is None
    assert operations.take(job_id=job.pk, at=NOON + 10 * SECOND)


def test_cancelled_job_does_not_start_and_a_running_one_is_fenced(db):
    waiting, runs = _ask("waiting"), _ask("runs")
    lease = _take(runs)
    for job in (waiting, runs):
        operations.cancel(job_id=job.pk, at=NOON)
    assert operations.take(job_id=waiting.pk, at=NOON) is None
    with pytest.raises(Fenced):
        operations.finish(lease=lease, result={}, at=NOON)
    assert {_now(waiting).state, _now(runs).state} == {"cancelled"}


def test_ended_job_is_not_cancelled(db):
    job = _ask()
    operations.finish(lease=_take(job), result={}, at=NOON)
    operations.cancel(job_id=job.pk, at=NOON)
    assert _now(job).state == Job.State.DONE


def test_due_jobs_are_the_waiting_and_the_abandoned_oldest_first(db):
    names = ["later", "abandoned", "held", "ended", "waits"]
    jobs = {name: _ask(name, at=NOON) for name in names}
    Job.objects.filter(key="later").update(due_at=NOON + timedelta(minutes=5))
    _take(jobs["abandoned"], at=NOON)
    _take(jobs["held"], at=NOON + LEASE)
    operations.finish(lease=_take(jobs["ended"]), result={}, at=NOON)
    due = queries.due(at=NOON + LEASE + SECOND)
    assert [job.key for job in due] == ["abandoned", "waits"]


def test_f06_sweeper_sends_every_due_job_to_its_task(db, monkeypatch):
    sent = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, kwargs: sent.append((name, kwargs["job_id"]))
    )
    due, later = _ask("due", at=clock.now()), _ask("later", at=clock.now() + timedelta(hours=1))
    sweep_jobs()
    assert sent == [(KIND, due.pk)]
    assert later.state == Job.State.WAITING


def test_lost_transaction_takes_its_job_with_it(committed_db):
    def lost():
        with transaction.atomic():
            _ask()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        lost()
    assert not Job.objects.exists()


def test_f25_job_whose_process_died_three_times_has_failed(db):
    job = _ask()
    for attempt in range(MOST_FAILURES):
        assert _take(job, at=NOON + attempt * (LEASE + SECOND)).fence == attempt + 1
    later = NOON + MOST_FAILURES * (LEASE + SECOND)
    assert operations.take(job_id=job.pk, at=later) is None
    ended = _now(job)
    assert (ended.state, ended.failures) == (Job.State.FAILED, MOST_FAILURES)
    assert ended.error == "做到一半中断了三次"
