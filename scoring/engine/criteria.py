"""What a star can be made to depend on. Each criterion looks at facts and answers a reason."""

from dataclasses import dataclass
from typing import Protocol

from scoring.engine.facts import Facts
from scoring.engine.results import Reason


class Criterion(Protocol):
    """Something that can be met, with the numbers that show it."""

    def check(self, facts: Facts) -> Reason:
        """Compare the facts with what is needed."""
        ...


@dataclass(frozen=True, slots=True)
class CategoryPoints:
    """The points of these categories, added up, reach `at_least`."""

    categories: tuple[str, ...]
    at_least: int

    def check(self, facts: Facts) -> Reason:
        """Add up the categories' points, minus included."""
        points = facts.category_points
        had = sum([points.get(category, 0) for category in self.categories])
        return Reason("category_points", self.categories, self.at_least, had, had >= self.at_least)


@dataclass(frozen=True, slots=True)
class ItemCount:
    """These items were awarded `at_least` times in all."""

    items: tuple[str, ...]
    at_least: int

    def check(self, facts: Facts) -> Reason:
        """Count how often the items were awarded."""
        counts = facts.item_counts
        had = sum([counts.get(item, 0) for item in self.items])
        return Reason("item_count", self.items, self.at_least, had, had >= self.at_least)


@dataclass(frozen=True, slots=True)
class ItemPoints:
    """The points of these items, added up, reach `at_least`."""

    items: tuple[str, ...]
    at_least: int

    def check(self, facts: Facts) -> Reason:
        """Add up the items' points."""
        points = facts.item_points
        had = sum([points.get(item, 0) for item in self.items])
        return Reason("item_points", self.items, self.at_least, had, had >= self.at_least)


@dataclass(frozen=True, slots=True)
class NoneOf:
    """None of these minus items was recorded and none of these vetoes binds."""

    items: tuple[str, ...]

    def check(self, facts: Facts) -> Reason:
        """Count the items and the vetoes that have not lapsed."""
        counts = facts.item_counts
        had = sum([counts.get(item, 0) for item in self.items])
        if facts.vetoes:
            bound = {veto for veto in facts.vetoes if veto.binds(facts.period)}
            had += sum(veto.code in self.items for veto in bound)
        return Reason("none_of", self.items, 0, had, had == 0)


@dataclass(frozen=True, slots=True)
class Decided:
    """People decided to grant this star; without a decision it is not met."""

    star: str

    def check(self, facts: Facts) -> Reason:
        """Look the decision up and name its record."""
        decision = facts.decisions.get(self.star)
        if decision is None:
            return Reason("decision", (self.star,), 1, 0, met=False)
        granted = decision.granted
        return Reason("decision", (self.star,), 1, int(granted), granted, note=decision.source)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part is met."""

    parts: tuple[Criterion, ...]

    def check(self, facts: Facts) -> Reason:
        """Check every part, also after one failed: the household is told of all of them."""
        reasons = tuple([part.check(facts) for part in self.parts])
        had = sum([reason.met for reason in reasons])
        return Reason("all", (), len(reasons), had, had == len(reasons), parts=reasons)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part is met."""

    parts: tuple[Criterion, ...]

    def check(self, facts: Facts) -> Reason:
        """Check every part: each is a way to the star."""
        reasons = tuple([part.check(facts) for part in self.parts])
        had = sum([reason.met for reason in reasons])
        return Reason("any", (), 1, had, had > 0, parts=reasons)
