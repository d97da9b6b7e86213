"""R12: some of what was collected is drawn by lot and asked again by somebody else."""

from uuid import uuid4

import pytest

from households.models import Assignment, CollectionRecord
from households.operations import checking, rounds
from households.operations.assigning import How, share
from households.queries.checking import pairs_of
from tests.factories import NOON, make_member
from tests.households.collection.stage import Ground, make_collector, settle
from tests.households.stage import LIN
from trail.models import AuditEvent


def collected(ground: Ground, *villages, done: int | None = None) -> None:
    share(round_=ground.round, villages=villages, how=How.EVENLY, by=LIN, at=NOON)
    ids = list(Assignment.objects.order_by("pk").values_list("pk", flat=True)[:done])
    Assignment.objects.filter(pk__in=ids).update(state="done", done_at=NOON)


def draw(ground: Ground, *villages, percent: int = 10, seed: int = 7) -> checking.Draw:
    return checking.draw_checks(
        round_=ground.round, villages=villages, percent=percent, seed=seed, by=LIN, at=NOON
    )


def checks():
    return Assignment.objects.filter(purpose="check")


def write(ground: Ground, subject, answers, *, is_check: bool) -> None:
    CollectionRecord.objects.create(
        village=ground.dou, subject=subject, round=ground.round, form=ground.forms["household"],
        form_code="household", is_check=is_check, uuid=uuid4(), channel="home", spoken_by="self",
        answers=answers, body_sha256=b"\1" * 32, state="received", receipt="A7F3",
        is_current=not is_check, filled_at=NOON, arrived_at=NOON, received_at=NOON,
        collector=ground.fang if is_check else ground.chen,
    )  # fmt: skip


def test_each_collector_has_the_percent_and_at_least_one_and_somebody_else_goes(ground):
    settle(ground.dou, unit="1组", count=30)
    collected(ground, ground.dou)
    assert draw(ground, ground.dou) == checking.Draw(4, 0)
    first = dict(
        Assignment.objects.filter(purpose="collect").values_list("subject_id", "collector_id")
    )
    assert all(row.collector_id != first[row.subject_id] for row in checks())
    assert sorted(checks().values_list("collector__name", flat=True)) == [
        "方采集", "方采集", "陈采集", "陈采集",
    ]  # fmt: skip


def test_the_seed_is_kept_and_draws_the_same_again(ground):
    settle(ground.dou, unit="1组", count=20)
    collected(ground, ground.dou)
    draw(ground, ground.dou, percent=20, seed=4711)
    drawn = set(checks().values_list("subject_id", flat=True))
    event = AuditEvent.objects.get(what="assignment.checks_drawn")
    assert event.detail == {"percent": 20, "seed": 4711, "of": 20, "count": 4, "nobody": 0}
    checks().delete()
    draw(ground, ground.dou, percent=20, seed=4711)
    assert set(checks().values_list("subject_id", flat=True)) == drawn


def test_only_what_is_done_and_not_drawn_yet_is_drawn(ground):
    settle(ground.dou, unit="1组", count=4)
    collected(ground, ground.dou, done=2)
    assert draw(ground, ground.dou, percent=100).count == 2
    with pytest.raises(checking.NothingToCheck):
        draw(ground, ground.dou, percent=100)


def test_where_nobody_else_is_posted_nobody_is_sent_until_somebody_is(ground):
    settle(ground.liu, unit="1组", count=2)
    collected(ground, ground.liu)
    assert draw(ground, ground.liu, percent=50) == checking.Draw(0, 1)
    late = make_collector(ground.liu, "何采集")
    assert draw(ground, ground.liu, percent=50) == checking.Draw(1, 0)
    assert checks().get().collector == late


def test_nothing_is_drawn_of_nothing_or_in_a_round_that_is_over(ground):
    settle(ground.dou, unit="1组", count=2)
    collected(ground, ground.dou)
    for percent in (0, 101):
        with pytest.raises(checking.PercentIsNone):
            draw(ground, ground.dou, percent=percent)
    rounds.close_round(round_=ground.round, by=LIN, at=NOON)
    with pytest.raises(rounds.RoundIsNotOpen):
        draw(ground, ground.dou)


def test_the_two_records_are_told_apart_field_by_field(ground):
    (home,) = settle(ground.dou, unit="1组", count=1)
    wife = make_member(household=home, name="李梅", relation="妻")
    collected(ground, ground.dou)
    draw(ground, ground.dou, percent=100)
    check = checks().get()
    assert pairs_of(check) == []
    told = {"living_here": {"value": "3"}, "contracted": {"value": "4.5"}}
    write(ground, home, {**told, "spokesman": {"value": wife.pk}}, is_check=False)
    (pair,) = pairs_of(check)
    assert (pair.second, pair.lines) == (None, [])
    write(ground, home, {**told, "contracted": {"unsaid": "declined"}}, is_check=True)
    (pair,) = pairs_of(check)
    differing = [(one.label, one.first, one.second) for one in pair.lines if one.differs]
    assert differing == [
        ("平时由谁代表家里办事", "李梅", "没有填"),
        ("承包地", "4.5亩", "不愿说"),
    ]
    assert pair.differing == 2
