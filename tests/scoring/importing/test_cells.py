from datetime import date, datetime

import pytest

from households.importing.problems import Problem
from scoring.importing.cells import (
    clean_day,
    clean_group,
    clean_points,
    clean_quantity,
    clean_spent,
    clean_text,
    clean_village,
)

TODAY = date(2026, 11, 1)


def code(result):
    assert isinstance(result, Problem)
    assert result.reason
    assert result.fix
    return result.code


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 3, 7),
        datetime(2026, 3, 7, 8, 30),  # noqa: DTZ001
        "2026-03-07",
        "2026年3月7日",
        "2026.3.7",
        "２０２６/3/7",
        "20260307",
        46088.0,
    ],
)
def test_clean_day_reads_a_day_as_clerks_write_it(cell):
    assert clean_day(cell, on=TODAY, uses_1904=False) == date(2026, 3, 7)


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        ("", "day_missing"),
        ("　", "day_missing"),
        ("2026-02-30", "day_unreadable"),
        ("2026年3月", "day_unreadable"),
        ("三月初七", "day_unreadable"),
        (True, "day_unreadable"),
        ("2026-11-02", "day_in_the_future"),
        ("1926-03-07", "day_too_early"),
    ],
)
def test_clean_day_guesses_nothing(cell, wrong):
    assert code(clean_day(cell, on=TODAY, uses_1904=False)) == wrong


def test_clean_day_accepts_this_very_day():
    assert clean_day(TODAY, on=TODAY, uses_1904=False) == TODAY


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        (5.0, 5),
        (-2.0, -2),
        ("+5", 5),
        ("－2", -2),
        ("−2", -2),
        ("１０分", 10),
        (" 3 ", 3),
        (1000, 1000),
    ],
)
def test_clean_points_reads_whole_points_with_their_sign(cell, points):
    assert clean_points(cell) == points


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        ("", "number_missing"),
        (0.0, "points_zero"),
        ("-0", "points_zero"),
        (2.5, "number_not_whole"),
        ("五", "number_not_whole"),
        ("5+3", "number_not_whole"),
        (True, "number_not_whole"),
        (date(2026, 5, 1), "number_not_whole"),
        (1001.0, "points_too_many"),
        ("-1001", "points_too_many"),
        (1e20, "number_not_whole"),
    ],
)
def test_clean_points_guesses_nothing(cell, wrong):
    assert code(clean_points(cell)) == wrong


def test_clean_spent_wants_a_positive_number():
    assert clean_spent(30.0) == 30
    assert code(clean_spent(0.0)) == "spent_not_positive"
    assert code(clean_spent("-30")) == "spent_not_positive"
    assert code(clean_spent(1.5)) == "number_not_whole"


@pytest.mark.parametrize(("cell", "quantity"), [("", None), ("　", None), (2.0, 2), ("３", 3)])
def test_clean_quantity_may_be_left_out(cell, quantity):
    assert clean_quantity(cell) == quantity


@pytest.mark.parametrize("cell", [0.0, -1.0, "两条", 1.5])
def test_clean_quantity_guesses_nothing(cell):
    assert code(clean_quantity(cell)) == "quantity_unreadable"


def test_clean_text_keeps_the_words():
    assert clean_text(" 志愿　服务 ", at_most=4, needed=True) == "志愿服务"
    assert clean_text("", at_most=4, needed=False) == ""
    assert clean_text(5.0, at_most=4, needed=True) == "5"
    assert code(clean_text("　", at_most=4, needed=True)) == "text_missing"
    assert code(clean_text("参加志愿服务", at_most=4, needed=True)) == "text_long"


def test_village_and_group_must_be_given():
    wrong = Problem("place_long", "文字太长", "请只填名称。")
    assert clean_village("下湾村") == "下湾村"
    assert clean_group("3组") == "3组"
    assert code(clean_village("")) == "village_missing"
    assert code(clean_group("")) == "group_missing"
    assert clean_village(wrong) is wrong
