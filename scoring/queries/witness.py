"""A witness against the ledger: what it had on its day must be there, and nothing before it.

A ledger that was rewritten throughout, with its digests and seals, agrees with itself; only what
was written down elsewhere can contradict it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from scoring.engine import witness
from scoring.engine.canon import leaf_digest
from scoring.engine.errors import WitnessIsDamaged, WitnessIsForeign
from scoring.engine.merkle import DIGEST_SIZE, MerkleBuilder
from scoring.engine.witness import EntryLine, Head, SealLine, VillageLine
from scoring.models import Seal
from scoring.queries import ledger, seals
from scoring.queries.verifying import Problem
from trail.signing import is_signed, public_key
from villages.queries import find_village

# Of one village: whoever reads on has taken the wrong file or the wrong database.
MOST_PROBLEMS = 100
ENDS = "ledger ends before the witness"
Row = tuple[int, bytes]
RowsOf = Callable[[int], Iterator[Row]]


class SealsAreBroken(Exception):
    """A village's leaves do not make its roots: nothing may be witnessed of it."""


def genuine(path: Path, *, key: str = "") -> Head:
    """The head of a whole witness signed with `key` (64 hex digits), or with our own key.

    Raises a WitnessIsRefused; OSError when the file cannot be read.
    """
    expected = witness.key_of(key) if key else public_key()
    with path.open("rb") as file:
        head = witness.head_of(file)
    if head.key != expected:
        raise WitnessIsForeign(f"signed with key {head.key.hex()}, not with {expected.hex()}")
    with path.open("rb") as file:
        digest, signature = witness.body_and_signature(file)
    if not is_signed(witness.what_is_signed(digest), signature=signature, key=expected):
        raise WitnessIsDamaged("its signature does not fit: it was changed after it was signed")
    return head


def sealed_lines(*, village_id: int, village: str) -> Iterator[EntryLine | SealLine]:
    """What a witness says of a village: each seal under the entries it was the first to cover.

    Taken from the seals, not from the rows: a row changed since stays witnessed as it was sealed.
    Raises SealsAreBroken.
    """
    tree = MerkleBuilder()
    for seal_id in seals.in_order(village_id=village_id):
        seal = seals.by_id(seal_id)
        for entry_id, leaf in _leaves(seal):
            tree.append(leaf)
            yield EntryLine(entry_id, leaf)
        if tree.root() != bytes(seal.root) or tree.count != seal.count:
            raise SealsAreBroken(f"village {village}: seal {seal.number} is not what it was")
        yield _line_of(seal)


def differences(path: Path, *, village: str = "") -> list[Problem]:
    """Where rows and seals differ from a genuine witness, in the order of their ids.

    With `village`, of that one only. In constant memory and without a lock: what is sealed stays.
    """
    return _compared(path, rows_of=_stored, wanted=lambda code: village in ("", code))


def breaches(path: Path, *, leaving_out: frozenset[str]) -> list[Problem]:
    """Where the seals of today do not go on from a genuine witness; rows are not looked at."""
    return _compared(path, rows_of=_sealed, wanted=lambda code: code not in leaving_out)


def newest_seals_that_differ(path: Path) -> list[Problem]:
    """The newest seal each village has in a genuine witness, against the ledger's own: quick."""
    newest: dict[str, SealLine] = {}
    code = ""
    with path.open("rb") as file:
        for line in witness.content_of(file):
            if isinstance(line, VillageLine):
                code = line.code
            elif isinstance(line, SealLine):
                newest[code] = line
    problems: list[Problem] = []
    for code, line in newest.items():
        _Comparison(code, rows_of=_none, into=problems).seal(line)
    return problems


def _compared(path: Path, *, rows_of: RowsOf, wanted: Callable[[str], bool]) -> list[Problem]:
    problems: list[Problem] = []
    comparison: _Comparison | None = None
    with path.open("rb") as file:
        for line in witness.content_of(file):
            if isinstance(line, VillageLine):
                comparison = (
                    _Comparison(line.code, rows_of=rows_of, into=problems)
                    if wanted(line.code)
                    else None
                )
            elif comparison is None:
                continue
            elif isinstance(line, EntryLine):
                comparison.entry(line)
            else:
                comparison.seal(line)
    return problems


class _Comparison:
    """Goes through a village's lines and its rows side by side and notes what does not fit."""

    def __init__(self, village: str, *, rows_of: RowsOf, into: list[Problem]) -> None:
        self.village = village
        self._into = into
        self._noted = 0
        self._ended = False
        found = find_village(village)
        self._id = found.pk if found else 0
        self._rows = rows_of(self._id)
        self._head = next(self._rows, None)

    def entry(self, line: EntryLine) -> None:
        """Compare an entry of the witness with the row at its place."""
        while self._head is not None and self._head[0] < line.id:
            self._note(self._head[0], "inserted: the witness does not have it")
            self._head = next(self._rows, None)
        if self._head is None:
            self._end(line.id)
        elif self._head[0] > line.id:
            self._note(line.id, "removed: the witness has it")
        else:
            if self._head[1] != line.digest:
                self._note(line.id, "changed: the witness has another digest")
            self._head = next(self._rows, None)

    def seal(self, line: SealLine) -> None:
        """Compare a seal of the witness with the village's of the same number."""
        held = seals.by_number(village_id=self._id, number=line.number)
        if held is not None and _line_of(held) != line:
            self._note(line.upto_id, f"seal {line.number} is not the one of the witness")
        elif held is None:
            newest = seals.newest(village_id=self._id)
            if newest is None or newest.number < line.number:
                self._end(line.upto_id)
            else:
                self._note(line.upto_id, f"seal {line.number} is gone: the witness has it")

    def _end(self, entry: int) -> None:
        if not self._ended:
            self._note(entry, ENDS)
        self._ended = True

    def _note(self, entry: int, what: str) -> None:
        self._noted += 1
        if self._noted <= MOST_PROBLEMS:
            self._into.append(Problem(self.village, entry, what))


def _stored(village_id: int) -> Iterator[Row]:
    for facts, _ in ledger.stored_entries(village_id=village_id):
        yield facts.id, leaf_digest(facts)


def _sealed(village_id: int) -> Iterator[Row]:
    for seal_id in seals.in_order(village_id=village_id):
        yield from _leaves(seals.by_id(seal_id))


def _none(village_id: int) -> Iterator[Row]:
    return iter(())


def _leaves(seal: Seal) -> Iterator[Row]:
    packed = bytes(seal.leaves)
    for place, entry_id in enumerate(seal.leaf_ids):
        yield entry_id, packed[place * DIGEST_SIZE : (place + 1) * DIGEST_SIZE]


def _line_of(seal: Seal) -> SealLine:
    return SealLine(seal.number, seal.upto_id, seal.count, bytes(seal.root))
