from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.quorum import (
    ASSEMBLY,
    DEFAULT_RULES,
    REPRESENTATIVES,
    Figures,
    QuorumReason,
    QuorumRule,
    Threshold,
    judge,
)

BY_REPRESENTATIVES = DEFAULT_RULES[REPRESENTATIVES]
BY_ASSEMBLY = DEFAULT_RULES[ASSEMBLY]


@pytest.mark.parametrize(
    ("members", "present", "yes", "adopted"),
    [
        (30, 20, 11, True),
        (30, 20, 10, False),
        (30, 19, 19, False),
        (31, 20, 20, False),
        (31, 21, 11, True),
        (30, 30, 30, True),
        (1, 1, 1, True),
        (30, 31, 31, False),
        (30, 20, 21, False),
        (0, 0, 0, False),
        (30, 0, 0, False),
        (-3, -3, -3, False),
    ],
)
def test_representatives_adopt_with_two_thirds_present_and_over_half_yes_i11(
    members, present, yes, adopted
):
    verdict = judge(BY_REPRESENTATIVES, Figures(present, yes, {"members": members}))
    assert verdict.adopted is adopted


@pytest.mark.parametrize(
    ("present", "yes", "bases", "adopted"),
    [
        (501, 251, {"adults": 1000}, True),
        (500, 500, {"adults": 1000}, False),
        (501, 250, {"adults": 1000}, False),
        (200, 101, {"households": 300}, True),
        (199, 199, {"households": 300}, False),
        (200, 100, {"households": 300}, False),
        (200, 101, {"adults": 1000, "households": 300}, True),
        (501, 251, {"adults": 1000, "households": 300}, True),
        (450, 450, {"adults": 1000, "households": 300}, False),
        (300, 300, {}, False),
    ],
)
def test_assembly_adopts_by_adults_or_by_households_i11(present, yes, bases, adopted):
    assert judge(BY_ASSEMBLY, Figures(present, yes, bases)).adopted is adopted


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_representatives_verdict_equals_the_written_formula_i11(members, present, yes):
    verdict = judge(BY_REPRESENTATIVES, Figures(present, yes, {"members": members}))
    possible = members > 0 and yes <= present <= members
    assert verdict.adopted is (possible and 3 * present >= 2 * members and 2 * yes > present)


@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 400), st.integers(0, 400))
def test_assembly_verdict_equals_the_written_formula_i11(adults, households, present, yes):
    bases = {"adults": adults, "households": households}
    by_adults = present <= adults and 2 * present > adults
    by_households = present <= households and 3 * present >= 2 * households
    formula = yes <= present and 2 * yes > present and (by_adults or by_households)
    assert judge(BY_ASSEMBLY, Figures(present, yes, bases)).adopted is formula


def test_verdict_shows_every_comparison_and_the_source():
    verdict = judge(BY_ASSEMBLY, Figures(199, 90, {"adults": 1000, "households": 300}))
    assert verdict.reasons == (
        QuorumReason("presence", "adults", of=1000, needed=501, had=199, met=False),
        QuorumReason("presence", "households", of=300, needed=200, had=199, met=False),
        QuorumReason("majority", "present", of=199, needed=100, had=90, met=False),
    )
    assert verdict.body == ASSEMBLY
    assert verdict.source == BY_ASSEMBLY.source


@pytest.mark.parametrize(
    ("figures", "reason"),
    [
        (
            Figures(5, 4, {"members": 4}),
            QuorumReason("present_within_base", "members", of=4, needed=4, had=5, met=False),
        ),
        (Figures(5, 4, {}), QuorumReason("base_given", "members", 0, 1, 0, met=False)),
        (
            Figures(5, 6, {"members": 6}),
            QuorumReason("yes_within_present", "present", of=5, needed=5, had=6, met=False),
        ),
    ],
    ids=lambda value: getattr(value, "code", ""),
)
def test_figures_that_cannot_be_right_are_named(figures, reason):
    assert reason in judge(BY_REPRESENTATIVES, figures).reasons


def test_shares_are_data_so_another_law_needs_no_other_code():
    rule = QuorumRule(
        body="panel",
        presence=(Threshold("members", Fraction(3, 4), strict=False),),
        majority=Threshold("entitled", Fraction(1, 2), strict=True),
        source="评议办法",
    )
    figures = Figures(6, 4, {"members": 8, "entitled": 7})
    assert judge(rule, figures).adopted
    assert not judge(rule, figures._replace(yes=3)).adopted
    assert not judge(rule, figures._replace(present=5)).adopted
    assert not judge(rule, figures._replace(bases={"members": 8})).adopted
