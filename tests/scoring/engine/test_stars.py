from datetime import date

import pytest

from scoring.engine.facts import Facts, Period, Veto
from scoring.engine.loading import scheme_from_data
from scoring.engine.results import Reason
from scoring.engine.stars import rate_stars

YEAR = Period("2026", date(2026, 1, 1), date(2026, 12, 31))
REQUIRED = ("patriotic", "lawful", "honest")
OWN = ("green", "clean", "civil", "learned", "a", "b", "c")
IN_FORCE = Veto("judgment", "（2026）晋10号", date(2026, 3, 1), date(2027, 3, 1))


@pytest.fixture
def scheme(ten_stars):
    return scheme_from_data(ten_stars)


def facts(earned, vetoes=(), others=0):
    points = dict.fromkeys(earned, 5) | dict.fromkeys(set(REQUIRED + OWN) - set(earned), others)
    return Facts(7, YEAR, points, {}, {}, vetoes)


@pytest.mark.parametrize(
    ("own", "grade"),
    [(0, None), (1, None), (2, "铜星"), (4, "铜星"), (5, "银星"), (6, "银星"), (7, "金星")],
)
def test_band_follows_the_number_of_stars(scheme, own, grade):
    rating = rate_stars(scheme, facts(REQUIRED + OWN[:own]))
    assert rating.stars == REQUIRED + OWN[:own]
    assert rating.missing == OWN[own:]
    assert rating.grade == grade


@pytest.mark.parametrize("missing", REQUIRED)
def test_missing_required_star_means_no_grade_whatever_the_total_i27(scheme, missing):
    earned = tuple(star for star in REQUIRED + OWN if star != missing)
    given = facts(earned)
    rating = rate_stars(
        scheme, given._replace(category_points=given.category_points | {"c": 100_000})
    )
    assert len(rating.stars) == 9
    assert rating.score == 100_140
    assert rating.grade is None
    assert Reason("required_stars", (missing,), needed=3, had=2, met=False) in rating.reasons


def test_scheme_without_required_stars_grades_by_number_alone(ten_stars):
    for star in ten_stars["stars"]:
        star["required"] = False
    assert rate_stars(scheme_from_data(ten_stars), facts(OWN)).grade == "铜星"


def test_veto_in_force_takes_the_grade_but_no_star_and_says_until_when(scheme):
    rating = rate_stars(scheme, facts(REQUIRED + OWN, (IN_FORCE,)))
    assert rating.grade is None
    assert rating.stars == REQUIRED + OWN
    veto = Reason(
        "veto",
        ("judgment",),
        needed=0,
        had=1,
        met=False,
        name="生效法律文书",
        note="（2026）晋10号",
        until="2027-03-01",
    )
    assert [reason for reason in rating.reasons if reason.code == "veto"] == [veto]


@pytest.mark.parametrize(
    "veto",
    [
        Veto("judgment", "旧文书", date(2025, 3, 1), date(2026, 3, 1)),
        Veto("another", "别的文书", date(2026, 3, 1), date(2027, 3, 1)),
    ],
    ids=["lapsed", "of no kind this scheme knows"],
)
def test_veto_that_does_not_bind_changes_nothing(scheme, veto):
    with_veto = rate_stars(scheme, facts(REQUIRED + OWN, (veto,)))
    assert with_veto == rate_stars(scheme, facts(REQUIRED + OWN))
    assert with_veto.grade == "金星"


def test_reasons_tell_each_star_then_what_bars_then_the_next_band(scheme):
    rating = rate_stars(scheme, facts(REQUIRED + OWN[:3], others=2))
    stars, rest = rating.reasons[:10], rating.reasons[10:]
    assert [reason.about[0] for reason in stars] == list(REQUIRED + OWN)
    assert [reason.code for reason in stars] == ["required_star"] * 3 + ["star"] * 7
    assert stars[6] == Reason(
        "star",
        ("learned",),
        needed=1,
        had=0,
        met=False,
        name="崇教尚美星",
        parts=(Reason("category_points", ("learned",), needed=5, had=2, met=False),),
    )
    assert rest == (
        Reason("required_stars", (), needed=3, had=3, met=True),
        Reason("band", (), needed=5, had=6, met=True, name="铜星"),
        Reason("band", (), needed=8, had=6, met=False, name="银星"),
    )


def test_score_is_base_points_and_all_earned_points(scheme):
    rating = rate_stars(scheme, facts(REQUIRED, others=-1))
    assert rating.score == 100 + 15 - 7
    assert (rating.scheme, rating.rule_version, rating.period) == ("ten-stars", 3, "2026")
