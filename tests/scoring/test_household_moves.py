"""Households divide and join: the spendable points go along, every entry stays."""

from datetime import date

import pytest

from households.errors import NobodyChosen, NumberTaken
from households.models import FileChange, Member, Subject
from households.operations.files.homes import Address
from households.operations.files.keeping import When
from households.operations.files.moves import Joining, NewHome
from scoring.errors import EarlierMonthsWait, LedgerStopped, MoreThanThereIs
from scoring.models import Entry, LedgerState
from scoring.operations import household_moves
from scoring.queries.household_ledger import own_figures
from scoring.queries.verifying import verify
from tests.factories import NOON, make_household, make_member, make_unit
from tests.scoring.stage import Stage, set_stage
from trail.models import AuditEvent

TODAY = When(date(2026, 11, 1))


@pytest.fixture
def stage(db, time_machine) -> Stage:
    time_machine.move_to(NOON, tick=False)
    found = set_stage()
    found.father = make_member(household=found.home, name="张三")
    found.son = make_member(household=found.home, name="张小", relation="长子")
    return found


def leave(stage: Stage, *, points: int, number: str = "088", when: When = TODAY):
    new = NewHome(
        Address(make_unit(village=stage.village, name="9组"), number),
        [stage.son.pk],
        stage.son.pk,
        {},
    )
    return household_moves.split(
        subject=stage.home, new=new, points=points, when=when, by=stage.clerk, at=NOON
    )


def figures(stage: Stage, subject: Subject) -> tuple[int, int, int]:
    found = own_figures(village_id=stage.village.pk, subject_id=subject.pk)
    return found.gross, found.earned, found.spendable


def transfers(stage: Stage) -> list[tuple[str, int, str]]:
    kinds = [Entry.Kind.TRANSFER_IN, Entry.Kind.TRANSFER_OUT]
    rows = Entry.objects.filter(village=stage.village, kind__in=kinds).order_by("pk")
    return list(rows.values_list("kind", "points", "source"))


def test_a_split_hands_over_what_was_agreed_and_no_entry_moves(stage):
    stage.enter(30)
    stage.enter(-4, item="minus")
    moved = leave(stage, points=10)
    assert figures(stage, stage.home) == (30, 26, 16)
    assert figures(stage, moved.subject) == (0, 0, 10)
    source = f"split:{moved.change.pk}"
    assert transfers(stage) == [
        ("transfer_out", -10, f"{source}:out"),
        ("transfer_in", 10, f"{source}:in"),
    ]
    assert moved.subject.name == "张小"
    assert Member.objects.get(pk=stage.son.pk).relation == "户主"
    event = AuditEvent.objects.get(what="households.file_split")
    assert event.detail["points"] == 10
    assert list(FileChange.objects.order_by("pk").values_list("kind", "subject_id")) == [
        ("opened", moved.subject.pk),
        ("split", stage.home.pk),
    ]


def test_a_split_done_twice_is_done_once(stage):
    stage.enter(30)
    first, again = leave(stage, points=10), leave(stage, points=10)
    assert (first.fresh, again.fresh) == (True, False)
    assert again.subject.pk == first.subject.pk
    assert len(transfers(stage)) == 2
    assert AuditEvent.objects.filter(what="households.file_split").count() == 1


@pytest.mark.parametrize("points", [31, -1])
def test_more_than_there_is_is_not_handed_over_and_nothing_is_split(stage, points):
    stage.enter(30)
    with pytest.raises(MoreThanThereIs):
        leave(stage, points=points)
    assert Member.objects.get(pk=stage.son.pk).subject_id == stage.home.pk
    assert not Subject.objects.filter(number="088").exists()


def test_everybody_or_nobody_is_no_split(stage):
    unit = make_unit(village=stage.village)
    for chosen in ([], [stage.son.pk, stage.father.pk]):
        with pytest.raises(NobodyChosen):
            household_moves.split(
                subject=stage.home,
                new=NewHome(Address(unit, "089"), chosen, stage.son.pk, {}),
                points=0,
                when=TODAY,
                by=stage.clerk,
                at=NOON,
            )


def test_a_number_of_others_is_refused(stage):
    make_household(
        village=stage.village, unit=make_unit(village=stage.village, name="9组"), number="088"
    )
    with pytest.raises(NumberTaken):
        leave(stage, points=0)


def test_a_broken_ledger_lets_no_points_move_and_then_nobody(stage):
    stage.enter(30)
    LedgerState.objects.create(village=stage.village, broken_at=NOON, problem="x")
    with pytest.raises(LedgerStopped):
        leave(stage, points=10)
    assert Member.objects.get(pk=stage.son.pk).subject_id == stage.home.pk
    assert leave(stage, points=0).fresh


def test_a_split_of_a_closed_month_is_entered_in_the_open_one(stage):
    stage.enter(30, on=date(2026, 9, 12))
    stage.close("2026-09")
    stage.enter(3)
    leave(stage, points=10, when=When(date(2026, 9, 20)))
    rows = Entry.objects.filter(village=stage.village, kind=Entry.Kind.TRANSFER_IN)
    assert [(row.month, row.occurred_on) for row in rows] == [("2026-10", date(2026, 9, 20))]


def test_two_open_months_let_nothing_move(stage):
    stage.enter(30, on=date(2026, 8, 12))
    stage.enter(3, on=date(2026, 9, 12))
    with pytest.raises(EarlierMonthsWait):
        leave(stage, points=10)
    assert Member.objects.get(pk=stage.son.pk).subject_id == stage.home.pk


def merge(stage: Stage, gone: Subject, into: Subject):
    return household_moves.merge(
        gone=gone, joining=Joining(into, {}), when=TODAY, by=stage.clerk, at=NOON
    )


def test_a_merge_hands_all_over_closes_the_file_and_twice_is_once(stage):
    other = make_household(village=stage.village, number="077", name="王五")
    wang = make_member(household=other, name="王五")
    stage.enter(30)
    stage.enter(7, home=other)
    for _twice in range(2):
        merge(stage, other, stage.home)
    assert figures(stage, stage.home) == (30, 30, 37)
    assert figures(stage, other) == (7, 7, 0)
    other.refresh_from_db()
    wang.refresh_from_db()
    assert other.state == Subject.State.CLOSED
    # There is one head, and it is the one of the household that goes on.
    assert (wang.subject_id, wang.relation) == (stage.home.pk, "")
    assert len(transfers(stage)) == 2
    assert AuditEvent.objects.filter(what="households.files_merged").count() == 1


def test_a_debt_is_not_inherited(stage):
    other = make_household(village=stage.village, number="077", name="王五")
    make_member(household=other, name="王五")
    stage.enter(-4, item="minus", home=other)
    merge(stage, other, stage.home)
    assert figures(stage, other) == (0, -4, -4)
    assert figures(stage, stage.home) == (0, 0, 0)
    assert transfers(stage) == []


def test_the_ledger_verifies_after_splits_and_merges(stage):
    stage.enter(30)
    moved = leave(stage, points=10)
    merge(stage, moved.subject, stage.home)
    assert figures(stage, stage.home) == (30, 30, 30)
    found = verify(village_id=stage.village.pk, village=stage.village.name)
    assert found.problems == []
