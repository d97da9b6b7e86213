"""I-07, I-20, T-10: one entry is taken back by two persons, and the ledger itself demands both."""

import pytest

from accounts import operations as approvals
from accounts.models import Proposal
from accounts.operations import AlreadyDecided, NoReasonGiven, SamePersonTwice
from scoring.errors import NotAgreedByTwo, NotReversible
from scoring.models import Entry
from scoring.operations import closing, reversals
from scoring.operations.reversals import MonthIsClosed
from tests.factories import NOON
from trail.models import AuditEvent


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


def _asked(stage, entry_id: int, *, reason: str = "同一件事记了两次") -> Proposal:
    entry = Entry.objects.get(pk=entry_id)
    return reversals.propose(entry=entry, reason=reason, by=stage.clerk, at=NOON)


def test_i07_i20_one_asks_another_agrees_and_the_entry_is_reversed(stage):
    wrong = stage.enter(20)
    asked = _asked(stage, wrong)
    assert not Entry.objects.filter(reverses_id=wrong).exists()
    assert "冲正第" in asked.summary
    done = reversals.carry_out(proposal=asked, by=stage.second, at=NOON)
    entry = Entry.objects.get(pk=done.entry_id)
    assert (entry.points, entry.reverses_id, entry.month) == (-20, wrong, "2026-10")
    assert (entry.source, entry.recorded_by_id) == (f"reversal:{asked.pk}", stage.clerk.person_id)
    kept = Proposal.objects.get()
    assert (kept.decided_by_id, kept.consumed_at) == (stage.second.person_id, NOON)
    assert stage.balance() == (0, 0, 0)
    event = AuditEvent.objects.get(what="entry.reversed")
    assert event.detail == {**approvals.facts_of(asked), "entry": done.entry_id}


def test_i20_who_asked_does_not_agree(stage):
    asked = _asked(stage, stage.enter(5))
    with pytest.raises(SamePersonTwice):
        reversals.carry_out(proposal=asked, by=stage.clerk, at=NOON)
    assert Entry.objects.filter(kind="reversal").count() == 0
    assert Proposal.objects.get().decision == "waiting"


def test_i20_agreeing_twice_reverses_once(stage):
    asked = _asked(stage, stage.enter(5))
    reversals.carry_out(proposal=asked, by=stage.second, at=NOON)
    with pytest.raises(AlreadyDecided):
        reversals.carry_out(proposal=asked, by=stage.second, at=NOON)
    assert Entry.objects.filter(kind="reversal").count() == 1


@pytest.mark.parametrize(
    "source", ["test:1", "reversal:1", "reversal:x", "correction:1:1:reversal"]
)
def test_t10_the_ledger_takes_no_reversal_that_two_persons_did_not_agree_on(stage, source):
    row = stage.reversal(stage.enter(5), source=source)
    with pytest.raises(NotAgreedByTwo, match="两个人确认"):
        stage.post(row)


@pytest.mark.parametrize("step", ["waiting", "refused", "approved"])
def test_t10_nor_one_whose_approval_is_not_being_carried_out(stage, step):
    wrong = stage.enter(5)
    asked = _asked(stage, wrong)
    if step != "waiting":
        approve = step == "approved"
        approvals.decide(proposal=asked, approve=approve, by=stage.second, at=NOON, reason="看过")
    with pytest.raises(NotAgreedByTwo):
        stage.post(stage.reversal(wrong, source=f"reversal:{asked.pk}"))


def test_t10_nor_one_agreed_on_for_another_entry_or_village(stage, neighbour):
    wrong, other, theirs = stage.enter(5), stage.enter(6), neighbour.enter(5)
    for source in (stage.agreed_reversal(other), neighbour.agreed_reversal(theirs)):
        with pytest.raises(NotAgreedByTwo):
            stage.post(stage.reversal(wrong, source=source))
    agreed = stage.reversal(wrong)
    assert stage.post(agreed)[0].fresh
    assert not stage.post(agreed)[0].fresh


def test_what_the_ledger_will_refuse_is_told_to_who_asks(stage):
    wrong = stage.enter(5)
    [done] = stage.post(stage.reversal(wrong))
    for number in (wrong, done.entry_id):
        with pytest.raises(NotReversible):
            _asked(stage, number)
    assert Proposal.objects.filter(decision="waiting").count() == 0


def test_a_reversal_says_why(stage):
    with pytest.raises(NoReasonGiven):
        _asked(stage, stage.enter(5), reason=" ")


def test_i25_a_closed_month_is_corrected_not_reversed(stage):
    wrong, late = stage.enter(5), stage.enter(6)
    asked = _asked(stage, late)
    stage.close("2026-10")
    with pytest.raises(MonthIsClosed, match="更正这个月"):
        _asked(stage, wrong)
    with pytest.raises(MonthIsClosed):
        reversals.carry_out(proposal=asked, by=stage.second, at=NOON)
    assert Entry.objects.filter(kind="reversal").count() == 0


def test_a_reversal_moves_the_figures_of_a_lock_that_waits(stage):
    wrong = stage.enter(5)
    stage.approve_lock("2026-10")
    asked = _asked(stage, wrong)
    reversals.carry_out(proposal=asked, by=stage.second, at=NOON)
    with pytest.raises(approvals.NoApproval):
        closing.close(village=stage.village, month="2026-10", at=NOON)
