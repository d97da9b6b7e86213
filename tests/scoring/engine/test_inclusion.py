from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.errors import LeafIsNotInTree
from scoring.engine.inclusion import inclusion_proofs
from scoring.engine.merkle import inclusion_proof, merkle_root, verify_inclusion


def leaves_of(count: int) -> list[bytes]:
    return [sha256(b"\x00" + str(number).encode()).digest() for number in range(count)]


@pytest.mark.parametrize("count", [*range(1, 34), 63, 64, 65, 100, 255, 257])
def test_all_at_once_are_the_same_as_one_by_one(count):
    leaves = leaves_of(count)
    found = inclusion_proofs(leaves=b"".join(leaves), indexes=range(count))
    assert found == {index: inclusion_proof(leaves, index) for index in range(count)}


@given(st.data())
def test_any_choice_of_leaves_leads_to_the_root(data):
    leaves = leaves_of(data.draw(st.integers(1, 200)))
    indexes = data.draw(st.lists(st.integers(0, len(leaves) - 1), max_size=20))
    root = merkle_root(leaves)
    found = inclusion_proofs(leaves=b"".join(leaves), indexes=indexes)
    assert set(found) == set(indexes)
    for index, proof in found.items():
        way = {"index": index, "size": len(leaves), "proof": proof, "root": root}
        assert verify_inclusion(leaf=leaves[index], **way)
        assert not verify_inclusion(leaf=sha256(b"other").digest(), **way)


@pytest.mark.parametrize(("count", "index"), [(0, 0), (3, 3), (3, -1)])
def test_a_leaf_that_is_not_there_has_no_proof(count, index):
    with pytest.raises(LeafIsNotInTree):
        inclusion_proofs(leaves=b"".join(leaves_of(count)), indexes=[index])


def test_nothing_asked_is_nothing_found():
    assert inclusion_proofs(leaves=b"".join(leaves_of(5)), indexes=[]) == {}
    assert inclusion_proofs(leaves=b"", indexes=[]) == {}


def test_a_torn_digest_at_the_end_is_no_leaf():
    leaves = b"".join(leaves_of(3))
    whole = inclusion_proofs(leaves=leaves, indexes=[0, 2])
    assert inclusion_proofs(leaves=leaves + b"torn", indexes=[0, 2]) == whole
