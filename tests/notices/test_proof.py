import hashlib

import pytest

from notices import proof
from trail.crockford import ALPHABET


def test_canonical_json_is_the_same_in_any_order_and_keeps_characters():
    one = proof.canonical_json({"b": [1, {"z": "㛃", "a": "𠮷"}], "a": None})
    other = proof.canonical_json({"a": None, "b": [1, {"a": "𠮷", "z": "㛃"}]})
    assert one == other == '{"a":null,"b":[1,{"a":"𠮷","z":"㛃"}]}'


def test_canonical_json_refuses_what_has_no_one_text():
    with pytest.raises(ValueError, match="JSON"):
        proof.canonical_json({"a": float("nan")})


def test_short_code_is_the_first_sixty_bits_of_the_digest():
    digest = hashlib.sha256(b"\x02" + b"c" * 32 + b"r" * 32 + (7).to_bytes(8, "big")).digest()
    code = proof.short_code(content_sha256=b"c" * 32, seal_root=b"r" * 32, notice_id=7)
    bits = "".join(format(ALPHABET.index(character), "05b") for character in code)
    assert bits == "".join(format(byte, "08b") for byte in digest)[:60]


@pytest.mark.parametrize(
    "changed", [{"notice_id": 8}, {"seal_root": b""}, {"content_sha256": b"d"}]
)
def test_short_code_depends_on_content_seal_and_notice(changed):
    known = {"content_sha256": b"c", "seal_root": b"r", "notice_id": 7}
    assert proof.short_code(**known) != proof.short_code(**known | changed)


@pytest.mark.parametrize("typed", ["7k3m-9qxa-01b0", "7K3M 9QXA O1BO", " 7k3m9qxaolbo "])
def test_a_typed_code_is_read_as_people_write_it(typed):
    assert proof.read_code(typed) == "7K3M9QXA01B0"


def test_a_code_is_printed_in_groups_of_four():
    assert proof.grouped("7K3M9QXA01B0") == "7K3M-9QXA-01B0"


def test_i_21_a_changed_content_or_digest_does_not_hold():
    canonical = proof.canonical_json({"plus": 18})
    digest = proof.content_digest(canonical)
    facts = {"content_sha256": digest, "seal_root": b"", "notice_id": 7}
    known = {"canonical": canonical, "code": proof.short_code(**facts), **facts}
    assert proof.holds(**known)
    other = proof.canonical_json({"plus": 19})
    assert not proof.holds(**known | {"canonical": other})
    assert not proof.holds(
        **known | {"canonical": other, "content_sha256": proof.content_digest(other)}
    )
