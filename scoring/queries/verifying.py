"""Does the ledger still say what it said? Rows against digests, digests against seals, sums.

Everything is recomputed outside the database: canonical bytes and the Merkle tree in Python, from
the rows as they are read. Nothing is mended here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from notices import proof
from notices.models import NoticeBody
from scoring.engine.canon import EntryFacts, leaf_digest
from scoring.engine.merkle import DIGEST_SIZE, MerkleBuilder
from scoring.models import Seal
from scoring.queries import ledger, seals


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in which village, and at which entry when one can be named."""

    village: str
    entry: int | None
    what: str

    def __str__(self) -> str:
        return f"entry {self.entry}: {self.what}" if self.entry else self.what


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for one village."""

    entries: int
    seals: int
    problems: list[Problem]


def verify(*, village_id: int, village: str) -> Verdict:
    """Check one village's ledger in constant memory per seal; `village` is how it is named."""
    walk = _walked(village_id=village_id, village=village)
    problems = [
        *walk.problems,
        *_sums(village_id=village_id, village=village),
        *_notices(village_id=village_id, village=village),
    ]
    return Verdict(entries=walk.entries, seals=walk.seals, problems=problems)


def broken_entries(*, village_id: int, village: str) -> list[Problem]:
    """What is wrong with entries and seals themselves, whatever has been derived from them."""
    return _walked(village_id=village_id, village=village).problems


def _walked(*, village_id: int, village: str) -> "_Walk":
    walk = _Walk(village_id=village_id, village=village)
    for seal_id in seals.in_order(village_id=village_id):
        walk.follow(seals.by_id(seal_id))
    walk.finish()
    return walk


class _Walk:
    """Goes through the entries and the seals side by side and notes what does not fit."""

    def __init__(self, *, village_id: int, village: str) -> None:
        self.village = village
        self.entries = 0
        self.seals = 0
        self.problems: list[Problem] = []
        self._rows = self._checked(ledger.stored_entries(village_id=village_id))
        self._head = next(self._rows, None)
        self._tree = MerkleBuilder()
        self._root = b""
        self._number = 0
        self._upto = 0

    def _note(self, entry: int | None, what: str) -> None:
        self.problems.append(Problem(self.village, entry, what))

    def _checked(self, rows: Iterator[tuple[EntryFacts, bytes]]) -> Iterator[tuple[int, bytes]]:
        for facts, carried in rows:
            self.entries += 1
            if leaf_digest(facts) != carried:
                self._note(facts.id, "changed: the row does not fit its digest")
            yield facts.id, carried

    def follow(self, seal: Seal) -> None:
        """Compare the entries under a seal with its leaves, and the seal with the tree."""
        self.seals += 1
        leaves = bytes(seal.leaves)
        for place, sealed_id in enumerate(seal.leaf_ids):
            leaf = leaves[place * DIGEST_SIZE : (place + 1) * DIGEST_SIZE]
            self._compare(sealed_id, leaf)
            self._tree.append(leaf)
        self._pass_over(seal.upto_id)
        self._chain(seal)

    def finish(self) -> None:
        """Read on to the last entry: what is not sealed yet must fit its digest too."""
        while self._head is not None:
            self._head = next(self._rows, None)

    def _compare(self, sealed_id: int, leaf: bytes) -> None:
        self._pass_over(sealed_id - 1)
        if self._head is None or self._head[0] != sealed_id:
            self._note(sealed_id, "removed: it was sealed and is gone")
            return
        if self._head[1] != leaf:
            self._note(sealed_id, "rewritten: its digest is not the one that was sealed")
        self._head = next(self._rows, None)

    def _pass_over(self, upto: int) -> None:
        while self._head is not None and self._head[0] <= upto:
            self._note(self._head[0], "added under a seal")
            self._head = next(self._rows, None)

    def _chain(self, seal: Seal) -> None:
        named = f"seal {seal.number}"
        last = seal.leaf_ids[-1] if seal.leaf_ids else None
        if self._tree.root() != bytes(seal.root) or self._tree.count != seal.count:
            self._note(last, f"{named}: its leaves do not make its root")
        if bytes(seal.prev_root) != self._root or seal.number != self._number + 1:
            self._note(last, f"{named}: it does not follow the seal before")
        if last is None or last != seal.upto_id or seal.upto_id <= self._upto:
            self._note(last, f"{named}: its bounds are wrong")
        self._root, self._number, self._upto = bytes(seal.root), seal.number, seal.upto_id


