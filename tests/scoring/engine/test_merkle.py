from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.errors import LeafIsNotInTree, PeaksDoNotFit
from scoring.engine.merkle import (
    EMPTY_ROOT,
    MerkleBuilder,
    inclusion_proof,
    merkle_root,
    verify_inclusion,
)

# The well-known test leaves of Certificate Transparency and their tree heads for 1 to 8 leaves.
CT_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaf(content):
    return sha256(b"\x00" + content).digest()


def leaves_of(count):
    return [leaf(str(number).encode()) for number in range(count)]


def naive_root(leaves):
    """The definition of RFC 6962 §2.1, word for word, as an oracle."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = naive_root(leaves[:split]), naive_root(leaves[split:])
    return sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("count", range(1, 9))
def test_root_equals_the_published_certificate_transparency_vector(count):
    assert merkle_root(map(leaf, CT_LEAVES[:count])).hex() == CT_ROOTS[count - 1]


def test_root_of_nothing_is_the_hash_of_nothing():
    assert MerkleBuilder().root() == EMPTY_ROOT == sha256(b"").digest()


@pytest.mark.parametrize("count", range(70))
def test_builder_root_equals_the_recursive_definition_after_each_leaf(count):
    leaves = leaves_of(count)
    builder = MerkleBuilder()
    for digest in leaves:
        builder.append(digest)
    assert builder.root() == naive_root(leaves)
    assert builder.count == count
    assert len(builder.peaks) == count.bit_count()


def test_root_can_be_asked_between_leaves_without_disturbing_them():
    builder = MerkleBuilder()
    roots = []
    for digest in leaves_of(9):
        builder.append(digest)
        roots.append(builder.root())
    assert roots == [naive_root(leaves_of(count)) for count in range(1, 10)]


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=80), st.data())
def test_builder_resumed_from_peaks_reaches_the_same_root(leaves, data):
    cut = data.draw(st.integers(0, len(leaves)))
    first = MerkleBuilder()
    first.extend(leaves[:cut])
    second = MerkleBuilder.from_peaks(count=first.count, peaks=first.peaks)
    second.extend(leaves[cut:])
    assert second.root() == naive_root(leaves)
    assert first.root() == naive_root(leaves[:cut])


@pytest.mark.parametrize(
    ("count", "peaks"),
    [(3, [b"a" * 32]), (0, [b"a" * 32]), (-1, [b"a" * 32]), (1, [b"a" * 31]), (1, [])],
)
def test_peaks_that_belong_to_no_such_tree_are_refused(count, peaks):
    with pytest.raises(PeaksDoNotFit):
        MerkleBuilder.from_peaks(count=count, peaks=peaks)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33])
def test_inclusion_proof_of_every_leaf_verifies(size):
    leaves = leaves_of(size)
    root = naive_root(leaves)
    for index, digest in enumerate(leaves):
        proof = inclusion_proof(leaves, index)
        assert verify_inclusion(leaf=digest, index=index, size=size, proof=proof, root=root)
        assert len(proof) <= (size - 1).bit_length()


@pytest.mark.parametrize("index", [-1, 3])
def test_inclusion_proof_of_a_leaf_outside_is_refused(index):
    with pytest.raises(LeafIsNotInTree):
        inclusion_proof(leaves_of(3), index)


@pytest.mark.parametrize(
    "change",
    [
        {"leaf": b"x" * 32},
        {"index": 3},
        {"index": 5},
        {"index": 7},
        {"index": -1},
        {"size": 4},
        {"size": 16},
        {"root": b"x" * 32},
        {"proof": ()},
        {"proof": tuple(leaves_of(3))},
        {"proof": tuple(leaves_of(9))},
    ],
    ids=repr,
)
def test_inclusion_proof_changed_in_any_part_does_not_verify(change):
    leaves = leaves_of(7)
    honest = {
        "leaf": leaves[4],
        "index": 4,
        "size": 7,
        "proof": inclusion_proof(leaves, 4),
        "root": merkle_root(leaves),
    }
    assert verify_inclusion(**honest)
    assert not verify_inclusion(**(honest | change))


@given(st.integers(1, 40), st.data())
def test_inclusion_proof_with_one_bit_flipped_does_not_verify(size, data):
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    parts = [leaves[index], *inclusion_proof(leaves, index)]
    at = data.draw(st.integers(0, len(parts) - 1))
    parts[at] = bytes([parts[at][0] ^ 1]) + parts[at][1:]
    root = naive_root(leaves)
    assert not verify_inclusion(
        leaf=parts[0], index=index, size=size, proof=tuple(parts[1:]), root=root
    )


def test_inclusion_proof_longer_than_the_tree_is_high_does_not_verify():
    first, second = leaves_of(2)
    root = naive_root([first, second])
    assert verify_inclusion(leaf=second, index=1, size=2, proof=(first,), root=root)
    assert not verify_inclusion(leaf=second, index=0, size=1, proof=(first,), root=root)
