"""One function per kind of cell: the value it means, or the problem that forbids to guess."""

import re
from datetime import date

from django.utils.translation import gettext as _

from households.importing.dates import clean_birth
from households.importing.problems import Problem
from households.importing.sheets import Cell
from households.importing.texts import as_text, person_name, squeezed

# An item of a rule book gives at most this much at a time.
POINTS_AT_MOST = 1_000
_NOBODY_KEPT_POINTS_BEFORE = date(2000, 1, 1)
_WHOLE = re.compile(r"([+\-]?)([0-9]{1,7})(?:\.0+)?分?")
_MINUS = str.maketrans(dict.fromkeys("−–—﹣－", "-"))


def clean_day(cell: Cell, *, on: date, uses_1904: bool) -> date | Problem:
    """The day something happened, not after `on`, or why it cannot be read."""
    if isinstance(cell, str) and not squeezed(cell):
        return Problem("day_missing", _("没有填日期"), _day_fix())
    # Clerks write this day in as many ways as a birth date.
    day = clean_birth(cell, uses_1904=uses_1904)
    if not isinstance(day, date):
        return Problem("day_unreadable", _("看不懂这个日期"), _day_fix())
    if day > on:
        return Problem("day_in_the_future", _("日期在今天以后"), _("请核对日期。"))
    if day < _NOBODY_KEPT_POINTS_BEFORE:
        return Problem("day_too_early", _("日期太早，可能写错了年份"), _("请核对日期。"))
    return day


def clean_points(cell: Cell) -> int | Problem:
    """The points of an entry with their sign."""
    points = _whole(cell)
    if isinstance(points, Problem):
        return points
    if points == 0:
        return Problem("points_zero", _("分数是 0"), _("请填加减的分数，没有加减的请删去这一行。"))
    if abs(points) > POINTS_AT_MOST:
        return Problem(
            "points_too_many",
            _("一次加减超过 %(most)s 分") % {"most": POINTS_AT_MOST},
            _("请核对分数。"),
        )
    return points


def clean_spent(cell: Cell) -> int | Problem:
    """The points given for goods, as the positive number the book has."""
    points = _whole(cell)
    if isinstance(points, int) and points <= 0:
        return Problem(
            "spent_not_positive", _("兑换用的积分要大于 0"), _("请填这次兑换用去的积分，写正数。")
        )
    return points


def clean_quantity(cell: Cell) -> int | Problem | None:
    """How many pieces; None when not given."""
    if isinstance(cell, str) and not squeezed(cell):
        return None
    quantity = _whole(cell)
    if isinstance(quantity, Problem) or quantity < 1:
        return Problem("quantity_unreadable", _("看不懂这个数量"), _("请填整数，如 2。"))
    return quantity


def clean_text(cell: Cell, *, at_most: int, needed: bool) -> str | Problem:
    """Words as written, without the white space typed between Han characters."""
    text = person_name(as_text(cell))
    if needed and not text:
        return Problem("text_missing", _("这一格没有填"), _("请补上。"))
    if len(text) > at_most:
        return Problem(
            "text_long", _("文字超过 %(most)s 字") % {"most": at_most}, _("请写短一些。")
        )
    return text


def clean_village(place: str | Problem) -> str | Problem:
    """A village must be named on every row."""
    return place or Problem("village_missing", _("没有填村"), _("请补上村名。"))


def clean_group(place: str | Problem) -> str | Problem:
    """A household lives in a group."""
    return place or Problem("group_missing", _("没有填组"), _("请补上组别，如“3组”。"))


def _whole(cell: Cell) -> int | Problem:
    text = squeezed(as_text(cell)).translate(_MINUS)
    if not text:
        return Problem("number_missing", _("没有填数字"), _("请补上。"))
    found = _WHOLE.fullmatch(text)
    if found is None or isinstance(cell, bool):
        return Problem("number_not_whole", _("不是整数"), _("请填整数，如 5 或 -2。"))
    sign, digits = found.groups()
    return -int(digits) if sign == "-" else int(digits)


def _day_fix() -> str:
    return _("请写成年-月-日，如 2026-03-07。")
