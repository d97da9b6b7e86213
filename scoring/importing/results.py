"""What reading a points workbook gives: plain facts with their address."""

from dataclasses import dataclass
from datetime import date

from households.importing.problems import RowProblem
from scoring.importing.tables import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdLine:
    """The household a line is about, as the file writes it; an empty group was not given."""

    at: Address
    village: str
    group: str
    number: str
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine(HouseholdLine):
    """Points given or taken, with their sign."""

    day: date
    category: str
    item: str
    points: int
    confirmed_how: str
    handled_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionLine(HouseholdLine):
    """Points given for goods, as a positive number."""

    day: date
    goods: str
    quantity: int | None
    points: int


@dataclass(frozen=True)
class PointsBook:
    """A workbook read: `digest` is the beginning of the file's SHA-256 and names it for ever."""

    name: str
    digest: str
    households: tuple[HouseholdLine, ...]
    entries: tuple[EntryLine, ...]
    redemptions: tuple[RedemptionLine, ...]
    refused: tuple[RowProblem, ...]
    left_out: tuple[str, ...]

    @property
    def begins_on(self) -> date:
        """The first day of the first month that has a line of points."""
        days = [line.day for line in self.entries] + [line.day for line in self.redemptions]
        return min(days).replace(day=1)

    def source(self, line: HouseholdLine) -> str:
        """What makes a line a fact of its own, also beside an identical one."""
        return f"{self.source_prefix}{line.at.table.title}:{line.at.row}"

    @property
    def source_prefix(self) -> str:
        """What the sources of all lines of this file begin with."""
        return f"import:{self.digest}:"
