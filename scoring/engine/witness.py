"""The witness: what each ledger said on a day, as lines of text (docs/ledger-format.md).

Only the form is here. Whose signature stands at the end is the caller's affair.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from scoring.engine.errors import WitnessIsDamaged, WitnessIsForeign

TITLE = "village-points witness 1"
SIGNATURE = b"signature "
_BYTES_OF_SIGNATURE = 64
_BYTES_OF_DIGEST = 32


@dataclass(frozen=True, slots=True)
class Head:
    """When the witness was made (UTC, ISO 8601) and the public key it names."""

    made: str
    key: bytes


@dataclass(frozen=True, slots=True)
class VillageLine:
    """What follows, up to the next village, is of the village with this code."""

    code: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry of the ledger and the digest of its canonical bytes."""

    id: int
    digest: bytes

    def __str__(self) -> str:
        return f"entry {self.id} {self.digest.hex()}"


@dataclass(frozen=True, slots=True)
class SealLine:
    """A seal over all the entries that stand above it in its village."""

    number: int
    upto_id: int
    count: int
    root: bytes

    def __str__(self) -> str:
        return f"seal {self.number} {self.upto_id} {self.count} {self.root.hex()}"


Line = VillageLine | EntryLine | SealLine


def first_lines(head: Head) -> str:
    """The lines before the first village."""
    return f"{TITLE}\nmade {head.made}\nkey {head.key.hex()}\n"


def key_of(text: str) -> bytes:
    """A public key as it is printed; raises WitnessIsForeign when it is none."""
    try:
        return _digest(text.strip())
    except WitnessIsDamaged as error:
        raise WitnessIsForeign(f"{text} is no public key of 64 hex digits") from error


def what_is_signed(body_sha256: bytes) -> bytes:
    """The bytes under the signature: the title, then the digest of every line above it."""
    return TITLE.encode() + b"\n" + body_sha256


def head_of(lines: Iterable[bytes]) -> Head:
    """Read the first three lines; raises WitnessIsDamaged."""
    found = iter(lines)
    title, made, key = (_words(next(found, b"")) for _ in range(3))
    if " ".join(title) != TITLE or made[:1] != ["made"] or key[:1] != ["key"]:
        raise WitnessIsDamaged("it does not begin as a witness does")
    if len(made) != 2 or len(key) != 2:
        raise WitnessIsDamaged("its head has words too many or too few")
    return Head(made=made[1], key=_digest(key[1]))


def body_and_signature(lines: Iterable[bytes]) -> tuple[bytes, bytes]:
    """SHA-256 of everything above the signature, and the signature; raises WitnessIsDamaged."""
    above, signature = sha256(), b""
    for line in lines:
        if signature:
            raise WitnessIsDamaged("something stands after the signature")
        if line.startswith(SIGNATURE):
            signature = _hex(line[len(SIGNATURE) :].decode("ascii", "replace").strip())
        else:
            above.update(line)
    if len(signature) != _BYTES_OF_SIGNATURE:
        raise WitnessIsDamaged("it does not end with its signature")
    return above.digest(), signature


def content_of(lines: Iterable[bytes]) -> Iterator[Line]:
    """Villages, entries and seals in the order of the file; raises WitnessIsDamaged."""
    for place, line in enumerate(lines):
        if place < 3 or line.startswith(SIGNATURE):
            continue
        yield _line(_words(line), place + 1)


def _line(words: list[str], place: int) -> Line:
    match words:
        case ["entry", number, digest]:
            return EntryLine(_number(number), _digest(digest))
        case ["seal", number, upto, count, root]:
            return SealLine(_number(number), _number(upto), _number(count), _digest(root))
        case ["village", code]:
            return VillageLine(code)
    raise WitnessIsDamaged(f"line {place} is no line of a witness")


def _words(line: bytes) -> list[str]:
    try:
        return line.decode("ascii").split()
    except UnicodeDecodeError as error:
        raise WitnessIsDamaged("it holds more than plain letters and digits") from error


def _number(word: str) -> int:
    if not word.removeprefix("-").isdigit():
        raise WitnessIsDamaged(f"{word} is no number")
    return int(word)


def _digest(word: str) -> bytes:
    found = _hex(word)
    if len(found) != _BYTES_OF_DIGEST:
        raise WitnessIsDamaged(f"{word} is no digest")
    return found


def _hex(word: str) -> bytes:
    try:
        return bytes.fromhex(word)
    except ValueError as error:
        raise WitnessIsDamaged(f"{word} is no digest") from error
