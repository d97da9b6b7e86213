"""Seals: a fingerprint over a village's ledger up to an entry."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from scoring.engine.merkle import DIGEST_SIZE, MerkleBuilder
from scoring.errors import LedgerStopped
from scoring.models import Seal
from scoring.operations import ledger
from scoring.queries import breaks, seals
from scoring.queries import ledger as entries
from trail.actor import Actor
from trail.operations import part, record


class Sealed(NamedTuple):
    """The newest seal of a village, None without entries, and whether it was made just now."""

    seal: Seal | None
    is_new: bool


@transaction.atomic
def seal(*, village_id: int, by: Actor, at: datetime) -> Seal | None:
    """Seal what was entered since the last seal; the last seal when there is nothing new.

    None for a village without entries. Raises LedgerStopped.
    """
    made, is_new = make(village_id=village_id, at=at)
    if made is not None and is_new:
        record(
            by=by,
            at=at,
            what="ledger.sealed",
            about=f"scoring.seal:{made.pk}",
            village_id=village_id,
            detail={"number": made.number, "count": made.count, "root": bytes(made.root).hex()},
        )
    return made


@part
def make(*, village_id: int, at: datetime) -> Sealed:
    """Seal as a part of the operation that closes or corrects a month. Enters the ledger alone.

    Raises LedgerStopped: what was found broken is not sealed, and no month of it closed, before
    supervision has signed.
    """
    ledger.enter(village_id=village_id, alone=True)
    if breaks.is_stopped(village_id=village_id):
        raise LedgerStopped
    last = seals.newest(village_id=village_id)
    fresh = entries.digests_after(village_id=village_id, after_id=last.upto_id if last else 0)
    if not fresh:
        return Sealed(last, is_new=False)
    builder = resumed(last)
    builder.extend(digest for _, digest in fresh)
    made = Seal.objects.create(
        village_id=village_id,
        number=last.number + 1 if last else 1,
        upto_id=fresh[-1][0],
        count=builder.count,
        root=builder.root(),
        prev_root=bytes(last.root) if last else b"",
        leaf_ids=[entry_id for entry_id, _ in fresh],
        leaves=b"".join(digest for _, digest in fresh),
        peaks=b"".join(builder.peaks),
        at=at,
    )
    return Sealed(made, is_new=True)


def facts_of(made: Seal | None) -> dict[str, object]:
    """What the event of an act says of the seal it rests on."""
    if made is None:
        return {"seal": 0}
    return {"seal": made.number, "root": bytes(made.root).hex()}


def resumed(last: Seal | None) -> MerkleBuilder:
    """The tree as the last seal left it."""
    if last is None:
        return MerkleBuilder()
    packed = bytes(last.peaks)
    peaks = [packed[at : at + DIGEST_SIZE] for at in range(0, len(packed), DIGEST_SIZE)]
    return MerkleBuilder.from_peaks(count=last.count, peaks=peaks)
