"""F-01: the process that closes a month is killed at each failpoint; the close is done anyway.

Compared are all tables of two databases that were one until the close began.
"""

from collections.abc import Callable
from datetime import date

import pytest
from celery import current_app
from django.db import connections

from jobs.models import Job
from jobs.running import run
from scoring import work
from scoring.models import StarScheme
from tests.databases import clone_of, in_use
from tests.factories import make_household
from tests.scoring.comparing import business_tables
from tests.scoring.stage import Stage, set_stage
from tests.services import wait_for
from trail import clock

MONTH = "2026-10"
FAILPOINTS = ("close:sealed", "close:rated", "close:drafted")
GRADES = {
    "kind": "grades",
    "code": "credit",
    "version": 1,
    "base_points": 60,
    "grades": [{"name": "A", "at_least": 65}],
    "lowest": "B",
}


def _ready_to_close() -> tuple[Stage, Job]:
    stage = set_stage()
    StarScheme.objects.create(
        village=stage.village, code="credit", name="信用户", version=1, data=GRADES, in_force=True
    )
    for points in (3, 8, 20):
        home = make_household(village=stage.village)
        stage.enter(points, home=home)
        stage.enter(-1, item="minus", home=home)
        stage.enter(points, home=home, on=date(2026, 11, 2))
    stage.approve_lock(MONTH, at=clock.now())
    job = work.ask_to_close(village=stage.village, month=MONTH, by=stage.clerk.name, at=clock.now())
    return stage, job


def _undisturbed(database: str, job: Job) -> dict[str, str]:
    """The tables after a close that nothing disturbed, in a copy of the database."""
    connections.close_all()
    with clone_of(database) as copy, in_use(copy.name):
        assert run(job.pk, work.close_month)
        return business_tables()


def _swept_until(holds: Callable[[], bool]) -> None:
    """What beat does each minute, a little faster."""

    def sweep_and_look() -> bool:
        current_app.send_task("jobs.sweep_jobs")
        return holds()

    wait_for(sweep_and_look, patience=60)


@pytest.mark.services
@pytest.mark.parametrize("point", FAILPOINTS)
def test_f01_i24_close_killed_at_a_failpoint_ends_as_an_undisturbed_one(
    committed_db, start_worker, tmp_path, point
):
    stage, job = _ready_to_close()
    before = business_tables()
    after = _undisturbed(committed_db.name, job)
    flag = tmp_path / "kill"
    flag.touch()
    start_worker(FAILPOINTS=f"{point}=kill9:{flag}", JOB_LEASE_SECONDS="3")
    current_app.send_task("scoring.close_month", kwargs={"job_id": job.pk})
    wait_for(lambda: not flag.exists(), patience=30)
    # All or nothing; the job's own row says that somebody has begun.
    left = business_tables()
    assert left in ({**before, "jobs_job": left["jobs_job"]}, after)
    _swept_until(lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE)
    assert Job.objects.get(pk=job.pk).fence > 1
    assert business_tables() == after
    assert before != after
    assert stage.states() == {MONTH: "closed", "2026-11": "open"}


def test_every_failpoint_of_a_close_is_killed_at(committed_db, settings, tmp_path):
    _, job = _ready_to_close()
    settings.FAILPOINTS = _Noted()
    assert run(job.pk, work.close_month)
    assert tuple(settings.FAILPOINTS.asked) == FAILPOINTS


class _Noted(dict):
    """Failpoints that do nothing and remember who asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def get(self, name, default=None):
        self.asked.append(name)
        return default
