"""F-03: workers that reach for the same job at once; one carries it out."""

import time
from datetime import timedelta
from threading import Event

from jobs import operations
from jobs.models import Job
from jobs.running import run
from tests.factories import NOON, make_township
from tests.races import begun, together
from trail import clock
from villages.models import Township


def _asked() -> Job:
    return operations.ask(kind="tests.x", key="a", payload={}, asked_by="test", at=clock.now())


def test_i28_workers_at_once_carry_out_a_job_once(committed_db):
    job = _asked()
    seen = []

    def work(lease, at):
        seen.append(lease.fence)
        make_township()
        return {}

    answers = together(*[lambda: run(job.pk, work)] * 6)
    assert sorted(answers) == [False] * 5 + [True]
    assert seen == [1]
    assert Township.objects.count() == 1


def test_f03_overtaken_worker_is_fenced_and_its_work_is_gone(committed_db):
    job = _asked()
    begun_by_first, go_on = Event(), Event()

    def slow(lease, at):
        make_township(name="慢")
        begun_by_first.set()
        assert go_on.wait(30)
        return {"by": "slow"}

    first = begun(lambda: run(job.pk, slow))
    assert begun_by_first.wait(30)
    # As if it had been silent for longer than its lease.
    Job.objects.filter(pk=job.pk).update(lease_until=NOON)
    assert run(job.pk, lambda lease, at: {"by": "second"})
    go_on.set()
    assert first.ended() is False
    ended = Job.objects.get(pk=job.pk)
    assert (ended.state, ended.fence, ended.result) == ("done", 2, {"by": "second"})
    assert not Township.objects.exists()


def test_asking_at_once_is_one_job(committed_db):
    answers = together(*[_asked] * 6)
    assert {answer.pk for answer in answers} == {Job.objects.get().pk}


def test_f03_work_longer_than_its_lease_is_not_taken_over(committed_db, monkeypatch):
    monkeypatch.setattr(operations, "LEASE", timedelta(seconds=0.6))
    job = _asked()
    begun_by_first, go_on = Event(), Event()

    def slow(lease, at):
        begun_by_first.set()
        assert go_on.wait(30)
        return {}

    first = begun(lambda: run(job.pk, slow))
    assert begun_by_first.wait(30)
    time.sleep(1.5)
    assert operations.take(job_id=job.pk, at=clock.now()) is None
    go_on.set()
    assert first.ended() is True
    assert Job.objects.get(pk=job.pk).fence == 1


def test_lease_that_is_lost_is_not_kept(committed_db):
    lease = operations.take(job_id=_asked().pk, at=clock.now())
    assert operations.keep(lease=lease, at=clock.now())
    Job.objects.update(lease_until=NOON)
    operations.take(job_id=lease.job_id, at=clock.now())
    assert not operations.keep(lease=lease, at=clock.now())
