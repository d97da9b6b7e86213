from datetime import date

import pytest

from notices.periods import period


@pytest.mark.parametrize(
    ("on", "left", "running"),
    [
        (date(2026, 10, 31), 7, False),
        (date(2026, 11, 1), 6, True),
        (date(2026, 11, 5), 2, True),
        (date(2026, 11, 7), 0, True),
        (date(2026, 11, 8), 0, False),
    ],
)
def test_the_last_day_still_belongs_to_the_period(on, left, running):
    seen = period(publish_on=date(2026, 11, 1), until_on=date(2026, 11, 7), on=on)
    assert (seen.days, seen.left, seen.running) == (7, left, running)


def test_the_countdown_speaks_of_the_last_day():
    ends = date(2026, 11, 7)
    words = [
        period(publish_on=date(2026, 11, 1), until_on=ends, on=on).countdown
        for on in (date(2026, 11, 5), ends)
    ]
    assert words == ["还剩2天", "今天最后一天"]
