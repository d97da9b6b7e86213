"""The sweeper: what must happen happens, whatever the broker forgot."""

from celery import current_app, shared_task

from jobs import queries
from trail import clock


@shared_task(name="jobs.sweep_jobs")
def sweep_jobs(**_newer: object) -> None:
    """Send every due job to its task again; a job that is already running answers by itself."""
    for job in queries.due(at=clock.now())[:500]:
        current_app.send_task(job.kind, kwargs={"job_id": job.pk})
