from datetime import date, datetime

import pytest

from households.importing.dates import BirthMonth, clean_birth


@pytest.mark.parametrize(
    ("typed", "birth"),
    [
        ("", None),
        ("1985-03-07", date(1985, 3, 7)),
        ("2026年11月1日", date(2026, 11, 1)),
        ("2026.11.1", date(2026, 11, 1)),
        ("2026/11/1", date(2026, 11, 1)),
        ("２０２６－１１－１", date(2026, 11, 1)),
        ("2026．11．1", date(2026, 11, 1)),
        ("2026 年 11 月 1 日", date(2026, 11, 1)),
        ("2026-11-01 00:00:00", date(2026, 11, 1)),
        ("20261101", date(2026, 11, 1)),
        (20261101.0, date(2026, 11, 1)),
        ("'1985-3-7", date(1985, 3, 7)),
        ("\u200b1985-3-7\u00a0", date(1985, 3, 7)),
        (46327.0, date(2026, 11, 1)),
        ("46327", date(2026, 11, 1)),
        ("46327.0", date(2026, 11, 1)),
        (61.0, date(1900, 3, 1)),
        (datetime.fromisoformat("1985-03-07"), date(1985, 3, 7)),
        (date(1985, 3, 7), date(1985, 3, 7)),
        ("2024-02-29", date(2024, 2, 29)),
        ("1985.3", BirthMonth(1985, 3)),
        ("1985年3月", BirthMonth(1985, 3)),
        ("198503", BirthMonth(1985, 3)),
        (198503.0, BirthMonth(1985, 3)),
    ],
)
def test_clean_birth_reads_every_way_of_writing_it(typed, birth):
    assert clean_birth(typed) == birth


@pytest.mark.parametrize(
    ("serial", "birth"), [(44865.0, date(2026, 11, 1)), (0.0, date(1904, 1, 1))]
)
def test_clean_birth_counts_from_1904_when_the_workbook_does(serial, birth):
    assert clean_birth(serial, uses_1904=True) == birth


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2026-02-30", "birth_no_such_day"),
        ("2025年2月29日", "birth_no_such_day"),
        ("2026-13-01", "birth_no_such_day"),
        (20260230.0, "birth_no_such_day"),
        ("农历1985年三月初七", "birth_lunar"),
        ("1985年闰三月", "birth_unreadable"),
        ("11/1", "birth_unreadable"),
        ("3/7/1985", "birth_unreadable"),
        ("85-03-07", "birth_unreadable"),
        ("1985", "birth_unreadable"),
        (1985.0, "birth_unreadable"),
        (1985.3, "birth_unreadable"),
        ("1985.13", "birth_unreadable"),
        (0.0, "birth_unreadable"),
        (-5.0, "birth_unreadable"),
        (1e9, "birth_unreadable"),
        (60.0, "birth_unreadable"),
        (True, "birth_unreadable"),
        ("٣985-03-07", "birth_unreadable"),
        ("²985-03-07", "birth_unreadable"),
        ("不详", "birth_unreadable"),
        ("1" * 50_000, "birth_unreadable"),
    ],
)
def test_clean_birth_refuses_and_never_guesses(typed, code):
    assert clean_birth(typed).code == code
