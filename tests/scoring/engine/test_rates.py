import pytest

from scoring.engine.rates import floored_percent, redemption_rate, rounded_percent


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (26590, 34815, "76.4 %"),
        (1, 3, "33.3 %"),
        (2, 3, "66.7 %"),
        (1, 2000, "0.1 %"),
        (1, 2001, "0.0 %"),
        (0, 5, "0.0 %"),
        (5, 5, "100.0 %"),
        (9996, 10000, "100.0 %"),
        (0, 0, "—"),
    ],
)
def test_rounded_percent_rounds_half_up_to_one_decimal(part, whole, shown):
    assert rounded_percent(part, whole) == shown


@pytest.mark.parametrize(
    ("done", "of", "shown"),
    [
        (5302, 5302, "100.0 %"),
        (5301, 5302, "99.9 %"),
        (999_999, 1_000_000, "99.9 %"),
        (2, 3, "66.6 %"),
        (0, 7, "0.0 %"),
        (0, 0, "—"),
    ],
)
def test_floored_percent_is_whole_only_when_nothing_is_missing(done, of, shown):
    assert floored_percent(done, of) == shown


def test_redemption_rate_carries_both_figures():
    assert redemption_rate(redeemed=26590, gross=34815) == "26590 ÷ 34815 = 76.4 %"
    assert redemption_rate(redeemed=0, gross=0) == "0 ÷ 0 = —"
