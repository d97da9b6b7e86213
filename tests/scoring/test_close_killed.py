"""F-01: the process that closes a month is killed at each failpoint; the close is done anyway.

Compared are all tables of two databases that were one until the close began. What must differ:
the hour of each attempt, and numbers drawn from sequences (a killed attempt uses numbers up), with
the short code that is computed from one of them.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from celery import current_app
from django.db import connection, connections

from jobs.models import Job
from jobs.running import run
from scoring import work
from scoring.models import StarScheme
from tests.databases import clone_of, in_use
from tests.factories import make_household
from tests.scoring.stage import Stage, set_stage
from tests.services import wait_for
from trail import clock

MONTH = "2026-10"
FAILPOINTS = ("close:sealed", "close:rated", "close:drafted")
# The work a job does is compared by what it leaves behind; sessions and caches are no business.
NOT_BUSINESS = ("django_", "auth_", "cache_entry")
OF_THE_ATTEMPT = {
    "accounts_proposal": ["consumed_at"],
    "jobs_job": ["fence", "lease_until", "ended_at", "due_at", "failures"],
    "notices_notice": ["id", "created_at"],
    "notices_noticebody": ["id", "notice_id", "short_code"],
    "scoring_month": ["closed_at", "seal_id"],
    "scoring_rating": ["id"],
    "scoring_seal": ["id", "at"],
    "trail_auditevent": ["id", "at"],
}
NUMBERED = re.compile(r"((?:notices\.notice|scoring\.seal):|\"notice\": )\d+")
GRADES = {
    "kind": "grades",
    "code": "credit",
    "version": 1,
    "base_points": 60,
    "grades": [{"name": "A", "at_least": 65}],
    "lowest": "B",
}


def _tables() -> dict[str, str]:
    """A hash of each business table of the database in use, without what is of the attempt."""
    hashes = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        )
        names = [name for (name,) in cursor.fetchall() if not name.startswith(NOT_BUSINESS)]
        for name in names:
            drawn = OF_THE_ATTEMPT.get(name, [])
            cursor.execute(
                f"SELECT (to_jsonb(t) - %s::text[])::text FROM public.{name} t ORDER BY id", [drawn]
            )
            rows = [NUMBERED.sub(r"\1#", row) for (row,) in cursor.fetchall()]
            hashes[name] = hashlib.sha256(json.dumps(rows).encode()).hexdigest()
    return hashes


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
        return _tables()


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
    before = _tables()
    after = _undisturbed(committed_db.name, job)
    flag = tmp_path / "kill"
    flag.touch()
    start_worker(FAILPOINTS=f"{point}=kill9:{flag}", JOB_LEASE_SECONDS="3")
    current_app.send_task("scoring.close_month", kwargs={"job_id": job.pk})
    wait_for(lambda: not flag.exists(), patience=30)
    # All or nothing; the job's own row says that somebody has begun.
    left = _tables()
    assert left in ({**before, "jobs_job": left["jobs_job"]}, after)
    _swept_until(lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE)
    assert Job.objects.get(pk=job.pk).fence > 1
    assert _tables() == after
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