_BALANCES = """
SELECT coalesce(b.subject_id, s.subject_id)
FROM (SELECT * FROM public.scoring_balance WHERE village_id = %(village)s) b
FULL JOIN (
  SELECT subject_id,
    coalesce(sum(points) FILTER (
      WHERE kind = 'award' OR (kind = 'reversal' AND points < 0)), 0) AS plus,
    coalesce(sum(points) FILTER (
      WHERE kind = 'deduction' OR (kind = 'reversal' AND points > 0)), 0) AS minus,
    sum(points) AS whole
  FROM public.scoring_entry WHERE village_id = %(village)s GROUP BY subject_id
) s ON s.subject_id = b.subject_id
WHERE (coalesce(b.gross, 0), coalesce(b.earned, 0), coalesce(b.spendable, 0))
   IS DISTINCT FROM (coalesce(s.plus, 0), coalesce(s.plus + s.minus, 0), coalesce(s.whole, 0))
ORDER BY 1
"""
_TOTALS = """
SELECT coalesce(t.subject_id, s.subject_id), coalesce(t.month, s.month)
FROM (SELECT * FROM public.scoring_monthlytotal WHERE village_id = %(village)s) t
FULL JOIN (
  SELECT subject_id, month, coalesce(category_id, 0) AS category_id,
    coalesce(sum(points) FILTER (
      WHERE kind = 'award' OR (kind = 'reversal' AND points < 0)), 0) AS plus,
    coalesce(sum(points) FILTER (
      WHERE kind = 'deduction' OR (kind = 'reversal' AND points > 0)), 0) AS minus,
    coalesce(sum(points) FILTER (
      WHERE kind NOT IN ('award', 'deduction', 'reversal')), 0) AS spent,
    count(*) AS entries
  FROM public.scoring_entry WHERE village_id = %(village)s
  GROUP BY subject_id, month, coalesce(category_id, 0)
) s ON s.subject_id = t.subject_id AND s.month = t.month
   AND s.category_id = coalesce(t.category_id, 0)
WHERE (t.plus, t.minus, t.spent, t.entries::bigint)
   IS DISTINCT FROM (s.plus, s.minus, s.spent, s.entries)
ORDER BY 1, 2
"""


def _sums(*, village_id: int, village: str) -> list[Problem]:
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, {"village": village_id})
        wrong = [f"balance of subject {subject} is not the sum" for (subject,) in cursor]
        cursor.execute(_TOTALS, {"village": village_id})
        wrong += [f"total of subject {who} in {month} is not the sum" for who, month in cursor]
    return [Problem(village, None, what) for what in wrong]


def _notices(*, village_id: int, village: str) -> list[Problem]:
    """A notice must be what its code says, and its seal one of the village's."""
    roots = Seal.objects.filter(village_id=village_id).values_list("root", flat=True)
    known = {bytes(root) for root in roots}
    problems = []
    for body in NoticeBody.objects.filter(notice__village_id=village_id).select_related("notice"):
        number, root = body.notice.number, bytes(body.seal_root)
        genuine = proof.holds(
            canonical=body.canonical,
            content_sha256=bytes(body.content_sha256),
            seal_root=root,
            notice_id=body.notice_id,
            code=body.short_code,
        )
        if not genuine:
            problems.append(Problem(village, None, f"notice {number} is not what was sealed"))
        elif root and root not in known:
            what = f"notice {number} names a seal that is not there"
            problems.append(Problem(village, None, what))
    return problems
