import pytest
from cryptography.exceptions import InvalidTag

from trail.keys import KEY_ID_BYTES
from trail.sealing import NONCE_BYTES, UnknownKey, lookup_digest, seal, unseal

COLUMN = "villages.person.phone"
pytestmark = pytest.mark.usefixtures("keys")


@pytest.mark.parametrize("text", ["1", "13812345678", "买买提·艾力", "李𠮷", "双" * 1000])
def test_unseal_gives_back_what_was_sealed(text):
    assert unseal(seal(text, column=COLUMN), column=COLUMN) == text


def test_a_value_moved_to_another_column_does_not_open():
    with pytest.raises(InvalidTag):
        unseal(seal("13812345678", column=COLUMN), column="households.member.phone")


@pytest.mark.parametrize("position", [1 + KEY_ID_BYTES, 1 + KEY_ID_BYTES + NONCE_BYTES, -1])
def test_an_altered_value_does_not_open(position):
    blob = bytearray(seal("13812345678", column=COLUMN))
    blob[position] ^= 1
    with pytest.raises(InvalidTag):
        unseal(bytes(blob), column=COLUMN)


def test_a_value_of_a_lost_key_says_which():
    blob = bytearray(seal("13812345678", column=COLUMN))
    blob[1 : 1 + KEY_ID_BYTES] = b"\xff" * KEY_ID_BYTES
    with pytest.raises(UnknownKey, match="ff" * KEY_ID_BYTES):
        unseal(bytes(blob), column=COLUMN)


def test_lookup_digest_tells_values_and_purposes_apart():
    digest = lookup_digest("13812345678", purpose="phone")
    assert digest == lookup_digest("13812345678", purpose="phone")
    assert len(digest) == 32
    assert digest != lookup_digest("13812345679", purpose="phone")
    assert digest != lookup_digest("13812345678", purpose="phone_tail")
