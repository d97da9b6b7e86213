"""Receipts are kept for phones that were offline for a month; counted calls for a minute (I-13)."""

from datetime import timedelta

import pytest
from django.conf import settings

from config.celery import app
from jobs import operations
from jobs.models import Call, Receipt
from jobs.operations import AlreadyAnswered
from jobs.tasks import forget_answered
from tests.factories import NOON
from trail.actor import Actor
from trail.models import AuditEvent

BY = Actor.system("jobs.forget_answered")
DAY = timedelta(days=1)


def _answer(key: str, *, days_ago: int) -> None:
    operations.answer_once(
        actor="user:1", key=key, body=b"{}", reply={"key": key}, at=NOON - days_ago * DAY
    )


def test_i13_a_receipt_is_kept_for_offline_phones(db):
    assert timedelta(days=30) <= operations.RECEIPTS_KEPT
    kept = operations.RECEIPTS_KEPT.days
    for days in (0, 30, kept, kept + 1, kept + 400):
        _answer(f"answered-{days}", days_ago=days)
    assert operations.forget(by=BY, at=NOON) == 2
    left = {f"answered-{days}" for days in (0, 30, kept)}
    assert set(Receipt.objects.values_list("key", flat=True)) == left
    with pytest.raises(AlreadyAnswered):
        _answer("answered-30", days_ago=0)


def test_calls_that_no_longer_count_go_and_the_others_stay(db):
    for seconds in (0, 59, 61, 86_400):
        Call.objects.create(who=f"network:{seconds}", at=NOON - timedelta(seconds=seconds))
    operations.forget(by=BY, at=NOON)
    assert set(Call.objects.values_list("who", flat=True)) == {"network:0", "network:59"}


def test_what_was_forgotten_is_one_event_with_a_count(db):
    assert operations.forget(by=BY, at=NOON) == 0
    assert not AuditEvent.objects.exists()
    _answer("answered-long-ago", days_ago=500)
    operations.forget(by=BY, at=NOON)
    event = AuditEvent.objects.get()
    assert (event.what, event.about) == ("receipts.forgotten", "jobs.receipt")
    assert event.detail["count"] == 1
    assert "answered-long-ago" not in str(event.detail)


def test_the_task_runs_each_night(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    _answer("answered-long-ago", days_ago=500)
    forget_answered()
    assert not Receipt.objects.exists()
    (line,) = [
        line
        for line in settings.CELERY_BEAT_SCHEDULE.values()
        if line["task"] == "jobs.forget_answered"
    ]
    assert line["schedule"].hour == {3}
    assert "jobs.forget_answered" in app.tasks
