"""The RFC 6962 Merkle tree over leaf digests: streaming root, resumption, inclusion proofs."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from scoring.engine.errors import LeafIsNotInTree, PeaksDoNotFit

DIGEST_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()
_NODE = b"\x01"


class MerkleBuilder:
    """Grows a tree leaf by leaf and keeps only its peaks, one digest per set bit of `count`."""

    def __init__(self) -> None:
        self.count = 0
        self._peaks: list[bytes] = []

    @classmethod
    def from_peaks(cls, *, count: int, peaks: Sequence[bytes]) -> "MerkleBuilder":
        """Go on where an earlier builder stopped: same roots as if all leaves were appended."""
        if count < 0 or len(peaks) != count.bit_count():
            raise PeaksDoNotFit(f"{len(peaks)} peaks for {count} leaves")
        if any(len(peak) != DIGEST_SIZE for peak in peaks):
            raise PeaksDoNotFit(f"a peak is not {DIGEST_SIZE} bytes long")
        builder = cls()
        builder.count = count
        builder._peaks = list(peaks)
        return builder

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """Roots of the complete subtrees, largest first; with `count` they are the whole state."""
        return tuple(self._peaks)

    def append(self, digest: bytes) -> None:
        """Add the next leaf, which is already a leaf digest."""
        self.extend((digest,))

    def extend(self, digests: Iterable[bytes]) -> None:
        """Add many leaves in order; one loop, because a village's history goes through it."""
        peaks, count, hash_of = self._peaks, self.count, sha256
        for digest in digests:
            node, full = digest, count
            while full & 1:
                node = hash_of(_NODE + peaks.pop() + node).digest()
                full >>= 1
            peaks.append(node)
            count += 1
        self.count = count

    def root(self) -> bytes:
        """The tree hash of all leaves so far; the builder can go on growing afterwards."""
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = _parent(peak, node)
        return node


def merkle_root(digests: Iterable[bytes]) -> bytes:
    """The tree hash over these leaf digests in this order."""
    builder = MerkleBuilder()
    builder.extend(digests)
    return builder.root()


def inclusion_proof(digests: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The sibling digests, lowest first, that lead from the leaf at `index` to the root."""
    low, high = 0, len(digests)
    if not low <= index < high:
        raise LeafIsNotInTree(f"no leaf {index} among {high}")
    siblings: list[bytes] = []
    while high - low > 1:
        split = low + (1 << ((high - low - 1).bit_length() - 1))
        if index < split:
            siblings.append(merkle_root(digests[split:high]))
            high = split
        else:
            siblings.append(merkle_root(digests[low:split]))
            low = split
    return tuple(reversed(siblings))


def verify_inclusion(
    *, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the proof shows the leaf at this index of the tree with this size and root."""
    if not 0 <= index < size:
        return False
    node, place, last = leaf, index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = _parent(sibling, node)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            node = _parent(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def _parent(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()
