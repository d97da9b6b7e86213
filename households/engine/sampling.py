"""Which records are looked at a second time: drawn by a seed that anybody can draw with again."""

from collections.abc import Hashable, Mapping, Sequence
from random import Random
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def drawn(done: Mapping[K, Sequence[int]], *, percent: int, seed: int) -> dict[K, list[int]]:
    """Of what each collector has done, `percent` in a hundred, rounded up and at least one.

    The same numbers, percent and seed give the same draw, in whatever order they are given.
    """
    random = Random(seed)  # noqa: S311 (a draw that can be repeated, no secret)
    found: dict[K, list[int]] = {}
    for collector in sorted(done, key=str):
        ids = sorted(done[collector])
        if ids:
            found[collector] = sorted(random.sample(ids, max(1, -(-len(ids) * percent // 100))))
    return found
