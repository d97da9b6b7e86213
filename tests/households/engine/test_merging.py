"""Two phones on one household: nothing is chosen silently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.engine.canonical import digest
from households.engine.merging import both, chosen, merge

ANSWERS = st.dictionaries(
    st.sampled_from("abcd"), st.integers(0, 3).map(lambda n: {"value": n}), max_size=4
)


def test_different_questions_go_together_with_a_note():
    base = {"a": {"value": 1}, "b": {"value": 1}}
    merged = merge(base, base | {"a": {"value": 2}}, base | {"b": {"value": 3}})
    assert merged.answers == {"a": {"value": 2}, "b": {"value": 3}}
    assert (merged.soft, merged.hard) == (("a",), ())


def test_the_same_question_waits_for_a_person():
    base = {"a": {"value": 1}}
    merged = merge(base, {"a": {"value": 2}}, {"a": {"value": 3}})
    assert [clash.question for clash in merged.hard] == ["a"]
    with pytest.raises(KeyError):
        chosen(merged, {})
    assert chosen(merged, {"a": "mine"}) == {"a": {"value": 3}}
    assert chosen(merged, {"a": "theirs"}) == {"a": {"value": 2}}


@given(ANSWERS, ANSWERS, ANSWERS)
def test_nothing_that_only_one_changed_is_lost(base, theirs, mine):
    merged = merge(base, theirs, mine)
    hard = {clash.question for clash in merged.hard}
    for code in {*base, *theirs, *mine} - hard:
        changed = [side.get(code) for side in (theirs, mine) if side.get(code) != base.get(code)]
        expected = changed[0] if changed else base.get(code)
        assert merged.answers.get(code) == expected


@given(ANSWERS)
def test_the_digest_knows_no_order(answers):
    backwards = dict(reversed(list(answers.items())))
    assert digest(answers) == digest(backwards)
    assert digest(answers | {"z": {"value": 9}}) != digest(answers)


def test_two_lists_can_both_be_right_and_nothing_else_can():
    merged = merge({}, {"a": {"value": ["x", "y"]}}, {"a": {"value": ["y", "z"]}})
    assert chosen(merged, {"a": "both"}) == {"a": {"value": ["x", "y", "z"]}}
    one = merge({}, {"a": {"value": "3"}}, {"a": {"value": "4"}})
    with pytest.raises(KeyError):
        chosen(one, {"a": "both"})
    said = merge({}, {"a": {"value": ["x"]}}, {"a": {"unsaid": "unclear"}})
    assert both(said.hard[0]) is None
    four = [f"{n:064x}" for n in range(8)]
    photos = merge({}, {"a": {"value": four[:4]}}, {"a": {"value": four[4:]}})
    assert both(photos.hard[0]) is None
