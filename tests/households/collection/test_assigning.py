"""R05: files are given to the collectors of their village, evenly, by unit or by hand."""

from collections import Counter

import pytest

from households.models import Assignment
from households.operations import assigning, rounds
from households.operations.assigning import How
from tests.factories import NOON
from tests.households.collection.stage import settle
from tests.households.stage import LIN
from trail.models import AuditEvent


def give(ground, collector_of, village=None):
    return assigning.assign(
        round_=ground.round,
        village=village or ground.dou,
        collector_of=collector_of,
        by=LIN,
        at=NOON,
    )


def shared(ground, how, *villages):
    return assigning.share(round_=ground.round, villages=villages, how=how, by=LIN, at=NOON)


def passed(ground, collector, successor, village=None):
    return assigning.pass_on(
        round_=ground.round,
        village=village or ground.dou,
        collector=collector,
        successor=successor,
        by=LIN,
        at=NOON,
    )


def finish(*subjects, state="done"):
    done_at = NOON if state == "done" else None
    ids = [subject.pk for subject in subjects]
    Assignment.objects.filter(subject_id__in=ids).update(state=state, done_at=done_at)


def carried() -> Counter:
    return Counter(Assignment.objects.values_list("collector__name", flat=True))


def test_r_05_shared_evenly_the_loads_differ_by_one_at_most_and_villages_stay_apart(ground):
    settle(ground.dou, unit="1组", count=5)
    settle(ground.dou, unit="2组", count=4)
    settle(ground.liu, unit="1组", count=3)
    assert shared(ground, How.EVENLY, ground.dou, ground.liu) == 12
    assert sorted(carried().values()) == [3, 4, 5]
    assert carried()["郭采集"] == 3
    assert (
        not Assignment.objects.exclude(village_id=ground.liu.pk)
        .filter(collector=ground.guo)
        .exists()
    )


def test_r_05_shared_by_unit_no_group_is_divided(ground):
    for unit, count in (("1组", 5), ("2组", 3), ("3组", 3)):
        settle(ground.dou, unit=unit, count=count)
    shared(ground, How.BY_UNIT, ground.dou)
    pairs = set(Assignment.objects.values_list("subject__unit_id", "collector_id"))
    assert len(pairs) == 3
    assert sorted(carried().values()) == [5, 6]


def test_sharing_again_gives_only_what_is_new_to_who_carries_least(ground):
    first = settle(ground.dou, unit="1组", count=4)
    give(ground, {row.pk: ground.chen.pk for row in first})
    settle(ground.dou, unit="2组", count=2)
    assert shared(ground, How.EVENLY, ground.dou) == 2
    assert carried() == {"陈采集": 4, "方采集": 2}
    assert shared(ground, How.EVENLY, ground.dou) == 0


def test_by_hand_files_are_given_and_given_to_somebody_else(ground):
    one, two = settle(ground.dou, unit="1组", count=2)
    assert give(ground, {one.pk: ground.chen.pk, two.pk: ground.chen.pk}) == 2
    assert give(ground, {one.pk: ground.fang.pk, two.pk: ground.chen.pk}) == 1
    assert carried() == {"陈采集": 1, "方采集": 1}
    event = AuditEvent.objects.filter(what="assignment.made").latest("pk")
    assert event.detail == {"new": 0, "moved": 1}
    assert event.village_id == ground.dou.pk


def test_only_who_is_posted_as_collector_in_that_village_gets_files(ground):
    (home,) = settle(ground.dou, unit="1组", count=1)
    with pytest.raises(assigning.NotACollectorHere):
        give(ground, {home.pk: ground.guo.pk})
    assert not Assignment.objects.exists()


def test_only_files_of_that_village_that_the_round_asks_about_are_given(ground):
    (elsewhere,) = settle(ground.liu, unit="1组", count=1)
    (closed,) = settle(ground.dou, unit="1组", count=1)
    closed.state = "closed"
    closed.save()
    for row in (elsewhere, closed):
        with pytest.raises(assigning.NotInThisRound):
            give(ground, {row.pk: ground.chen.pk})


def test_what_is_collected_stays_with_who_collected_it(ground):
    done, due = settle(ground.dou, unit="1组", count=2)
    give(ground, {done.pk: ground.chen.pk, due.pk: ground.chen.pk})
    finish(done)
    with pytest.raises(assigning.AlreadyCollected):
        give(ground, {done.pk: ground.fang.pk})
    assert give(ground, {done.pk: ground.chen.pk}) == 0


def test_a_half_done_round_passes_to_a_successor_without_what_is_done(ground):
    done, begun, due = settle(ground.dou, unit="1组", count=3)
    give(ground, {row.pk: ground.chen.pk for row in (done, begun, due)})
    finish(done)
    finish(begun, state="started")
    assert passed(ground, ground.chen, ground.fang) == 2
    of = dict(Assignment.objects.values_list("subject_id", "collector_id"))
    assert of == {done.pk: ground.chen.pk, begun.pk: ground.fang.pk, due.pk: ground.fang.pk}


def test_a_check_does_not_pass_to_who_was_there_first(ground):
    (home,) = settle(ground.dou, unit="1组", count=1)
    give(ground, {home.pk: ground.chen.pk})
    finish(home)
    Assignment.objects.create(
        village=ground.dou, round=ground.round, subject=home, collector=ground.fang,
        purpose="check", assigned_at=NOON,
    )  # fmt: skip
    assert passed(ground, ground.fang, ground.chen) == 0


def test_nothing_passes_to_oneself_or_to_who_is_no_collector_there(ground):
    with pytest.raises(assigning.PassedToOneself):
        passed(ground, ground.chen, ground.chen)
    with pytest.raises(assigning.NotACollectorHere):
        passed(ground, ground.chen, ground.guo)


def test_only_what_nobody_has_begun_is_taken_back(ground):
    due, begun = settle(ground.dou, unit="1组", count=2)
    give(ground, {due.pk: ground.chen.pk, begun.pk: ground.chen.pk})
    finish(begun, state="started")
    gone = assigning.withdraw(
        round_=ground.round, village=ground.dou, subject_ids=[due.pk, begun.pk], by=LIN, at=NOON
    )
    assert gone == 1
    assert Assignment.objects.get().subject_id == begun.pk


def test_nothing_is_given_in_a_closed_round(ground):
    (home,) = settle(ground.dou, unit="1组", count=1)
    rounds.close_round(round_=ground.round, by=LIN, at=NOON)
    with pytest.raises(rounds.RoundIsNotOpen):
        give(ground, {home.pk: ground.chen.pk})
    with pytest.raises(rounds.RoundIsNotOpen):
        shared(ground, How.EVENLY, ground.dou)


def test_a_village_without_collectors_says_so(ground):
    ground.liu.name = "刘庄村"
    settle(ground.liu, unit="1组", count=1)
    ground.guo.postings.update(to_on=NOON.date().replace(month=10))
    with pytest.raises(assigning.NoCollectors, match="刘庄村还没有采集员"):
        shared(ground, How.EVENLY, ground.liu)
