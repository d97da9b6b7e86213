"""Canonical bytes of a ledger entry and its digest.

The SQL function `ledger_post` writes the digest; this is the second implementation, which must
agree byte for byte. Integers are signed big-endian, every text carries its length, moments are
microseconds since 1970 in UTC: no time zone, date style or locale can change a byte.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

VERSION = 1
LEAF = b"\x00"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_HEAD = struct.Struct(">Bqqq")
_INTEGER = struct.Struct(">q")
_PRESENT = struct.Struct(">Bq")
_LENGTH = struct.Struct(">I")
_ABSENT = b"\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    """Everything of an entry that its digest protects, in canonical order."""

    id: int
    village_id: int
    subject_id: int
    kind: str
    points: int
    category_id: int | None
    item_id: int | None
    rulebook_id: int | None
    occurred_on: date
    month: str
    source: str
    reverses_id: int | None
    recorded_at: datetime
    recorded_by_id: int | None


def canonical_bytes(facts: EntryFacts) -> bytes:
    """The entry as bytes: equal facts give equal bytes, different facts different ones."""
    return b"".join(
        (
            _HEAD.pack(VERSION, facts.id, facts.village_id, facts.subject_id),
            _text(facts.kind),
            _INTEGER.pack(facts.points),
            _nullable(facts.category_id),
            _nullable(facts.item_id),
            _nullable(facts.rulebook_id),
            _text(facts.occurred_on.isoformat()),
            _text(facts.month),
            _text(facts.source),
            _nullable(facts.reverses_id),
            _INTEGER.pack((facts.recorded_at - _EPOCH) // _MICROSECOND),
            _nullable(facts.recorded_by_id),
        )
    )


def leaf_digest(facts: EntryFacts) -> bytes:
    """SHA-256 of the canonical bytes as an RFC 6962 leaf: ready to be put into the tree."""
    return sha256(LEAF + canonical_bytes(facts)).digest()


def _text(value: str) -> bytes:
    encoded = value.encode()
    return _LENGTH.pack(len(encoded)) + encoded


def _nullable(value: int | None) -> bytes:
    return _ABSENT if value is None else _PRESENT.pack(1, value)
