"""Celery's way in. Arguments are ids."""

from celery import shared_task

from desk import work
from jobs.running import run


@shared_task(name="desk.export_file")
def export_file(*, job_id: int, **_newer: object) -> None:
    """Make the file of an export."""
    run(job_id, work.export_file)
