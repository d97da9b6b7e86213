"""Celery's way in. Arguments are ids."""

from celery import shared_task

from households import work
from households.operations.import_batches import wipe_old
from jobs.running import run
from trail import clock
from trail.actor import Actor


@shared_task(name="households.check_import")
def check_import(*, job_id: int, **_newer: object) -> None:
    """Check a large sheet that was brought in."""
    run(job_id, work.check_import)


@shared_task(name="households.write_import")
def write_import(*, job_id: int, **_newer: object) -> None:
    """Import a sheet that was confirmed."""
    run(job_id, work.write_import)


@shared_task(name="households.wipe_imports")
def wipe_imports(**_newer: object) -> None:
    """Once an hour: wipe what imports past their week hold of people."""
    wipe_old(by=Actor.system("households.wipe_imports"), at=clock.now())
