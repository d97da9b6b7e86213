"""Sharing households out to collectors so that nobody carries more than another; no database."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

H = TypeVar("H", bound=Hashable)
C = TypeVar("C", bound=Hashable)


def evenly(households: Sequence[H], loads: Mapping[C, int]) -> dict[H, C]:
    """A collector for each household, neighbours together, until all carry equally much.

    `loads` is what each collector carries already, in the order in which they are served; one who
    carries more than the new average gets none.
    """
    shared: dict[H, C] = {}
    left = iter(households)
    for collector, more in _level(len(households), loads).items():
        for household in (next(left) for _ in range(more)):
            shared[household] = collector
    return shared


def by_unit(units: Sequence[Sequence[H]], loads: Mapping[C, int]) -> dict[H, C]:
    """A collector for each household; a unit is never divided, the largest is given away first."""
    shared: dict[H, C] = {}
    carried = dict(loads)
    if not carried:
        return shared
    for unit in sorted(units, key=len, reverse=True):
        lightest = min(carried, key=carried.__getitem__)
        carried[lightest] += len(unit)
        shared |= dict.fromkeys(unit, lightest)
    return shared


def _level(count: int, loads: Mapping[C, int]) -> dict[C, int]:
    """How many more each collector gets; differences end up as small as they can be."""
    more = dict.fromkeys(loads, 0)
    if not more:
        return more
    for _household in range(count):
        lightest = min(more, key=lambda collector: loads[collector] + more[collector])
        more[lightest] += 1
    return more
