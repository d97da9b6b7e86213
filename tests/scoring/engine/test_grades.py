from datetime import date

import pytest

from scoring.engine.facts import Facts, Period, Veto
from scoring.engine.grades import rate_credit
from scoring.engine.loading import scheme_from_data
from scoring.engine.results import Reason

HALF_YEAR = Period("2026-H2", date(2026, 7, 1), date(2026, 12, 31))
IN_FORCE = Veto("judgment", "（2026）皖06号", date(2026, 8, 1), date(2027, 8, 1))


def facts(points, vetoes=()):
    return Facts(9, HALF_YEAR, {"law": points}, {}, {}, vetoes)


@pytest.mark.parametrize(
    ("points", "grade"),
    [
        (500, "AAA"),
        (30, "AAA"),
        (29, "AA"),
        (20, "AA"),
        (19, "A"),
        (10, "A"),
        (9, "B"),
        (0, "B"),
        (-1, "C"),
        (-10, "C"),
        (-11, "D"),
        (-500, "D"),
    ],
)
def test_grade_follows_base_points_and_earned_points(credit_grades, points, grade):
    rating = rate_credit(scheme_from_data(credit_grades), facts(points))
    assert (rating.grade, rating.score) == (grade, 60 + points)
    assert (rating.stars, rating.missing) == ((), ())


@pytest.mark.parametrize(
    ("points", "reasons"),
    [
        (30, (Reason("grade", (), 90, 90, met=True, name="AAA"),)),
        (
            12,
            (
                Reason("grade", (), 70, 72, met=True, name="A"),
                Reason("grade", (), 80, 72, met=False, name="AA"),
            ),
        ),
        (-20, (Reason("grade", (), 50, 40, met=False, name="C"),)),
    ],
)
def test_reasons_name_the_grade_reached_and_the_next_one(credit_grades, points, reasons):
    assert rate_credit(scheme_from_data(credit_grades), facts(points)).reasons == reasons


@pytest.mark.parametrize("vetoed", ["D", None])
def test_veto_in_force_gives_the_vetoed_grade_or_none(credit_grades, vetoed):
    scheme = scheme_from_data(credit_grades | {"vetoed": vetoed})
    rating = rate_credit(scheme, facts(40, (IN_FORCE,)))
    assert rating.grade == vetoed
    assert rating.score == 100
    assert rating.reasons[0].code == "veto"


def test_veto_lapses_and_the_grade_comes_back(credit_grades):
    scheme = scheme_from_data(credit_grades)
    later = Period("2027-H2", date(2027, 7, 1), date(2027, 12, 31))
    assert rate_credit(scheme, facts(40, (IN_FORCE,))._replace(period=later)).grade == "AAA"
