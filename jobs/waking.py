"""Telling the worker at once instead of at the next beat; called by edges."""

import logging
from functools import partial

from celery import current_app
from celery.exceptions import OperationalError
from django.db import transaction

logger = logging.getLogger(__name__)


def wake(task: str, **ids: int) -> None:
    """Send a hint to the broker after the commit, when the worker finds what it is about.

    Without a broker the beat finds the work by itself.
    """
    transaction.on_commit(partial(_hint, task, ids))


def _hint(task: str, ids: dict[str, int]) -> None:
    try:
        current_app.send_task(task, kwargs=ids)
    except OperationalError:
        logger.warning("no broker to hint at %s", task)
