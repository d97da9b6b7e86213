"""The rules that a points book was kept by, as its own lines show them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from scoring.importing.results import EntryLine

_ROUTES = (("申报", "declared"), ("网格", "grid"), ("评议", "panel"))
_PANEL = "panel"


class RuleKey(NamedTuple):
    """An item by category, name and sign: what gives and what takes are two lines."""

    category: str
    item: str
    gives: bool


@dataclass(frozen=True, slots=True)
class RuleSeen:
    """A line of the rules: `low` and `high` are the smallest and the largest amount seen."""

    key: RuleKey
    code: str
    low: int
    high: int
    route: str


@dataclass(slots=True)
class _Sightings:
    amounts: set[int] = field(default_factory=set)
    routes: Counter[str] = field(default_factory=Counter)


def rule_key(line: EntryLine) -> RuleKey:
    """The item that a line speaks of."""
    return RuleKey(line.category, line.item, line.points > 0)


def rules_seen(lines: Iterable[EntryLine]) -> list[RuleSeen]:
    """The items by category, both in the order of first appearance.

    The same lines give the same codes. How an item is confirmed is what most of its lines say;
    without a majority a panel confirms it.
    """
    by_category: dict[str, dict[RuleKey, _Sightings]] = {}
    for line in lines:
        seen = by_category.setdefault(line.category, {}).setdefault(rule_key(line), _Sightings())
        seen.amounts.add(abs(line.points))
        seen.routes[_route(line.confirmed_how)] += 1
    return [
        RuleSeen(
            key=key,
            code=f"{position}.{place}",
            low=min(seen.amounts),
            high=max(seen.amounts),
            route=_majority(seen.routes),
        )
        for position, items in enumerate(by_category.values(), start=1)
        for place, (key, seen) in enumerate(items.items(), start=1)
    ]


def _majority(routes: Counter[str]) -> str:
    route, times = routes.most_common(1)[0]
    return route if 2 * times > routes.total() else _PANEL


def _route(confirmed_how: str) -> str:
    return next((route for word, route in _ROUTES if word in confirmed_how), _PANEL)
