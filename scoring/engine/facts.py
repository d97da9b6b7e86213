"""What the engine is told about one subject. Redemptions have no place here, so none can count.

The query windows the sums, because it can do so for a whole village in one statement: plus
points and counts are those of the period; minus points and minus items are those of the months
from `first_minus_month` to the period's end, so that a deduction lapses. Vetoes come unfiltered,
the engine drops those that have lapsed by the period's last day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from scoring.engine.errors import VetoIsUnfounded


@dataclass(frozen=True, slots=True)
class Period:
    """The time a rating speaks about; its last day is the engine's only "today"."""

    code: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, order=True)
class Veto:
    """A final document about the subject's own act; it bars honours until `lapses_on`."""

    code: str
    document: str
    decided_on: date
    lapses_on: date

    def __post_init__(self) -> None:
        if not self.document.strip():
            raise VetoIsUnfounded(f"veto {self.code} names no final document")
        if self.lapses_on <= self.decided_on:
            raise VetoIsUnfounded(f"veto {self.code} does not lapse after {self.decided_on}")

    def binds(self, period: Period) -> bool:
        """Whether the veto is in force on the last day of the period."""
        return self.decided_on <= period.ends_on < self.lapses_on


class Decision(NamedTuple):
    """What people decided about one star, and where that is recorded."""

    granted: bool
    source: str


class Facts(NamedTuple):
    """One subject's facts, keyed by category, item and star codes.

    A named tuple, like `Reason` and `Rating`: fifty thousand are made in one go, and a frozen
    dataclass takes three times as long to make.
    """

    subject_id: int
    period: Period
    category_points: Mapping[str, int]
    item_counts: Mapping[str, int]
    item_points: Mapping[str, int]
    vetoes: tuple[Veto, ...] = ()
    decisions: Mapping[str, Decision] = MappingProxyType({})

    def earned(self) -> int:
        """All points that count, plus and minus."""
        return sum(self.category_points.values())


def first_minus_month(period: Period, months: int) -> str:
    """The first month (YYYY-MM) whose deductions still count on the period's last day."""
    index = period.ends_on.year * 12 + period.ends_on.month - months
    return f"{index // 12:04d}-{index % 12 + 1:02d}"
