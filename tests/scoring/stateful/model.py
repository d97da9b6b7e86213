"""What the ledger promises, said once more in plain Python: no SQL, no ORM, no product code.

The model is as simple as it can be: lists and sums over all that was entered. It answers what a
post must do, entry by entry or as the name of the refusal.
"""

from dataclasses import dataclass, field
from datetime import date

PLUS_KINDS = ("award",)
MINUS_KINDS = ("deduction",)


@dataclass(frozen=True)
class Line:
    """A line of the rules: bounds without sign, and how many times a month it counts."""

    positive: bool
    low: int
    high: int
    times_a_month: int | None = None


@dataclass(frozen=True)
class Fact:
    """What somebody wants to enter. `reverses` is the place of an earlier fact in the model."""

    home: int
    kind: str
    points: int
    on: date
    source: str
    line: str | None = None
    reverses: int | None = None


@dataclass(frozen=True)
class Entered:
    """A fact of the ledger, and the month it counts in."""

    fact: Fact
    month: str


@dataclass
class LedgerModel:
    """The ledger of one village."""

    lines: dict[str, Line]
    homes: int
    rules_from: date
    today: date
    entries: list[Entered] = field(default_factory=list)
    open: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)

    def refusal(self, fact: Fact) -> str | None:
        """The name of the refusal, in the order in which the ledger checks; None when it enters."""
        if not 0 <= fact.home < self.homes:
            return "NoSuchSubject"
        if fact.on > self.today:
            return "DateInTheFuture"
        if self.month_of(fact.on) is None:
            return "EarlierMonthsWait"
        return self._rules(fact) or self._cap(fact) or self._reversal(fact) or self._enough(fact)

    def known(self, source: str) -> int | None:
        """The place of the fact with this source."""
        places = [at for at, old in enumerate(self.entries) if old.fact.source == source]
        return places[0] if places else None

    def enter(self, fact: Fact) -> None:
        month = self.month_of(fact.on)
        assert month is not None
        self.open.add(month)
        self.entries.append(Entered(fact, month))

    def month_of(self, on: date) -> str | None:
        """The month in which a fact of this day counts; None while two earlier ones are open."""
        month = f"{on:%Y-%m}"
        if month in self.open:
            return month
        if self.closed and month <= max(self.closed):
            if self.open:
                return min(self.open)
            month = max(f"{self.today:%Y-%m}", _next(max(self.closed)))
        return None if sum(1 for other in self.open if other < month) >= 2 else month

    def close(self, month: str) -> None:
        self.open.remove(month)
        self.closed.add(month)

    def _rules(self, fact: Fact) -> str | None:
        if fact.kind in PLUS_KINDS + MINUS_KINDS:
            if fact.on < self.rules_from:
                return "NoRuleInForce"
            line = self.lines[fact.line or ""]
            wanted = fact.points if fact.kind == "award" else -fact.points
            fits = line.positive == (fact.kind == "award") and line.low <= wanted <= line.high
            return None if fits else "OutsideTheRule"
        if fact.kind == "redemption" and (fact.points >= 0 or fact.line):
            return "OutsideTheRule"
        return None

    def _cap(self, fact: Fact) -> str | None:
        if fact.kind not in PLUS_KINDS + MINUS_KINDS:
            return None
        most = self.lines[fact.line or ""].times_a_month
        used = sum(
            1
            for place, old in enumerate(self.entries)
            if old.fact.home == fact.home
            and old.fact.kind in PLUS_KINDS + MINUS_KINDS
            and old.fact.line == fact.line
            and (old.fact.on.year, old.fact.on.month) == (fact.on.year, fact.on.month)
            and not self.is_reversed(place)
        )
        return "CapReached" if most is not None and used >= most else None

    def is_reversed(self, place: int) -> bool:
        return any(old.fact.reverses == place for old in self.entries)

    def _reversal(self, fact: Fact) -> str | None:
        if (fact.kind == "reversal") != (fact.reverses is not None):
            return "NotReversible"
        if fact.reverses is None:
            return None
        old = self.entries[fact.reverses].fact
        fits = (
            old.kind in PLUS_KINDS + MINUS_KINDS
            and old.home == fact.home
            and old.points == -fact.points
            and fact.on >= old.on
            and not self.is_reversed(fact.reverses)
        )
        return None if fits else "NotReversible"

    def _enough(self, fact: Fact) -> str | None:
        short = fact.kind == "redemption" and self.spendable(fact.home) + fact.points < 0
        return "NotEnoughPoints" if short else None

    def _of(self, home: int, month: str | None = None) -> list[Fact]:
        return [
            old.fact for old in self.entries if old.fact.home == home and month in (None, old.month)
        ]

    def plus(self, home: int, month: str | None = None) -> int:
        """Awards less their reversals."""
        return sum(
            fact.points
            for fact in self._of(home, month)
            if fact.kind == "award" or (fact.kind == "reversal" and fact.points < 0)
        )

    def minus(self, home: int, month: str | None = None) -> int:
        """Deductions less their reversals."""
        return sum(
            fact.points
            for fact in self._of(home, month)
            if fact.kind == "deduction" or (fact.kind == "reversal" and fact.points > 0)
        )

    def spendable(self, home: int) -> int:
        return sum(fact.points for fact in self._of(home))


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"
