"""The file with which a household proves its entries; its format is in docs/ledger-format.md."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from households.models import Subject
from scoring.engine.canon import EntryFacts
from scoring.queries.proofs import SealedProofs

FORMAT = "village-points-proof"
VERSION = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def proof_file(
    subject: Subject, entries: Iterable[EntryFacts], sealed: Sequence[SealedProofs]
) -> dict[str, object]:
    """The household's entries in canonical order, and under each seal the way to its root."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "village": {"id": subject.village_id, "code": subject.village.code},
        "household": {
            "id": subject.pk,
            "group": subject.unit.name if subject.unit else "",
            "number": subject.number,
        },
        "entries": {str(facts.id): _canonical(facts) for facts in entries},
        "seals": [_seal(found) for found in sealed],
    }


def _canonical(facts: EntryFacts) -> dict[str, object]:
    """The fields in their order, under the names of the documented program."""
    return {
        "id": facts.id,
        "village": facts.village_id,
        "subject": facts.subject_id,
        "kind": facts.kind,
        "points": facts.points,
        "category": facts.category_id,
        "item": facts.item_id,
        "book": facts.rulebook_id,
        "on": facts.occurred_on.isoformat(),
        "month": facts.month,
        "source": facts.source,
        "reverses": facts.reverses_id,
        "at": (facts.recorded_at - _EPOCH) // _MICROSECOND,
        "by": facts.recorded_by_id,
    }


def _seal(found: SealedProofs) -> dict[str, object]:
    return {
        "number": found.seal.number,
        "at": found.seal.at.astimezone(UTC).isoformat(),
        "size": found.seal.count,
        "root": bytes(found.seal.root).hex(),
        "notices": [{"number": one.number, "code": one.code} for one in found.on_paper],
        "proofs": [
            {
                "entry": entry_id,
                "digest": proof.digest.hex(),
                "index": proof.index,
                "siblings": [sibling.hex() for sibling in proof.siblings],
            }
            for entry_id, proof in found.proofs.items()
        ],
    }
