"""Publishing what two persons approved, on its day."""

from celery import shared_task

from notices import operations
from trail import clock


@shared_task(name="notices.publish_due_notices")
def publish_due_notices(**_newer: object) -> None:
    """Publish the approved notices whose day has come; running twice publishes nothing twice."""
    operations.publish_due(at=clock.now())
