"""Seals: I-02 and I-36, the tree grows by what is new and nothing is sealed twice."""

import hashlib

import psycopg2
import pytest
from django.db import DatabaseError, transaction

from scoring.models import Entry, Seal
from scoring.operations import sealing
from scoring.queries import seals
from scoring.work import SEALER, ask_for_seals
from tests.factories import NOON
from trail.models import AuditEvent


def _seal(stage) -> Seal | None:
    return sealing.seal(village_id=stage.village.pk, by=SEALER, at=NOON)


def _root(leaves: list[bytes]) -> bytes:
    """RFC 6962 by its definition, recursively; leaves are hashed already."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + _root(leaves[:split]) + _root(leaves[split:])).digest()


def _digests(stage) -> list[bytes]:
    rows = Entry.objects.filter(village=stage.village).order_by("pk")
    return [bytes(digest) for digest in rows.values_list("digest", flat=True)]


def test_village_without_entries_has_no_seal(stage):
    assert _seal(stage) is None
    assert not Seal.objects.exists()


def test_i02_each_seal_covers_exactly_the_entries_up_to_it(stage, neighbour):
    sealed = []
    for growth in (1, 2, 5, 1, 8):
        stage.post(*(stage.row() for _ in range(growth)))
        neighbour.enter(5)
        sealed.append(_seal(stage))
    digests = _digests(stage)
    ids = list(
        Entry.objects.filter(village=stage.village).order_by("pk").values_list("pk", flat=True)
    )
    begin = 0
    for number, (seal, count) in enumerate(zip(sealed, (1, 3, 8, 9, 17), strict=True), start=1):
        kept = Seal.objects.get(pk=seal.pk)
        assert (kept.number, kept.count, kept.upto_id) == (number, count, ids[count - 1])
        assert bytes(kept.root) == _root(digests[:count])
        assert kept.leaf_ids == ids[begin:count]
        assert bytes(kept.leaves) == b"".join(digests[begin:count])
        assert bytes(kept.prev_root) == (_root(digests[:begin]) if begin else b"")
        begin = count


def test_sealing_again_without_new_entries_changes_nothing(stage):
    stage.enter(5)
    first = _seal(stage)
    assert _seal(stage) == first
    assert Seal.objects.count() == 1
    assert AuditEvent.objects.filter(what="ledger.sealed").count() == 1


def test_villages_that_grew_are_asked_to_be_sealed(stage, neighbour):
    stage.enter(5)
    _seal(stage)
    assert seals.villages_with_new_entries() == []
    neighbour.enter(5)
    assert seals.villages_with_new_entries() == [neighbour.village.pk]
    stage.enter(5)
    assert seals.villages_with_new_entries() == [stage.village.pk, neighbour.village.pk]
    ask_for_seals()


@pytest.mark.parametrize(
    "change",
    [
        {"number": 1},
        {"number": 3},
        {"upto_id": 0},
        {"count": 1},
        {"prev_root": b""},
        {"prev_root": b"\x00" * 32},
    ],
    ids=["number again", "number leaps", "upto", "count", "no root", "other root"],
)
def test_i36_database_takes_only_the_seal_that_follows(stage, change):
    stage.enter(5)
    last = _seal(stage)
    following = {
        "village": stage.village,
        "number": 2,
        "upto_id": last.upto_id + 1,
        "count": 2,
        "root": b"\x01" * 32,
        "prev_root": bytes(last.root),
        "leaf_ids": [last.upto_id + 1],
        "leaves": b"\x02" * 32,
        "peaks": b"\x01" * 32,
        "at": NOON,
    }
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        Seal.objects.create(**{**following, **change})
    assert isinstance(refused.value.__cause__, psycopg2.Error)
    assert refused.value.__cause__.pgcode == "VC303"
    assert Seal.objects.create(**following).number == 2
