"""Proof that a household's entries stand in its village's ledger as they were sealed."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from notices.models import Notice
from scoring.engine.canon import EntryFacts, leaf_digest
from scoring.engine.inclusion import inclusion_proofs
from scoring.engine.merkle import DIGEST_SIZE, verify_inclusion
from scoring.models import Seal


@dataclass(frozen=True, slots=True)
class NoticeOnPaper:
    """A published notice that names a seal's root: its number and the code printed on it."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class EntryProof:
    """One entry under a seal: the digest of the row as it is now, and the way to the root.

    `holds` is False when the way does not lead there: the row is not the one that was sealed.
    """

    digest: bytes
    index: int
    siblings: tuple[bytes, ...]
    holds: bool


@dataclass(frozen=True, slots=True)
class SealedProofs:
    """Proofs by entry id under one seal; entries after it are not among them."""

    seal: Seal
    proofs: dict[int, EntryProof]
    on_paper: tuple[NoticeOnPaper, ...]

    @property
    def holding(self) -> int:
        """How many entries were found unchanged."""
        return sum(proof.holds for proof in self.proofs.values())

    @property
    def broken(self) -> int:
        """How many are not what was sealed."""
        return len(self.proofs) - self.holding


def newest_seal_on_paper(*, village_id: int) -> Seal | None:
    """The last seal of a village whose root a published notice names; None before the first."""
    roots = (
        Notice.objects.filter(village_id=village_id, state=Notice.State.PUBLISHED)
        .exclude(body__seal_root=b"")
        .values("body__seal_root")
    )
    found = Seal.objects.filter(village_id=village_id, root__in=roots)
    return found.defer("leaf_ids", "leaves").first()


def proofs_under(seal: Seal, *, entries: Sequence[EntryFacts]) -> SealedProofs:
    """Proofs of these entries of the seal's village.

    Each digest is computed anew from the entry's facts, never read. Two queries, and one pass
    over the tree whatever the number of entries. Nothing that was done to the stored leaves makes
    it fail: the proofs then do not hold.
    """
    ids, leaves = _leaves_up_to(seal)
    places = {facts.id: bisect_left(ids, facts.id) for facts in entries if facts.id <= seal.upto_id}
    known = len(leaves) // DIGEST_SIZE
    # The way to a root alone does not say how many leaves there are.
    is_whole = known == len(ids) == seal.count
    siblings = inclusion_proofs(
        leaves=leaves, indexes={place for place in places.values() if place < known}
    )
    proofs = {
        facts.id: _proof(
            facts, places[facts.id], siblings.get(places[facts.id], ()), seal if is_whole else None
        )
        for facts in entries
        if facts.id in places
    }
    return SealedProofs(seal=seal, proofs=proofs, on_paper=_on_paper(seal))


def _proof(
    facts: EntryFacts, index: int, siblings: tuple[bytes, ...], seal: Seal | None
) -> EntryProof:
    digest = leaf_digest(facts)
    holds = seal is not None and verify_inclusion(
        leaf=digest, index=index, size=seal.count, proof=siblings, root=bytes(seal.root)
    )
    return EntryProof(digest=digest, index=index, siblings=siblings, holds=holds)


def _leaves_up_to(seal: Seal) -> tuple[list[int], bytes]:
    """Ids and joined digests of everything the seal covers."""
    parts = (
        Seal.objects.filter(village_id=seal.village_id, number__lte=seal.number)
        .order_by("number")
        .values_list("leaf_ids", "leaves")
    )
    ids: list[int] = []
    leaves = bytearray()
    for leaf_ids, digests in parts:
        ids += leaf_ids
        leaves += digests
    return ids, bytes(leaves)


def _on_paper(seal: Seal) -> tuple[NoticeOnPaper, ...]:
    """The published notices that name this seal's root."""
    found = Notice.objects.filter(
        village_id=seal.village_id,
        state=Notice.State.PUBLISHED,
        body__seal_root=bytes(seal.root),
    ).order_by("pk")
    return tuple(
        NoticeOnPaper(number=number, code=code)
        for number, code in found.values_list("number", "body__short_code")
    )
