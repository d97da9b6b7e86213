"""What stands out in a month, each kind alone, and the entries behind it."""

from datetime import date

import pytest

from scoring.queries.outliers import Why, entries_behind, outliers
from tests.factories import NOON, make_household
from tests.scoring.stage import line, set_stage

MONTH = "2026-10"


@pytest.fixture
def stage(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    return set_stage()


def found(stage, why: Why):
    every = outliers(village_id=stage.village.pk, month=MONTH)
    return [outlier for outlier in every if outlier.why is why]


def behind(stage, outlier) -> list[int]:
    rows = entries_behind(
        village_id=stage.village.pk, month=MONTH, why=outlier.why, key=outlier.key
    )
    return [row.pk for row in rows]


def test_a_plain_month_has_none(stage):
    stage.enter(5)
    stage.enter(6)
    assert outliers(village_id=stage.village.pk, month=MONTH) == []


def test_the_same_thing_twice_stands_out_until_one_is_reversed(stage):
    first, second = stage.enter(5), stage.enter(5)
    stage.enter(5, on=date(2026, 10, 13))
    stage.enter(5, home=make_household(village=stage.village))
    (repeat,) = found(stage, Why.REPEAT)
    assert repeat.count == 2
    assert behind(stage, repeat) == [first, second]
    stage.post(stage.reversal(second))
    assert found(stage, Why.REPEAT) == []


def test_one_person_over_three_tenths_stands_out(stage):
    for points in range(1, 10):
        stage.enter(points)
    assert found(stage, Why.RECORDER) == []
    last = stage.enter(10)
    (busy,) = found(stage, Why.RECORDER)
    assert (busy.name, busy.share, busy.count) == ("林文书", 100, 10)
    assert behind(stage, busy)[-1] == last


def test_a_household_far_above_its_usual_month_stands_out(stage):
    for month in (8, 9):
        stage.enter(4, on=date(2026, month, 3))
    stage.close("2026-08")
    stage.close("2026-09")
    calm = make_household(village=stage.village)
    stage.enter(9, home=calm)
    entry = stage.enter(14)
    (jump,) = found(stage, Why.JUMP)
    assert (jump.key, jump.points, jump.usual) == (stage.home.pk, 14, 4)
    assert jump.name == f"1组·{stage.home.number}"
    assert behind(stage, jump) == [entry]


def test_another_village_is_not_counted(stage):
    other = set_stage(township=stage.village.township, number=201)
    other.enter(5)
    other.enter(5)
    assert outliers(village_id=stage.village.pk, month=MONTH) == []


def test_a_cap_that_is_used_up_stands_out_by_times_and_by_points(stage):
    stage.enter(1, item="month")
    stage.enter(12, item="quarter")
    stage.enter(3, item="year", on=date(2026, 3, 3))
    assert found(stage, Why.CAP) == []
    second = stage.enter(2, item="month")
    rest = stage.enter(8, item="quarter", on=date(2026, 10, 20))
    (cap,) = found(stage, Why.CAP)
    assert cap.count == 4
    assert {second, rest} < set(behind(stage, cap))
    stage.post(stage.reversal(second), stage.reversal(rest))
    assert found(stage, Why.CAP) == []


def test_a_cap_counts_its_own_period_and_household(stage):
    stage.enter(1, item="month", on=date(2026, 9, 30))
    stage.enter(2, item="month")
    stage.enter(2, item="month", home=make_household(village=stage.village))
    assert found(stage, Why.CAP) == []


def test_an_item_that_asks_for_evidence_stands_out_unless_a_declaration_holds_it(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    lines = (line("plus", evidence="照片"), line("plain"))
    stage = set_stage(lines=lines)
    paper = stage.enter(5)
    stage.enter(6, item="plain")
    stage.enter(7, source="reviews.declaration:1")
    (unproven,) = found(stage, Why.EVIDENCE)
    assert behind(stage, unproven) == [paper]


def test_what_stands_out_by_its_entries_comes_before_persons_and_households(stage):
    for _time in range(2):
        stage.enter(5, item="month")
    for points in range(6, 16):
        stage.enter(points)
    every = outliers(village_id=stage.village.pk, month=MONTH)
    assert [one.why for one in every] == [Why.CAP, Why.REPEAT, Why.RECORDER]
