from copy import deepcopy

import pytest

from scoring.engine.bands import Band
from scoring.engine.criteria import (
    AllOf,
    AnyOf,
    CategoryPoints,
    Decided,
    ItemCount,
    ItemPoints,
    NoneOf,
)
from scoring.engine.errors import Problem, SchemeIsInvalid
from scoring.engine.grades import GradeScheme
from scoring.engine.loading import scheme_from_data
from scoring.engine.stars import Star, StarScheme
from scoring.engine.vetoes import VetoRule


def problems_of(data):
    with pytest.raises(SchemeIsInvalid) as refusal:
        scheme_from_data(data)
    return refusal.value.problems


def changed(data, path, value):
    """A copy with the value at the path replaced; a value of `...` removes the key."""
    copy = deepcopy(data)
    place = copy
    for key in path[:-1]:
        place = place[key]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copy


def test_star_scheme_is_read_with_bands_from_the_top(ten_stars):
    ten_stars["stars"] = ten_stars["stars"][2:4]
    ten_stars["bands"] = [{"name": "铜星", "min_stars": 1}, {"name": "银星", "min_stars": 2}]
    assert scheme_from_data(ten_stars) == StarScheme(
        code="ten-stars",
        version=3,
        base_points=100,
        stars=(
            Star("honest", "诚实守信星", True, CategoryPoints(("honest",), 5)),
            Star("green", "生态环保星", False, CategoryPoints(("green",), 5)),
        ),
        bands=(Band("银星", 2), Band("铜星", 1)),
        vetoes=(VetoRule("judgment", "生效法律文书"),),
        minus_months=12,
    )


def test_credit_scheme_is_read_with_grades_from_the_top(credit_grades):
    credit_grades["grades"] = credit_grades["grades"][3:1:-1]
    assert scheme_from_data(credit_grades | {"minus_months": 24}) == GradeScheme(
        code="credit",
        version=2,
        base_points=60,
        grades=(Band("A", 70), Band("B", 60)),
        lowest="D",
        vetoed="D",
        vetoes=(VetoRule("judgment", "生效法律文书"),),
        minus_months=24,
    )


def test_what_may_be_absent_has_a_default(credit_grades):
    for key in ("base_points", "vetoes", "vetoed"):
        del credit_grades[key]
    scheme = scheme_from_data(credit_grades)
    assert (scheme.base_points, scheme.vetoes, scheme.vetoed, scheme.minus_months) == (
        0,
        (),
        None,
        12,
    )


