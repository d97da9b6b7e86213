"""Birth dates as clerks write them."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from households.importing.problems import Problem
from households.importing.sheets import Cell
from households.importing.texts import half_width

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY = re.compile(
    r"([0-9]{4})\s*[年./\-]\s*([0-9]{1,2})\s*[月./\-]\s*([0-9]{1,2})\s*日?"
    r"(?:[ T]+0{1,2}:00(?::00(?:\.0+)?)?)?"
)
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})\s*[年./\-]\s*([0-9]{1,2})\s*月?")
_COMPACT_MONTH = re.compile(r"([0-9]{4})([0-9]{2})")
_SERIAL = re.compile(r"[0-9]{1,5}(?:\.0+)?")
_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
# Before 1900-03-01 Excel's serials are off by the leap day that 1900 did not have.
_FIRST_SAFE_SERIAL = 61
_LAST_SERIAL = 99_999


class BirthMonth(NamedTuple):
    """A birth date known to the month only (出生年月)."""

    year: int
    month: int


Birth = date | BirthMonth


def clean_birth(cell: Cell, *, uses_1904: bool = False) -> Birth | Problem | None:
    """Return the birth date or month a cell means, None when it is empty, or what is wrong."""
    if isinstance(cell, str):
        return _from_text(cell, uses_1904=uses_1904)
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return _from_number(int(cell), uses_1904=uses_1904)
    return _unreadable()


def _from_text(text: str, *, uses_1904: bool) -> Birth | Problem | None:
    if found := _ISO.fullmatch(text):
        return _day(*map(int, found.groups()))
    text = half_width(text).lstrip("'")
    if not text:
        return None
    if "农历" in text or "阴历" in text:
        return Problem(
            "birth_lunar", _("写的是农历日期"), _("请改成身份证上的公历日期，如 1985-03-07。")
        )
    if found := _DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text):
        return _day(*map(int, found.groups()))
    if found := _MONTH.fullmatch(text) or _COMPACT_MONTH.fullmatch(text):
        return _month(*map(int, found.groups()))
    if _SERIAL.fullmatch(text):
        return _from_number(int(text.split(".")[0]), uses_1904=uses_1904)
    return _unreadable()


def _from_number(number: int, *, uses_1904: bool) -> Birth | Problem:
    if number > _LAST_SERIAL:
        text = str(number)
        if found := _COMPACT_DAY.fullmatch(text):
            return _day(*map(int, found.groups()))
        if found := _COMPACT_MONTH.fullmatch(text):
            return _month(*map(int, found.groups()))
        return _unreadable()
    if uses_1904:
        return _EPOCH_1904 + timedelta(days=number) if number >= 0 else _unreadable()
    if number < _FIRST_SAFE_SERIAL or 1900 <= number <= 2100:
        # 1985 alone is a year somebody typed, not the 1985th day since 1900.
        return _unreadable()
    return _EPOCH_1900 + timedelta(days=number)


def _day(year: int, month: int, day: int) -> date | Problem:
    try:
        return date(year, month, day)
    except ValueError:
        return Problem(
            "birth_no_such_day",
            _("日历上没有这一天"),
            _("请照身份证改正出生日期，如 1985-03-07。"),
        )


def _month(year: int, month: int) -> BirthMonth | Problem:
    if 1 <= month <= 12 and year > 0:
        return BirthMonth(year, month)
    return _unreadable()


def _unreadable() -> Problem:
    return Problem("birth_unreadable", _("看不懂这个日期"), _("请写成年-月-日，如 1985-03-07。"))
