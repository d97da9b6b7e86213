from datetime import date

import pytest

from scoring.engine.errors import VetoIsUnfounded
from scoring.engine.facts import Facts, Period, Veto, first_minus_month

OCTOBER = Period("2026-10", date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("decided_on", "lapses_on", "binds"),
    [
        (date(2026, 10, 31), date(2027, 10, 31), True),
        (date(2026, 11, 1), date(2027, 11, 1), False),
        (date(2025, 10, 31), date(2026, 10, 31), False),
        (date(2025, 11, 1), date(2026, 11, 1), True),
    ],
)
def test_veto_binds_from_its_decision_until_the_day_it_lapses(decided_on, lapses_on, binds):
    assert Veto("v", "（2026）皖01号", decided_on, lapses_on).binds(OCTOBER) is binds


@pytest.mark.parametrize("document", ["", " ", "\u3000"])
def test_veto_without_a_final_document_cannot_be_made(document):
    with pytest.raises(VetoIsUnfounded):
        Veto("v", document, date(2026, 1, 1), date(2027, 1, 1))


@pytest.mark.parametrize("lapses_on", [date(2026, 1, 1), date(2025, 12, 31)])
def test_veto_that_never_lapses_forward_cannot_be_made(lapses_on):
    with pytest.raises(VetoIsUnfounded):
        Veto("v", "文书", date(2026, 1, 1), lapses_on)


@pytest.mark.parametrize(
    ("ends_on", "months", "first"),
    [
        (date(2026, 12, 31), 12, "2026-01"),
        (date(2026, 10, 31), 12, "2025-11"),
        (date(2026, 1, 31), 12, "2025-02"),
        (date(2026, 1, 31), 1, "2026-01"),
        (date(2026, 6, 30), 24, "2024-07"),
    ],
)
def test_deductions_count_for_so_many_months_and_then_lapse(ends_on, months, first):
    assert first_minus_month(Period("p", ends_on, ends_on), months) == first


def test_facts_have_no_place_for_redemptions_i26():
    assert Facts._fields == (
        "subject_id",
        "period",
        "category_points",
        "item_counts",
        "item_points",
        "vetoes",
        "decisions",
    )


def test_facts_earned_adds_plus_and_minus():
    assert Facts(1, OCTOBER, {"a": 5, "b": -2}, {}, {}).earned() == 3
