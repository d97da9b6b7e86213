"""Inclusion proofs of many leaves in one pass over the tree; each the same as a single one."""

from collections.abc import Iterable
from hashlib import sha256

from scoring.engine.errors import LeafIsNotInTree
from scoring.engine.merkle import DIGEST_SIZE

_NODE = b"\x01"
_PAIR = 2 * DIGEST_SIZE


def inclusion_proofs(*, leaves: bytes, indexes: Iterable[int]) -> dict[int, tuple[bytes, ...]]:
    """For each index the sibling digests, lowest first; `leaves` are the digests joined.

    Raises LeafIsNotInTree when there is no leaf at one of them.
    """
    wanted = sorted(set(indexes))
    count = len(leaves) // DIGEST_SIZE
    if wanted and not 0 <= wanted[0] <= wanted[-1] < count:
        raise LeafIsNotInTree(f"not all of {wanted[0]} to {wanted[-1]} are among {count}")
    siblings: dict[int, list[bytes]] = {index: [] for index in wanted}
    # A torn digest at the end is no leaf; with it the levels would never end.
    level, depth = leaves[: count * DIGEST_SIZE], 0
    while wanted and len(level) > DIGEST_SIZE:
        for index in wanted:
            beside = (index >> depth ^ 1) * DIGEST_SIZE
            if beside < len(level):
                siblings[index].append(level[beside : beside + DIGEST_SIZE])
        level, depth = _above(level), depth + 1
    return {index: tuple(found) for index, found in siblings.items()}


def _above(level: bytes) -> bytes:
    """The parents of a level, joined; the last one goes up as it is when it has no pair."""
    paired = len(level) - len(level) % _PAIR
    parents = [
        sha256(_NODE + level[place : place + _PAIR]).digest() for place in range(0, paired, _PAIR)
    ]
    return b"".join(parents) + level[paired:]
