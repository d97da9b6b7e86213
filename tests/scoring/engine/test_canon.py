import struct
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.canon import EntryFacts, canonical_bytes, leaf_digest

SHANGHAI = timezone(timedelta(hours=8))

AWARD = EntryFacts(
    id=1,
    village_id=2,
    subject_id=258,
    kind="award",
    points=3,
    category_id=5,
    item_id=6,
    rulebook_id=7,
    occurred_on=date(2026, 10, 9),
    month="2026-10",
    source="清a:1",
    reverses_id=None,
    recorded_at=datetime(1970, 1, 1, 0, 0, 1, 2, tzinfo=UTC),
    recorded_by_id=None,
)
# Written by hand from the contract, field by field.
AWARD_BYTES = bytes.fromhex(
    "01"  # version
    "0000000000000001"  # id
    "0000000000000002"  # village
    "0000000000000102"  # subject
    "00000005"
    "6177617264"  # kind: award
    "0000000000000003"  # points
    "01"
    "0000000000000005"  # category
    "01"
    "0000000000000006"  # item
    "01"
    "0000000000000007"  # rule book
    "0000000a"
    "323032362d31302d3039"  # occurred on: 2026-10-09
    "00000007"
    "323032362d3130"  # month: 2026-10
    "00000006"
    "e6b885613a31"  # source: 清a:1
    "00"  # reverses nothing
    "00000000000f4242"  # 1,000,002 microseconds
    "00"  # recorded by the system
)

REVERSAL = EntryFacts(
    id=9007199254740993,
    village_id=1,
    subject_id=1,
    kind="reversal",
    points=-2,
    category_id=None,
    item_id=None,
    rulebook_id=None,
    occurred_on=date(999, 1, 2),
    month="0999-01",
    source="",
    reverses_id=255,
    recorded_at=datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    recorded_by_id=-1,
)
REVERSAL_BYTES = bytes.fromhex(
    "01"
    "0020000000000001"
    "0000000000000001"
    "0000000000000001"
    "00000008"
    "726576657273616c"
    "fffffffffffffffe"
    "00"
    "00"
    "00"
    "0000000a"
    "303939392d30312d3032"
    "00000007"
    "303939392d3031"
    "00000000"
    "01"
    "00000000000000ff"
    "ffffffffffffffff"
    "01"
    "ffffffffffffffff"
)


@pytest.mark.parametrize(
    ("facts", "golden"),
    [(AWARD, AWARD_BYTES), (REVERSAL, REVERSAL_BYTES)],
    ids=["award", "reversal"],
)
def test_canonical_bytes_equal_the_hand_written_vector_i03(facts, golden):
    assert canonical_bytes(facts) == golden


def test_leaf_digest_equals_the_fixed_value_i03():
    assert leaf_digest(AWARD) == sha256(b"\x00" + AWARD_BYTES).digest()
    assert leaf_digest(AWARD).hex() == (
        "cf64421ed569713e98c3c42f14a626a16bc83fbc9c125cad76c806d3b967d71c"
    )


def test_canonical_bytes_do_not_depend_on_the_time_zone_i03():
    moment = datetime(2026, 11, 1, 0, 30, 0, 7, tzinfo=SHANGHAI)
    here, there = (replace(AWARD, recorded_at=at) for at in (moment, moment.astimezone(UTC)))
    assert canonical_bytes(here) == canonical_bytes(there)


def test_canonical_bytes_refuse_a_moment_without_a_zone():
    with pytest.raises(TypeError):
        canonical_bytes(replace(AWARD, recorded_at=datetime(2026, 11, 1)))  # noqa: DTZ001


def test_canonical_bytes_refuse_a_number_too_big_for_eight_bytes():
    with pytest.raises(struct.error):
        canonical_bytes(replace(AWARD, points=2**63))


def test_text_cannot_move_into_the_next_field_i03():
    left, right = replace(AWARD, month="ab", source="c"), replace(AWARD, month="a", source="bc")
    assert canonical_bytes(left) != canonical_bytes(right)


bigint = st.integers(-(2**63), 2**63 - 1)
maybe = st.none() | bigint
text = st.text(st.characters(codec="utf-8"), max_size=12)
entries = st.builds(
    EntryFacts,
    id=bigint,
    village_id=bigint,
    subject_id=bigint,
    kind=text,
    points=bigint,
    category_id=maybe,
    item_id=maybe,
    rulebook_id=maybe,
    occurred_on=st.dates(),
    month=text,
    source=text,
    reverses_id=maybe,
    recorded_at=st.datetimes(timezones=st.just(UTC)),
    recorded_by_id=maybe,
)


def decoded(data):
    """Read the bytes back by the contract alone: proof that no two entries share bytes."""
    place = 0

    def take(size):
        nonlocal place
        place += size
        return data[place - size : place]

    def number():
        return int.from_bytes(take(8), "big", signed=True)

    def words():
        return take(int.from_bytes(take(4), "big")).decode()

    def nullable():
        return {b"\x00": lambda: None, b"\x01": number}[take(1)]()

    assert take(1) == b"\x01"
    fields = {"id": number(), "village_id": number(), "subject_id": number()}
    fields |= {"kind": words(), "points": number(), "category_id": nullable()}
    fields |= {"item_id": nullable(), "rulebook_id": nullable()}
    fields |= {"occurred_on": date.fromisoformat(words()), "month": words()}
    fields |= {"source": words(), "reverses_id": nullable()}
    fields["recorded_at"] = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number())
    fields["recorded_by_id"] = nullable()
    assert place == len(data)
    return EntryFacts(**fields)


@given(entries)
def test_canonical_bytes_can_be_read_back_to_the_same_entry_i03(facts):
    assert decoded(canonical_bytes(facts)) == facts
