"""Answers: kept clean, or told what is wrong; nothing is dropped unsaid."""

import pytest

from households.engine.answers import check, photos_of
from households.engine.forms import read

SHA = "a" * 64
FORM = read(
    {
        "sections": [
            {
                "code": "farm",
                "title": "土地和经营",
                "questions": [
                    {
                        "code": "farms",
                        "kind": "choice",
                        "label": "种地吗",
                        "required": True,
                        "options": [
                            {"code": "yes", "label": "种"},
                            {"code": "no", "label": "不种"},
                        ],
                    },
                    {
                        "code": "land",
                        "kind": "number",
                        "label": "承包地",
                        "unit": "亩",
                        "decimals": 1,
                        "least": "0",
                        "most": "1000",
                        "required": True,
                        "unsaid": ["unclear"],
                        "only_if": {"question": "farms", "is": ["yes"]},
                    },
                    {"code": "income", "kind": "money", "label": "收入", "unsaid": ["declined"]},
                    {"code": "since", "kind": "date", "label": "哪天开始"},
                    {"code": "yard", "kind": "photo", "label": "院子"},
                    {"code": "place", "kind": "location", "label": "位置"},
                    {"code": "told", "kind": "person", "label": "谁说的"},
                ],
            }
        ]
    }
)
FARMS = {"farms": {"value": "yes"}, "land": {"value": "3.2"}}


def wrong(**given) -> dict[str, str]:
    _kept, problems = check(FORM, FARMS | given, member_ids={7})
    return {problem.question: problem.words for problem in problems}


def test_right_answers_are_kept_as_they_are():
    given = FARMS | {
        "income": {"unsaid": "declined"},
        "yard": {"value": [SHA, SHA]},
        "told": {"value": 7},
        "since": {"value": "2026-11-21"},
    }
    kept, problems = check(FORM, given, member_ids={7})
    assert problems == []
    assert kept == given | {"yard": {"value": [SHA]}}
    assert photos_of(kept, FORM) == [SHA]


def test_wide_digits_become_plain_ones():
    kept, problems = check(FORM, FARMS | {"land": {"value": "３．２"}})
    assert (kept["land"], problems) == ({"value": "3.2"}, [])


@pytest.mark.parametrize(
    "value", ["-1", "1001", "3.25", "abc", "1e3", "²", "½", "٣", "NaN", True, [1], {"a": 1}]
)
def test_a_number_that_is_none_is_refused(value):
    assert "land" in wrong(land={"value": value})


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("since", "2026-02-30"),
        ("since", "昨天"),
        ("yard", ["no-digest"]),
        ("yard", [SHA] * 7),
        ("place", {"lat": 91, "lon": 0, "accuracy": 3}),
        ("place", "东头"),
        ("told", 8),
        ("told", True),
        ("farms", "maybe"),
    ],
)
def test_other_wrong_values_are_refused(code, value):
    assert code in wrong(**{code: {"value": value}})


def test_a_place_may_be_told_in_words():
    kept, problems = check(FORM, FARMS | {"place": {"value": {"text": "村东头"}}})
    assert (kept["place"], problems) == ({"value": {"text": "村东头"}}, [])


def test_unclear_is_an_answer_where_the_form_says_so():
    assert wrong(land={"unsaid": "unclear"}) == {}
    assert "land" in wrong(land={"unsaid": "declined"})


def test_what_is_not_asked_is_not_kept():
    kept, problems = check(FORM, {"farms": {"value": "no"}, "land": {"value": "3"}})
    assert (kept, problems) == ({"farms": {"value": "no"}}, [])


def test_a_missing_answer_and_one_too_many_are_said():
    _kept, problems = check(FORM, {"farms": {"value": "yes"}, "height": {"value": "3"}})
    assert {problem.question for problem in problems} == {"land", "height"}
