"""What files do by themselves."""

from celery import shared_task

from files.operations import wipe_expired
from trail import clock
from trail.actor import Actor


@shared_task(name="files.wipe_exports")
def wipe_exports(**_newer: object) -> None:
    """Once an hour: wipe the files past their week."""
    wipe_expired(by=Actor.system("files.wipe_exports"), at=clock.now())
