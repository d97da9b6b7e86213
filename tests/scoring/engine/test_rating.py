import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.facts import Decision, Facts, Period, Veto
from scoring.engine.loading import scheme_from_data
from scoring.engine.rating import rate, rate_all
from scoring.engine.results import rating_bytes, rating_data, reason_data, reasons_json

YEAR = Period("2026", date(2026, 1, 1), date(2026, 12, 31))
KEYS = ["green", "clean", "law"]
VETOES = [
    Veto("judgment", "甲", date(2026, 3, 1), date(2027, 3, 1)),
    Veto("judgment", "乙", date(2026, 3, 1), date(2027, 3, 1)),
    Veto("fraud", "丙", date(2026, 1, 1), date(2027, 1, 1)),
    Veto("fraud", "丁", date(2025, 1, 1), date(2026, 1, 1)),
]
STARS = {
    "kind": "stars",
    "code": "three",
    "version": 1,
    "stars": [
        {
            "code": "lawful",
            "name": "遵规守法星",
            "required": True,
            "criterion": {
                "kind": "all",
                "of": [
                    {"kind": "category_points", "categories": ["law"], "at_least": 1},
                    {"kind": "none_of", "items": ["green", "fraud"]},
                ],
            },
        },
        {
            "code": "clean",
            "name": "整洁健康星",
            "criterion": {
                "kind": "any",
                "of": [
                    {"kind": "decision"},
                    {"kind": "item_points", "items": ["green", "clean"], "at_least": 4},
                ],
            },
        },
        {
            "code": "civil",
            "name": "文明实践星",
            "criterion": {"kind": "item_count", "items": ["clean", "law"], "at_least": 2},
        },
    ],
    "bands": [{"name": "铜星", "min_stars": 1}, {"name": "金星", "min_stars": 3}],
    "vetoes": [{"code": "judgment", "name": "判决"}, {"code": "fraud", "name": "失信"}],
}
GRADES = {
    "kind": "grades",
    "code": "credit",
    "version": 1,
    "grades": [{"name": "A", "at_least": 3}, {"name": "B", "at_least": 0}],
    "lowest": "C",
    "vetoes": [{"code": "judgment", "name": "判决"}],
}
SCHEMES = [scheme_from_data(STARS), scheme_from_data(GRADES)]

sums = st.dictionaries(st.sampled_from(KEYS), st.integers(-9, 9))
decided = st.builds(Decision, granted=st.booleans(), source=st.sampled_from(["round:1", "round:2"]))
subjects = st.builds(
    Facts,
    subject_id=st.integers(1, 10**6),
    period=st.just(YEAR),
    category_points=sums,
    item_counts=st.dictionaries(st.sampled_from(KEYS), st.integers(0, 4)),
    item_points=sums,
    vetoes=st.lists(st.sampled_from(VETOES), max_size=5).map(tuple),
    decisions=st.dictionaries(st.sampled_from(["clean", "civil"]), decided),
)


def shuffled(data, facts):
    """The same facts, told in another order."""

    def other_order(mapping):
        return dict(data.draw(st.permutations(list(mapping.items()))))

    return facts._replace(
        category_points=other_order(facts.category_points),
        item_counts=other_order(facts.item_counts),
        item_points=other_order(facts.item_points),
        vetoes=tuple(data.draw(st.permutations(facts.vetoes))),
        decisions=other_order(facts.decisions),
    )


@pytest.mark.parametrize("scheme", SCHEMES, ids=["stars", "grades"])
@given(data=st.data(), facts=subjects)
def test_rating_bytes_do_not_depend_on_the_order_of_the_facts_i26(scheme, data, facts):
    assert rating_bytes(rate(scheme, facts)) == rating_bytes(rate(scheme, shuffled(data, facts)))


@pytest.mark.parametrize("scheme", SCHEMES, ids=["stars", "grades"])
@given(data=st.data(), village=st.lists(subjects, max_size=6, unique_by=lambda one: one.subject_id))
def test_rating_bytes_do_not_depend_on_the_order_of_the_subjects_i26(scheme, data, village):
    def by_subject(some):
        return {rating.subject_id: rating_bytes(rating) for rating in rate_all(scheme, some)}

    assert by_subject(village) == by_subject(data.draw(st.permutations(village)))


@given(facts=subjects)
def test_grade_is_never_given_without_every_required_star_i27(facts):
    rating = rate(SCHEMES[0], facts)
    assert rating.grade is None or "lawful" in rating.stars
    assert sorted(rating.stars + rating.missing) == ["civil", "clean", "lawful"]


@pytest.mark.parametrize("scheme", SCHEMES, ids=["stars", "grades"])
@given(facts=subjects)
def test_rating_bytes_are_the_canonical_json_of_the_rating_data(scheme, facts):
    rating = rate(scheme, facts)
    expected = json.dumps(
        rating_data(rating), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert rating_bytes(rating) == expected.encode()
    assert json.loads(reasons_json(rating.reasons)) == json.loads(expected)["reasons"]


def test_rating_bytes_are_fixed_for_ever_i26():
    facts = Facts(42, YEAR, {"law": 2}, {"fraud": 0}, {"clean": 3}, VETOES[1:2])
    assert rating_bytes(rate(SCHEMES[1], facts)).decode() == (
        '{"grade":null,"missing":[],"period":"2026","reasons":['
        '{"about":["judgment"],"code":"veto","had":1,"met":false,"name":"判决","needed":0,'
        '"note":"乙","until":"2027-03-01"},'
        '{"code":"grade","had":2,"met":true,"name":"B","needed":0},'
        '{"code":"grade","had":2,"met":false,"name":"A","needed":3}],'
        '"rule_version":1,"scheme":"credit","score":2,"stars":[],"subject_id":42}'
    )


def test_reason_data_keeps_the_parts_of_a_joined_criterion():
    facts = Facts(1, YEAR, {"law": 1}, {"green": 2}, {})
    assert reason_data(rate(SCHEMES[0], facts).reasons[0]) == {
        "code": "required_star",
        "about": ("lawful",),
        "name": "遵规守法星",
        "needed": 1,
        "had": 0,
        "met": False,
        "parts": [
            {
                "code": "all",
                "needed": 2,
                "had": 1,
                "met": False,
                "parts": [
                    {
                        "code": "category_points",
                        "about": ("law",),
                        "needed": 1,
                        "had": 1,
                        "met": True,
                    },
                    {
                        "code": "none_of",
                        "about": ("fraud", "green"),
                        "needed": 0,
                        "had": 2,
                        "met": False,
                    },
                ],
            }
        ],
    }


def test_rate_all_takes_subjects_one_by_one():
    taken = []

    def village():
        for subject_id in (1, 2, 3):
            taken.append(subject_id)
            yield Facts(subject_id, YEAR, {}, {}, {})

    ratings = rate_all(SCHEMES[1], village())
    assert next(ratings).subject_id == 1
    assert taken == [1]
