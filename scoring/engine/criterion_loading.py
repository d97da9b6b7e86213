"""A star's criterion from plain JSON data.

{"kind": "category_points", "categories": ["huanjing"], "at_least": 6}
{"kind": "item_count", "items": ["lesson", "meeting"], "at_least": 2}
{"kind": "item_points", "items": ["volunteer"], "at_least": 10}
{"kind": "none_of", "items": ["littering", "final-judgment"]}     minus items and vetoes
{"kind": "decision"}                                              of people, about this star
{"kind": "all", "of": [...]}, {"kind": "any", "of": [...]}        joined, at most `DEEPEST` deep
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from scoring.engine.checked import Checked, Data, inside
from scoring.engine.criteria import (
    AllOf,
    AnyOf,
    CategoryPoints,
    Criterion,
    Decided,
    ItemCount,
    ItemPoints,
    NoneOf,
)

DEEPEST = 4


class _Place(NamedTuple):
    """Where in the data we are, and whose star it is."""

    where: str
    star: str
    depth: int


class _Kind(NamedTuple):
    keys: frozenset[str]
    read: Callable[[Checked, Data, _Place], Criterion]


def criterion_from_data(checked: Checked, value: object, *, where: str, star: str) -> Criterion:
    """The criterion this data describes; mistakes are noted in `checked`."""
    return _criterion(checked, value, _Place(where, star, 1))


def _criterion(checked: Checked, value: object, place: _Place) -> Criterion:
    name = value.get("kind") if isinstance(value, Mapping) else None
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        checked.refuse(inside(place.where, "kind"), "unknown_kind", name)
        return Decided(place.star)
    return kind.read(checked, checked.table(value, place.where, kind.keys | {"kind"}), place)


def _category_points(checked: Checked, data: Data, place: _Place) -> Criterion:
    categories = checked.texts(data, "categories", place.where)
    return CategoryPoints(categories, checked.whole(data, "at_least", place.where, lowest=1))


def _item_count(checked: Checked, data: Data, place: _Place) -> Criterion:
    items = checked.texts(data, "items", place.where)
    return ItemCount(items, checked.whole(data, "at_least", place.where, lowest=1))


def _item_points(checked: Checked, data: Data, place: _Place) -> Criterion:
    items = checked.texts(data, "items", place.where)
    return ItemPoints(items, checked.whole(data, "at_least", place.where, lowest=1))


def _none_of(checked: Checked, data: Data, place: _Place) -> Criterion:
    return NoneOf(checked.texts(data, "items", place.where))


def _decision(checked: Checked, data: Data, place: _Place) -> Criterion:
    return Decided(place.star)


def _all(checked: Checked, data: Data, place: _Place) -> Criterion:
    return AllOf(_parts(checked, data, place))


def _any(checked: Checked, data: Data, place: _Place) -> Criterion:
    return AnyOf(_parts(checked, data, place))


def _parts(checked: Checked, data: Data, place: _Place) -> tuple[Criterion, ...]:
    if place.depth == DEEPEST:
        checked.refuse(place.where, "too_deep", DEEPEST)
        return ()
    rows = checked.rows(data, "of", place.where, may="not be empty")
    return tuple(
        _criterion(checked, row, _Place(where, place.star, place.depth + 1)) for where, row in rows
    )


_KINDS: Mapping[str, _Kind] = {
    "category_points": _Kind(frozenset({"categories", "at_least"}), _category_points),
    "item_count": _Kind(frozenset({"items", "at_least"}), _item_count),
    "item_points": _Kind(frozenset({"items", "at_least"}), _item_points),
    "none_of": _Kind(frozenset({"items"}), _none_of),
    "decision": _Kind(frozenset(), _decision),
    "all": _Kind(frozenset({"of"}), _all),
    "any": _Kind(frozenset({"of"}), _any),
}