@pytest.mark.parametrize(
    ("data", "criterion"),
    [
        (
            {"kind": "item_count", "items": ["b", "a"], "at_least": 2},
            ItemCount(("a", "b"), 2),
        ),
        ({"kind": "item_points", "items": ["a"], "at_least": 1}, ItemPoints(("a",), 1)),
        ({"kind": "none_of", "items": ["a"]}, NoneOf(("a",))),
        ({"kind": "decision"}, Decided("patriotic")),
        (
            {"kind": "all", "of": [{"kind": "decision"}, {"kind": "none_of", "items": ["a"]}]},
            AllOf((Decided("patriotic"), NoneOf(("a",)))),
        ),
        ({"kind": "any", "of": [{"kind": "decision"}]}, AnyOf((Decided("patriotic"),))),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_criterion_of_each_kind_is_read(ten_stars, data, criterion):
    scheme = scheme_from_data(changed(ten_stars, ["stars", 0, "criterion"], data))
    assert scheme.stars[0].criterion == criterion


STAR = ["stars", 1]
CRITERION = [*STAR, "criterion"]


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (["code"], ..., Problem("code", "missing")),
        (["code"], 7, Problem("code", "not_a_text", "7")),
        (["code"], " x", Problem("code", "not_a_text", " x")),
        (["code"], "", Problem("code", "not_a_text")),
        (["code"], "x" * 201, Problem("code", "too_long", "201")),
        (["version"], ..., Problem("version", "missing")),
        (["version"], None, Problem("version", "not_a_whole_number", "None")),
        (["version"], True, Problem("version", "not_a_whole_number", "True")),
        (["version"], 1.5, Problem("version", "not_a_whole_number", "1.5")),
        (["version"], 0, Problem("version", "out_of_range", "0")),
        (["base_points"], 10**9, Problem("base_points", "out_of_range", "1000000000")),
        (["minus_months"], 0, Problem("minus_months", "out_of_range", "0")),
        (["colour"], "red", Problem("colour", "unknown_key", "colour")),
        (["stars"], "x", Problem("stars", "not_a_list")),
        (["bands"], ..., Problem("bands", "empty")),
        (["bands"], {}, Problem("bands", "not_a_list")),
        (["bands", 0, "name"], "金星", Problem("bands[1].name", "duplicate", "金星")),
        (["bands", 0, "min_stars"], 10, Problem("bands[1].min_stars", "duplicate", "10")),
        (["bands", 1, "min_stars"], 11, Problem("bands[1].min_stars", "more_than_there_are", "11")),
        (["bands", 1, "at_least"], 9, Problem("bands[1].at_least", "unknown_key", "at_least")),
        (["vetoes", 0, "name"], ..., Problem("vetoes[0].name", "missing")),
        ([*STAR, "code"], "patriotic", Problem("stars[1].code", "duplicate", "patriotic")),
        ([*STAR, "name"], "爱党爱国星", Problem("stars[1].name", "duplicate", "爱党爱国星")),
        ([*STAR, "required"], "yes", Problem("stars[1].required", "not_true_or_false", "yes")),
        (CRITERION, ..., Problem("stars[1].criterion.kind", "unknown_kind", "None")),
        ([*CRITERION, "kind"], "luck", Problem("stars[1].criterion.kind", "unknown_kind", "luck")),
        ([*CRITERION, "kind"], [], Problem("stars[1].criterion.kind", "unknown_kind", "[]")),
        ([*CRITERION, "at_least"], 0, Problem("stars[1].criterion.at_least", "out_of_range", "0")),
        ([*CRITERION, "categories"], [], Problem("stars[1].criterion.categories", "empty")),
        (
            [*CRITERION, "categories"],
            ["a", "b", "a"],
            Problem("stars[1].criterion.categories[2]", "duplicate", "a"),
        ),
        (
            [*CRITERION, "categories"],
            ["a", 3],
            Problem("stars[1].criterion.categories[1]", "not_a_text", "3"),
        ),
        (
            CRITERION,
            {"kind": "any", "of": [{"kind": "decision", "by": "me"}]},
            Problem("stars[1].criterion.of[0].by", "unknown_key", "by"),
        ),
        (CRITERION, {"kind": "all", "of": []}, Problem("stars[1].criterion.of", "empty")),
    ],
)
def test_star_scheme_with_a_mistake_names_the_place(ten_stars, path, value, problem):
    assert problems_of(changed(ten_stars, path, value)) == (problem,)


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (["lowest"], ..., Problem("lowest", "missing")),
        (["lowest"], "AAA", Problem("lowest", "duplicate", "AAA")),
        (["vetoed"], "E", Problem("vetoed", "unknown_grade", "E")),
        (["grades", 1, "at_least"], 90, Problem("grades[1].at_least", "duplicate", "90")),
        (
            ["grades", 1, "at_least"],
            -(10**9),
            Problem("grades[1].at_least", "out_of_range", "-1000000000"),
        ),
        (["grades"], [], Problem("grades", "empty")),
        (["stars"], [], Problem("stars", "unknown_key", "stars")),
    ],
)
def test_credit_scheme_with_a_mistake_names_the_place(credit_grades, path, value, problem):
    del credit_grades["vetoed"]
    assert problems_of(changed(credit_grades, path, value)) == (problem,)


@pytest.mark.parametrize("data", [None, [], "x", {}, {"kind": "moons"}, {"kind": []}], ids=repr)
def test_data_of_no_known_kind_is_refused(data):
    kind = data.get("kind") if isinstance(data, dict) else None
    assert problems_of(data) == (Problem("kind", "unknown_kind", str(kind)),)


def test_row_that_is_no_object_is_named_before_what_it_lacks(ten_stars):
    assert problems_of(changed(ten_stars, ["bands", 0], "铜星")) == (
        Problem("bands[0]", "not_an_object"),
        Problem("bands[0].name", "missing"),
        Problem("bands[0].min_stars", "missing"),
    )


def test_every_mistake_is_named_at_once(credit_grades):
    data = changed(changed(credit_grades, ["code"], ...), ["grades", 2, "name"], 5)
    assert set(problems_of(data)) == {
        Problem("code", "missing"),
        Problem("grades[2].name", "not_a_text", "5"),
    }


def test_two_values_refused_already_are_not_called_duplicates_too(credit_grades):
    data = changed(changed(credit_grades, ["grades", 0, "name"], ""), ["grades", 1, "name"], "")
    assert {one.what for one in problems_of(data)} == {"not_a_text"}


def test_criteria_joined_too_deep_are_refused_and_the_deepest_allowed_is_not(ten_stars):
    def nested(depth):
        data = {"kind": "decision"}
        for _ in range(depth - 1):
            data = {"kind": "all", "of": [data]}
        return changed(ten_stars, ["stars", 0, "criterion"], data)

    assert isinstance(scheme_from_data(nested(4)).stars[0].criterion, AllOf)
    where = "stars[0].criterion.of[0].of[0].of[0]"
    assert problems_of(nested(5)) == (Problem(where, "too_deep", "4"),)
    assert problems_of(nested(5_000)) == (Problem(where, "too_deep", "4"),)


def test_refusal_reads_as_one_line(credit_grades):
    data = changed(changed(credit_grades, ["lowest"], ...), ["vetoed"], "E")
    with pytest.raises(SchemeIsInvalid, match=r"^lowest: missing; vetoed: unknown_grade \(E\)$"):
        scheme_from_data(data)
