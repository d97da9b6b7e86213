from datetime import date

import pytest

from scoring.engine.criteria import (
    AllOf,
    AnyOf,
    CategoryPoints,
    Decided,
    ItemCount,
    ItemPoints,
    NoneOf,
)
from scoring.engine.facts import Decision, Facts, Period, Veto
from scoring.engine.results import Reason

YEAR = Period("2026", date(2026, 1, 1), date(2026, 12, 31))
IN_FORCE = Veto("judgment", "文书一", date(2026, 3, 1), date(2027, 3, 1))
LAPSED = Veto("judgment", "文书二", date(2025, 3, 1), date(2026, 3, 1))
FACTS = Facts(
    subject_id=1,
    period=YEAR,
    category_points={"clean": 6, "law": -2},
    item_counts={"lesson": 2, "meeting": 1, "litter": 1},
    item_points={"lesson": 4, "litter": -2},
    decisions={"kept": Decision(True, "round:1"), "lost": Decision(False, "round:2")},
)


@pytest.mark.parametrize(
    ("criterion", "reason"),
    [
        (
            CategoryPoints(("clean",), 6),
            Reason("category_points", ("clean",), needed=6, had=6, met=True),
        ),
        (CategoryPoints(("clean",), 7), Reason("category_points", ("clean",), 7, 6, met=False)),
        (
            CategoryPoints(("clean", "law", "none"), 4),
            Reason("category_points", ("clean", "law", "none"), 4, 4, met=True),
        ),
        (ItemCount(("lesson",), 2), Reason("item_count", ("lesson",), 2, 2, met=True)),
        (
            ItemCount(("lesson", "meeting", "none"), 4),
            Reason("item_count", ("lesson", "meeting", "none"), 4, 3, met=False),
        ),
        (ItemPoints(("lesson",), 4), Reason("item_points", ("lesson",), 4, 4, met=True)),
        (
            ItemPoints(("lesson", "litter"), 3),
            Reason("item_points", ("lesson", "litter"), 3, 2, met=False),
        ),
        (NoneOf(("noise",)), Reason("none_of", ("noise",), 0, 0, met=True)),
        (NoneOf(("litter", "noise")), Reason("none_of", ("litter", "noise"), 0, 1, met=False)),
        (Decided("kept"), Reason("decision", ("kept",), 1, 1, met=True, note="round:1")),
        (Decided("lost"), Reason("decision", ("lost",), 1, 0, met=False, note="round:2")),
        (Decided("open"), Reason("decision", ("open",), 1, 0, met=False)),
    ],
    ids=repr,
)
def test_criterion_says_what_was_needed_and_what_was_there(criterion, reason):
    assert criterion.check(FACTS) == reason


@pytest.mark.parametrize(
    ("vetoes", "had"),
    [((IN_FORCE,), 1), ((LAPSED,), 0), ((IN_FORCE, LAPSED), 1), ((IN_FORCE, IN_FORCE), 1)],
)
def test_none_of_counts_each_veto_in_force_once(vetoes, had):
    reason = NoneOf(("judgment",)).check(FACTS._replace(vetoes=vetoes))
    assert (reason.had, reason.met) == (had, had == 0)


def test_none_of_is_not_touched_by_a_veto_it_does_not_name():
    assert NoneOf(("noise",)).check(FACTS._replace(vetoes=(IN_FORCE,))).met


@pytest.mark.parametrize(
    ("thresholds", "had", "every", "some"),
    [((6, 6), 2, True, True), ((7, 6), 1, False, True), ((7, 7), 0, False, False)],
)
def test_joined_criteria_tell_of_every_part(thresholds, had, every, some):
    parts = tuple(CategoryPoints(("clean",), at_least) for at_least in thresholds)
    reasons = tuple(part.check(FACTS) for part in parts)
    assert AllOf(parts).check(FACTS) == Reason("all", (), 2, had, every, parts=reasons)
    assert AnyOf(parts).check(FACTS) == Reason("any", (), 1, had, some, parts=reasons)
