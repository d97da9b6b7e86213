"""What the trail does by itself."""

from celery import shared_task
from django.conf import settings

from trail import clock
from trail.actor import Actor
from trail.operations import purge


@shared_task(name="trail.purge_audit")
def purge_audit(**_newer: object) -> None:
    """Once a month: delete the events past their retention."""
    by = Actor.system("trail.purge_audit")
    purge(keep_days=settings.AUDIT_KEEP_DAYS, by=by, at=clock.now())
