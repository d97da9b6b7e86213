"""The form of a witness: what is written is read again, anything else is refused."""

import pytest

from scoring.engine import witness
from scoring.engine.errors import WitnessIsDamaged, WitnessIsForeign
from scoring.engine.witness import EntryLine, Head, SealLine, VillageLine

KEY = bytes(range(32))
DIGEST = bytes(range(32, 64))
HEAD = Head(made="2026-11-01T03:00:00Z", key=KEY)
CONTENT = [
    VillageLine("340602101001"),
    EntryLine(-4, DIGEST),
    EntryLine(101, KEY),
    SealLine(1, 101, 2, DIGEST),
]
BODY = (
    witness.first_lines(HEAD)
    + "village 340602101001\n"
    + "".join(f"{line}\n" for line in CONTENT[1:])
)
SIGNED = BODY + f"signature {'ab' * 64}\n"


def lines(text: str) -> list[bytes]:
    return text.encode().splitlines(keepends=True)


def test_what_is_written_is_read_again():
    assert witness.head_of(lines(SIGNED)) == HEAD
    assert list(witness.content_of(lines(SIGNED))) == CONTENT
    digest, signature = witness.body_and_signature(lines(SIGNED))
    assert signature == b"\xab" * 64
    assert witness.what_is_signed(digest).startswith(b"village-points witness 1\n")


def test_every_letter_is_under_the_signature():
    whole, _ = witness.body_and_signature(lines(SIGNED))
    for place in range(len(BODY) - 1):
        changed = SIGNED[:place] + chr(ord(SIGNED[place]) ^ 1) + SIGNED[place + 1 :]
        other, _ = witness.body_and_signature(lines(changed))
        assert other != whole, place


@pytest.mark.parametrize(
    "text",
    ["", BODY, BODY + "signature ab\n", BODY + "signature zz\n", SIGNED + "more\n", SIGNED * 2],
)
def test_a_file_without_its_one_signature_at_the_end_is_damaged(text):
    with pytest.raises(WitnessIsDamaged):
        witness.body_and_signature(lines(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "something else\n",
        SIGNED.replace("witness 1", "witness 2"),
        SIGNED.replace("made ", ""),
        SIGNED.replace(KEY.hex(), KEY.hex()[2:], 1),
        SIGNED.replace("made 2026", "made 公元 2026"),
    ],
)
def test_a_file_with_another_head_is_damaged(text):
    with pytest.raises(WitnessIsDamaged):
        witness.head_of(lines(text))


@pytest.mark.parametrize(
    "line", ["entry 1", "entry x " + "00" * 32, "entry 1 00", "seal 1 2 3", "name 张三", "village"]
)
def test_a_line_of_no_known_form_is_damaged(line):
    with pytest.raises(WitnessIsDamaged):
        list(witness.content_of(lines(witness.first_lines(HEAD) + line + "\n")))


def test_a_key_is_read_as_it_is_printed():
    assert witness.key_of(f" {KEY.hex()}\n") == KEY
    with pytest.raises(WitnessIsForeign):
        witness.key_of("00ff")
