"""Months go forward only; what holds them holds them, whoever writes."""

from datetime import date

import psycopg2
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from scoring.models import Hold, Month
from scoring.operations import closing, holds
from scoring.operations.closing import MonthIsHeld
from scoring.queries import months
from tests.factories import NOON
from trail.models import AuditEvent
from villages.models import CalendarRule

MONTH = "2026-10"


def _refused(sqlstate: str, act) -> None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        act()
    assert isinstance(refused.value.__cause__, psycopg2.Error)
    assert refused.value.__cause__.pgcode == sqlstate


@pytest.fixture
def closed(stage) -> Month:
    stage.enter(5)
    return stage.close(MONTH)


def _hold(stage, kind: Hold.Kind, month: str = MONTH, source: str = "objection:1") -> Hold:
    return holds.open_hold(
        month=stage.month(month),
        source=source,
        kind=kind,
        reason="还没答复",
        by=stage.clerk,
        at=NOON,
    )


def test_i25_database_lets_no_month_go_back_or_leap(stage, closed):
    mine = Month.objects.filter(pk=closed.pk)
    for state in ("open", "final"):
        _refused("VC301", lambda state=state: mine.update(state=state, closed_at=None))
    closing.advance(month=closed, to=Month.State.PUBLISHED, by=stage.clerk, at=NOON)
    for state in ("open", "closed"):
        _refused("VC301", lambda state=state: mine.update(state=state))
    closing.advance(month=closed, to=Month.State.FINAL, by=stage.clerk, at=NOON)
    for state in ("open", "closed", "published"):
        _refused("VC301", lambda state=state: mine.update(state=state))


def test_i25_database_keeps_seal_and_hour_of_a_closed_month(closed):
    mine = Month.objects.filter(pk=closed.pk)
    _refused("VC301", lambda: mine.update(seal=None))
    _refused("VC301", lambda: mine.update(closed_at=NOON.replace(hour=1)))


def test_i25_database_lets_no_month_begin_closed(stage, closed):
    _refused(
        "VC301",
        lambda: Month.objects.create(
            village=stage.village, month="2026-11", state="closed", closed_at=NOON, seal=closed.seal
        ),
    )


@pytest.mark.parametrize("name", ["2026-13", "2026-00", "2026-1", "26-10", "2026/10", ""])
def test_month_that_is_in_no_calendar_is_refused(stage, name):
    with pytest.raises(IntegrityError, match="scoring_month_is_a_month"):
        Month.objects.create(village=stage.village, month=name)


def test_open_month_is_not_closed_without_its_seal(stage):
    stage.enter(5)
    with pytest.raises(IntegrityError, match="scoring_month_closed_is_sealed"):
        Month.objects.filter(village=stage.village).update(state="closed", closed_at=NOON)


def test_i23_held_month_is_not_final_also_for_the_database(stage, closed):
    closing.advance(month=closed, to=Month.State.PUBLISHED, by=stage.clerk, at=NOON)
    hold = _hold(stage, Hold.Kind.FINAL)
    with pytest.raises(MonthIsHeld):
        closing.advance(month=closed, to=Month.State.FINAL, by=stage.clerk, at=NOON)
    _refused("VC302", lambda: Month.objects.filter(pk=closed.pk).update(state="final"))
    holds.release(hold=hold, by=stage.clerk, at=NOON)
    done = closing.advance(month=closed, to=Month.State.FINAL, by=stage.clerk, at=NOON)
    assert done.state == Month.State.FINAL


def test_i23_hold_on_closing_is_held_by_the_database_too(stage):
    stage.enter(5)
    seal = closing.sealing.seal(village_id=stage.village.pk, by=stage.clerk, at=NOON)
    _hold(stage, Hold.Kind.CLOSE)
    mine = Month.objects.filter(village=stage.village)
    _refused("VC302", lambda: mine.update(state="closed", closed_at=NOON, seal=seal))


def test_hold_on_being_final_does_not_stop_the_close(stage):
    stage.enter(5)
    _hold(stage, Hold.Kind.FINAL)
    assert stage.close(MONTH).state == Month.State.CLOSED


def test_hold_of_another_month_holds_nothing_here(stage):
    stage.enter(5)
    stage.enter(5, on=date(2026, 11, 1))
    _hold(stage, Hold.Kind.CLOSE, month="2026-11")
    assert stage.close(MONTH).state == Month.State.CLOSED


def test_source_holds_a_month_once(stage):
    stage.enter(5)
    first = _hold(stage, Hold.Kind.CLOSE)
    assert _hold(stage, Hold.Kind.CLOSE) == first
    assert _hold(stage, Hold.Kind.CLOSE, source="objection:2") != first
    assert AuditEvent.objects.filter(what="hold.opened").count() == 2


def test_hold_is_released_once(stage):
    stage.enter(5)
    hold = _hold(stage, Hold.Kind.CLOSE)
    first = holds.release(hold=hold, by=stage.clerk, at=NOON)
    again = holds.release(hold=hold, by=stage.clerk, at=NOON.replace(hour=9))
    assert again.released_at == first.released_at == NOON
    assert AuditEvent.objects.filter(what="hold.released").count() == 1
    assert months.open_holds(stage.month(MONTH)) == []


def test_i30_each_step_forward_leaves_one_audit_event(stage, closed):
    about = closing.reference(closed)
    before = AuditEvent.objects.filter(about=about).count()
    closing.advance(month=closed, to=Month.State.PUBLISHED, by=stage.clerk, at=NOON)
    closing.advance(month=closed, to=Month.State.FINAL, by=stage.clerk, at=NOON)
    events = AuditEvent.objects.filter(about=about).order_by("pk")[before:]
    assert [event.what for event in events] == ["month.published", "month.final"]


def test_ended_months_are_due_from_the_townships_close_day_on(stage):
    stage.enter(5)
    stage.enter(5, on=date(2026, 11, 1))
    CalendarRule.objects.create(township=stage.village.township, close_day=5)
    due = {
        on: [month.month for month in months.ended_and_open(on=on)]
        for on in (date(2026, 10, 31), date(2026, 11, 4), date(2026, 11, 5), date(2026, 12, 2))
    }
    assert due == {
        date(2026, 10, 31): [],
        date(2026, 11, 4): [],
        date(2026, 11, 5): [MONTH],
        date(2026, 12, 2): [MONTH],
    }
    closing.prepare(month=stage.month(MONTH), by=stage.clerk, at=NOON)
    assert months.ended_and_open(on=date(2026, 11, 5)) == []
