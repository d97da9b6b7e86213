"""Caps per month, quarter and year, by times and by points; a reversal frees what it takes back."""

from datetime import date

import pytest

from scoring.errors import CapReached
from scoring.models import Entry
from tests.factories import make_household


def _refused(stage, *rows) -> int:
    with pytest.raises(CapReached) as refused:
        stage.post(*rows)
    return refused.value.facts["row"]


def test_vc109_monthly_cap_counts_times_and_begins_anew_each_month(stage):
    stage.enter(5, item="month", on=date(2026, 9, 1))
    stage.enter(5, item="month", on=date(2026, 9, 30))
    assert _refused(stage, stage.row(), stage.row(item="month", on=date(2026, 9, 15))) == 1
    assert stage.enter(5, item="month", on=date(2026, 10, 1))


@pytest.mark.parametrize(
    ("first", "same", "following"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1)),
        (date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1)),
    ],
)
def test_vc109_quarterly_cap_counts_points_of_calendar_quarters(stage, first, same, following):
    stage.enter(15, item="quarter", on=first)
    assert _refused(stage, stage.row(6, item="quarter", on=same)) == 0
    stage.enter(5, item="quarter", on=same)
    stage.close(f"{first:%Y-%m}")
    assert stage.enter(20, item="quarter", on=following)


def test_vc109_yearly_cap_spans_the_year(stage):
    stage.enter(5, item="year", on=date(2026, 1, 1))
    assert _refused(stage, stage.row(item="year", on=date(2026, 10, 31))) == 0


def test_vc109_cap_counts_by_the_day_it_happened_not_by_the_month_of_entry(stage):
    stage.enter(5, on=date(2026, 8, 10))
    stage.close("2026-08")
    for day in (1, 2):
        stage.enter(5, item="month", on=date(2026, 8, day))
    assert _refused(stage, stage.row(item="month", on=date(2026, 8, 3))) == 0
    months = set(Entry.objects.filter(item=stage.items["month"]).values_list("month", flat=True))
    assert "2026-08" not in months


def test_vc109_cap_counts_rows_of_the_same_batch_in_order(stage):
    stage.enter(5, item="month")
    rows = [stage.row(item="month"), stage.row(), stage.row(item="month")]
    assert _refused(stage, *rows) == 2


def test_vc109_cap_is_each_households_own(stage):
    other = make_household(village=stage.village)
    for home in (stage.home, other):
        stage.post(stage.row(item="month", home=home), stage.row(item="month", home=home))
    assert _refused(stage, stage.row(item="month", home=other)) == 0


def test_vc109_deductions_are_capped_by_their_amount(stage):
    stage.enter(-7, item="litter")
    assert _refused(stage, stage.row(-4, item="litter")) == 0
    assert stage.enter(-3, item="litter")


def test_reversal_frees_times_and_points_of_the_cap(stage):
    taken_back = stage.enter(5, item="month")
    stage.enter(5, item="month")
    stage.post(stage.reversal(taken_back))
    assert stage.enter(5, item="month")
    assert _refused(stage, stage.row(item="month")) == 0
    stage.post(stage.reversal(stage.enter(20, item="quarter")))
    assert stage.enter(20, item="quarter")


def test_correction_in_one_batch_frees_the_cap_for_its_own_new_entry(stage):
    wrong = stage.enter(5, item="year")
    stage.post(stage.reversal(wrong), stage.row(3, item="year"))
    assert stage.balance() == (3, 3, 3)


def test_reversal_is_never_refused_by_a_cap(stage):
    entries = [stage.enter(5, item="month") for _ in range(2)]
    stage.post(*(stage.reversal(entry) for entry in entries))
    assert stage.balance() == (0, 0, 0)


@pytest.mark.parametrize(
    ("item", "points", "following", "day_before"),
    [
        ("month", 5, date(2026, 10, 1), date(2026, 9, 30)),
        ("quarter", 20, date(2026, 10, 1), date(2026, 9, 30)),
        ("quarter", 20, date(2026, 7, 1), date(2026, 6, 30)),
    ],
)
def test_vc109_what_happened_in_the_next_period_leaves_the_cap_of_this_one(
    stage, item, points, following, day_before
):
    times = 2 if item == "month" else 1
    for on in (following, day_before):
        stage.post(*(stage.row(points, item=item, on=on) for _ in range(times)))
        assert _refused(stage, stage.row(points, item=item, on=on)) == 0
