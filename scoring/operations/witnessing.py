"""Writing a witness: what every ledger said up to its newest seal, signed, to be kept elsewhere."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from scoring.engine.witness import EntryLine, Head, first_lines, what_is_signed
from scoring.queries import seals
from scoring.queries import witness as lines
from trail.actor import Actor
from trail.operations import record
from trail.signing import public_key, sign


@dataclass(frozen=True, slots=True)
class Witnessed:
    """How much a witness holds; `sha256` is of everything above its signature."""

    villages: int
    entries: int
    sha256: bytes


def write(
    *, into: BinaryIO, by: Actor, at: datetime, leaving_out: frozenset[str] = frozenset()
) -> Witnessed:
    """Write ids and digests of every sealed village and sign them, in constant memory.

    Villages of `leaving_out` (codes) are passed over. Raises SealsAreBroken: what was written
    until then has no signature and is no witness.
    """
    body, villages, entries = hashlib.sha256(), 0, 0
    for text, of_village, of_entry in _pieces(at=at, leaving_out=leaving_out):
        piece = text.encode()
        body.update(piece)
        into.write(piece)
        villages += of_village
        entries += of_entry
    digest = body.digest()
    into.write(f"signature {sign(what_is_signed(digest)).hex()}\n".encode())
    made = Witnessed(villages=villages, entries=entries, sha256=digest)
    record(
        by=by,
        at=at,
        what="ledger.witnessed",
        about="scoring.witness",
        detail={"villages": villages, "entries": entries, "sha256": digest.hex()},
    )
    return made


def _pieces(*, at: datetime, leaving_out: frozenset[str]) -> Iterator[tuple[str, int, int]]:
    """Lines, with how many villages and entries each adds."""
    made = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    yield first_lines(Head(made=made, key=public_key())), 0, 0
    for village in seals.villages_with_seals():
        if village.code in leaving_out:
            continue
        yield f"village {village.code}\n", 1, 0
        for line in lines.sealed_lines(village_id=village.pk, village=village.code):
            yield f"{line}\n", 0, int(isinstance(line, EntryLine))
