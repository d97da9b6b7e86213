"""Celery's way in."""

from celery import shared_task

from accounts import work


@shared_task(name="accounts.look_after_log_ins")
def look_after_log_ins(**_newer: object) -> None:
    """Each night: unused log-ins are switched off, ended sessions forgotten."""
    work.look_after_log_ins()
