"""Takes several ways of the same work in turn, A B C A B C, and compares them round by round.

Absolute figures of a shared machine swing by half and more; the ratio of two turns of one round
swings much less. So every comparison is a ratio within a round, and the median of those.
"""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

# A row that is slow on this machine stops early, but never before it has been taken three times.
SECONDS_A_ROW = 20.0
FEWEST_ROUNDS = 3


@dataclass(frozen=True)
class Way:
    """One way of doing the work: `run` does `amount` things and answers in how many seconds."""

    name: str
    amount: int
    run: Callable[[], float]


@dataclass(frozen=True)
class Bar:
    """A bar of performance.md: `of` against `against`, thing by thing, as speed or as time.

    Without `against` it is a rate per second.
    """

    of: str
    against: str
    kind: str
    reach: float
    aim: float | None = None

    @property
    def at_least(self) -> bool:
        """Whether more is better."""
        return self.kind != "time"


@dataclass(frozen=True)
class Fact:
    """Something seen beside the times, such as memory or a count of queries."""

    name: str
    value: str
    met: bool | None = None


@dataclass
class Row:
    """One row of the table: what is done, in which ways, and what is to be reached."""

    number: int
    title: str
    unit: str
    ways: Sequence[Way]
    bars: Sequence[Bar] = ()
    facts: list[Fact] = field(default_factory=list)


@dataclass(frozen=True)
class Spread:
    """Median, least and most of some rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """The spread of these values."""
        return cls(statistics.median(values), min(values), max(values))


@dataclass(frozen=True)
class Outcome:
    """What was seen of a row: rates per second by way, and each bar's spread."""

    row: Row
    rounds: int
    rates: dict[str, Spread]
    bars: list[tuple[Bar, Spread]]


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """The work as a `run` that tells its seconds."""

    def run() -> float:
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun

    return run


def measure(row: Row, *, rounds: int, settle: Callable[[], None]) -> Outcome:
    """Take all ways of the row in turn, after one turn that does not count and `settle`."""
    for way in row.ways:
        way.run()
    settle()
    taken: dict[str, list[float]] = {way.name: [] for way in row.ways}
    begun = time.monotonic()
    for number in range(rounds):
        if number >= FEWEST_ROUNDS and time.monotonic() - begun > SECONDS_A_ROW:
            break
        for way in row.ways:
            gc.collect()
            taken[way.name].append(way.amount / way.run())
    return Outcome(
        row=row,
        rounds=len(taken[row.ways[0].name]),
        rates={name: Spread.of(rates) for name, rates in taken.items()},
        bars=[(bar, Spread.of(_ratios(bar, taken))) for bar in row.bars],
    )


def is_met(bar: Bar, seen: Spread, wanted: float) -> bool:
    """Whether the median keeps to the bar."""
    return seen.median >= wanted if bar.at_least else seen.median <= wanted


def _ratios(bar: Bar, taken: dict[str, list[float]]) -> list[float]:
    if not bar.against:
        return taken[bar.of]
    pairs = zip(taken[bar.of], taken[bar.against], strict=True)
    if bar.kind == "time":
        return [against / ours for ours, against in pairs]
    return [ours / against for ours, against in pairs]
