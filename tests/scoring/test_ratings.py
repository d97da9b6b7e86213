"""I-26: ratings follow from the ledger alone, in any order, and redemption never lowers them."""

from datetime import date

import pytest

from scoring.models import Decision, Rating, StarScheme
from scoring.operations import ratings
from scoring.work import RATER
from tests.factories import NOON, make_household
from tests.scoring.stage import CATEGORY, OTHER_CATEGORY
from trail.models import AuditEvent

MONTH = "2026-10"
GRADES = {
    "kind": "grades",
    "code": "credit",
    "version": 1,
    "base_points": 60,
    "grades": [{"name": "A", "at_least": 70}, {"name": "B", "at_least": 60}],
    "lowest": "C",
}
STARS = {
    "kind": "stars",
    "code": "stars",
    "version": 1,
    "stars": [
        {
            "code": "clean",
            "name": "整洁星",
            "required": True,
            "criterion": {"kind": "category_points", "categories": [CATEGORY], "at_least": 5},
        },
        {
            "code": "kind",
            "name": "和睦星",
            "required": False,
            "criterion": {"kind": "category_points", "categories": [OTHER_CATEGORY], "at_least": 2},
        },
    ],
    "bands": [{"name": "一星户", "min_stars": 1}],
}


@pytest.fixture
def rated(stage):
    for data in (GRADES, STARS):
        StarScheme.objects.create(
            village=stage.village,
            code=data["code"],
            name=data["code"],
            version=1,
            data=data,
            in_force=True,
        )
    return stage


def _recompute(stage, period: str = MONTH) -> int:
    return ratings.recompute(village_id=stage.village.pk, period=period, by=RATER, at=NOON)


def _ratings() -> dict[tuple[str, int], tuple]:
    return {
        (scheme, subject): (*rest, bytes(digest))
        for scheme, subject, digest, *rest in Rating.objects.values_list(
            *("scheme", "subject_id", "digest", "grade", "score", "stars", "missing", "reasons")
        )
    }


def _grade(home) -> str:
    return Rating.objects.get(scheme="credit", subject=home).grade


def test_every_subject_is_rated_by_every_scheme_in_force(rated):
    other = make_household(village=rated.village)
    rated.enter(10)
    rated.enter(-3, item="minus", home=other)
    assert _recompute(rated) == 4
    assert (_grade(rated.home), _grade(other)) == ("A", "C")
    events = AuditEvent.objects.filter(what="ratings.recomputed")
    assert [event.detail for event in events] == [{"period": MONTH, "ratings": 4}]


def test_i26_recomputing_gives_the_same_bytes(rated):
    rated.enter(10)
    _recompute(rated)
    first = _ratings()
    assert _recompute(rated) == 2
    assert _ratings() == first


def test_i26_order_of_entry_does_not_matter(rated, neighbour):
    for data in (GRADES, STARS):
        StarScheme.objects.create(
            village=neighbour.village, code=data["code"], version=1, data=data, in_force=True
        )
    facts = [(4, "kind"), (10, "plus"), (-3, "minus"), (7, "plus")]
    for stage, order in ((rated, facts), (neighbour, facts[::-1])):
        for points, item in order:
            stage.enter(points, item=item)
        _recompute(stage)
    found = _ratings()
    for scheme in ("credit", "stars"):
        mine, theirs = (found[scheme, stage.home.pk] for stage in (rated, neighbour))
        assert mine[:-1] == theirs[:-1]


def test_i26_redemption_never_lowers_a_rating(rated):
    rated.enter(10)
    _recompute(rated)
    before = _ratings()
    rated.post(rated.spend(10))
    _recompute(rated)
    assert _ratings() == before


def test_i26_reversal_takes_its_points_out_of_the_rating(rated):
    _recompute(rated)
    before = _ratings()
    rated.post(rated.reversal(rated.enter(10)))
    _recompute(rated)
    grades = {key: value[0] for key, value in _ratings().items()}
    assert grades == {key: value[0] for key, value in before.items()}


def test_i26_later_entries_do_not_reach_an_earlier_period(rated):
    rated.enter(10, on=date(2026, 9, 1))
    _recompute(rated, "2026-09")
    first = _ratings()
    rated.enter(10, on=date(2026, 10, 1))
    _recompute(rated, "2026-09")
    assert _ratings() == first


def test_i27_missing_required_star_gives_no_grade(rated):
    rated.enter(8, item="kind")
    _recompute(rated)
    stars = Rating.objects.get(scheme="stars")
    assert (stars.stars, stars.missing, stars.grade) == (["kind"], ["clean"], "")
    rated.enter(5)
    _recompute(rated)
    assert Rating.objects.get(scheme="stars").grade == "一星户"


def test_approved_rating_is_never_recomputed(rated):
    _recompute(rated)
    Rating.objects.filter(scheme="credit").update(
        state=Rating.State.APPROVED, decided_in="round:1", grade="B"
    )
    rated.enter(10)
    assert _recompute(rated) == 1
    assert _grade(rated.home) == "B"


def test_closed_files_are_not_rated(rated):
    gone = make_household(village=rated.village)
    gone.state = gone.State.CLOSED
    gone.save()
    _recompute(rated)
    assert set(Rating.objects.values_list("subject_id", flat=True)) == {rated.home.pk}


def test_village_without_a_scheme_is_not_rated(stage):
    stage.enter(10)
    assert _recompute(stage) == 0
    assert not Rating.objects.exists()
    assert not Decision.objects.exists()
