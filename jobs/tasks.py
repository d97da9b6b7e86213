"""The sweeper: what must happen happens, whatever the broker forgot; and what may be forgotten."""

from celery import current_app, shared_task

from jobs import operations, queries
from trail import clock
from trail.actor import Actor


@shared_task(name="jobs.sweep_jobs")
def sweep_jobs(**_newer: object) -> None:
    """Send every due job to its task again; a job that is already running answers by itself."""
    for job in queries.due(at=clock.now())[:500]:
        current_app.send_task(job.kind, kwargs={"job_id": job.pk})


@shared_task(name="jobs.forget_answered")
def forget_answered(**_newer: object) -> None:
    """Each night: receipts no phone will ask for again, and counted calls of minutes ago."""
    operations.forget(by=Actor.system("jobs.forget_answered"), at=clock.now())
