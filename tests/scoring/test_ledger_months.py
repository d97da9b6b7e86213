"""In which month a fact is entered, and when it has to wait."""

from datetime import date

import pytest

from scoring.errors import EarlierMonthsWait
from scoring.models import Entry, Month
from trail import clock


def _month_of(entry_id: int) -> tuple[str, date]:
    entry = Entry.objects.get(pk=entry_id)
    return entry.month, entry.occurred_on


def test_month_opens_with_its_first_entry(stage):
    assert stage.states() == {}
    stage.enter(5, on=date(2026, 9, 30))
    stage.enter(5, on=date(2026, 10, 1))
    assert stage.states() == {"2026-09": "open", "2026-10": "open"}


def test_i25_late_fact_goes_to_the_oldest_open_month_with_its_true_date(stage):
    stage.enter(5, on=date(2026, 8, 10))
    stage.close("2026-08")
    stage.enter(5, on=date(2026, 9, 10))
    stage.enter(5, on=date(2026, 10, 10))
    late = stage.enter(5, on=date(2026, 8, 9))
    assert _month_of(late) == ("2026-09", date(2026, 8, 9))


def test_i25_late_fact_without_an_open_month_opens_the_present_one(stage):
    stage.enter(5, on=date(2026, 8, 10))
    stage.close("2026-08")
    late = stage.enter(5, on=date(2026, 8, 11))
    assert _month_of(late) == (f"{clock.today():%Y-%m}", date(2026, 8, 11))
    assert stage.states()["2026-08"] == "closed"


def test_i25_late_fact_of_a_month_that_never_opened_is_late_too(stage):
    stage.enter(5, on=date(2026, 8, 10))
    stage.close("2026-08")
    stage.enter(5, on=date(2026, 10, 10))
    assert _month_of(stage.enter(5, on=date(2026, 7, 1)))[0] == "2026-10"


def test_i25_closed_present_month_passes_facts_on_to_the_next(stage):
    today = clock.today()
    stage.enter(5, on=today)
    stage.close(f"{today:%Y-%m}")
    following = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    assert _month_of(stage.enter(5, on=today)) == (f"{following:%Y-%m}", today)


def test_month_between_open_ones_opens(stage):
    stage.enter(5, on=date(2026, 8, 10))
    stage.close("2026-08")
    stage.enter(5, on=date(2026, 10, 10))
    assert _month_of(stage.enter(5, on=date(2026, 9, 10)))[0] == "2026-09"


def test_vc105_two_earlier_open_months_are_to_be_closed_first(stage):
    stage.enter(5, on=date(2026, 8, 10))
    stage.enter(5, on=date(2026, 9, 10))
    with pytest.raises(EarlierMonthsWait, match="请先关2026-08") as refused:
        stage.post(stage.row(on=date(2026, 9, 11)), stage.row(on=date(2026, 10, 1)))
    assert refused.value.facts == {"row": 1, "month": "2026-08"}
    stage.close("2026-08")
    assert stage.enter(5, on=date(2026, 10, 1))


def test_vc105_batch_over_three_months_names_the_row_of_the_third(stage):
    rows = [stage.row(on=date(2026, month, 3)) for month in (10, 8, 9)]
    with pytest.raises(EarlierMonthsWait) as refused:
        stage.post(*rows)
    assert refused.value.facts == {"row": 0, "month": "2026-08"}
    assert stage.states() == {}


def test_open_months_of_another_village_hold_up_nobody(stage, neighbour):
    neighbour.enter(5, on=date(2026, 7, 10))
    neighbour.enter(5, on=date(2026, 8, 10))
    assert stage.enter(5, on=date(2026, 10, 1))


def test_rows_of_one_batch_go_each_to_their_month(stage):
    stage.enter(5, on=date(2026, 8, 10))
    stage.close("2026-08")
    stage.enter(5, on=date(2026, 9, 10))
    answers = stage.post(
        stage.row(on=date(2026, 10, 1)), stage.row(on=date(2026, 8, 1)), stage.row(source="x")
    )
    months = [_month_of(answer.entry_id)[0] for answer in answers]
    assert months == ["2026-10", "2026-09", "2026-10"]


def test_transcribed_month_that_waits_open_takes_its_facts(stage):
    Month.objects.create(
        village=stage.village, month="2026-03", origin=Month.Origin.TRANSCRIBED, closed_by=""
    )
    assert _month_of(stage.enter(5, on=date(2026, 3, 3)))[0] == "2026-03"
    assert stage.month("2026-03").origin == Month.Origin.TRANSCRIBED
