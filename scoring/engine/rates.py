"""Rates as people read them: the redemption rate is rounded, a completion rate never flatters."""

NO_RATE = "—"


def rounded_percent(part: int, whole: int) -> str:
    """The share to one decimal, halves up; a dash when there is nothing to share."""
    if whole <= 0:
        return NO_RATE
    return _percent((2_000 * part + whole) // (2 * whole))


def floored_percent(done: int, of: int) -> str:
    """How far something is done, to one decimal downwards: 100.0 % only when nothing is missing."""
    if of <= 0:
        return NO_RATE
    return _percent(1_000 * done // of)


def redemption_rate(*, redeemed: int, gross: int) -> str:
    """The redemption rate with both its figures, as in 26590 ÷ 34815 = 76.4 %."""
    return f"{redeemed} ÷ {gross} = {rounded_percent(redeemed, gross)}"


def _percent(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10} %"
