"""Closing a month: what two persons locked is done whole, once, and in order."""

from datetime import date, timedelta

import pytest

from accounts import operations as approvals
from accounts.models import Proposal
from accounts.operations import NeedsAPerson, NoApproval, SamePersonTwice
from notices.models import Notice, NoticeBody
from scoring.models import Hold, Month, Rating, Seal, StarScheme
from scoring.operations import closing, holds, months
from scoring.operations.closing import (
    AlreadyClosed,
    EarlierMonthIsOpen,
    MonthIsHeld,
    NothingToClose,
)
from tests.factories import NOON, make_actor, make_household
from trail.actor import Actor
from trail.models import AuditEvent

SYSTEM = Actor.system("test")
MONTH = "2026-10"
SCHEME = {
    "kind": "grades",
    "code": "credit",
    "version": 1,
    "base_points": 60,
    "grades": [{"name": "A", "at_least": 65}],
    "lowest": "B",
}


def _close(stage, month: str = MONTH, **changes) -> Month:
    return closing.close(**{"village": stage.village, "month": month, "at": NOON, **changes})


def _rated(stage) -> None:
    StarScheme.objects.create(
        village=stage.village, code="credit", name="信用户", version=1, data=SCHEME, in_force=True
    )


def _nothing_is_left_of_a_close(stage) -> None:
    assert stage.states()[MONTH] == Month.State.OPEN
    for model in (Seal, Rating, Notice):
        assert not model.objects.filter(village=stage.village).exists()
    assert not AuditEvent.objects.filter(what="month.closed").exists()


def test_i24_close_seals_rates_and_drafts_in_one_act(stage):
    _rated(stage)
    other = make_household(village=stage.village)
    last = stage.enter(5, home=other)
    closed = stage.close(MONTH)
    seal = Seal.objects.get()
    assert (closed.state, closed.seal_id, closed.closed_at) == ("closed", seal.pk, NOON)
    assert (seal.upto_id, seal.count) == (last, 1)
    assert closed.closed_by == f"{stage.clerk.person_id} {stage.second.person_id}"
    grades = dict(Rating.objects.values_list("subject_id", "grade"))
    assert grades == {stage.home.pk: "B", other.pk: "A"}
    body = NoticeBody.objects.get(notice__month=MONTH, notice__state=Notice.State.DRAFT)
    assert body.content["seal"]["root"] == bytes(seal.root).hex()
    assert body.content["totals"]["plus"] == 5
    assert Proposal.objects.get().consumed_at == NOON


def test_i30_close_leaves_exactly_one_audit_event(stage):
    stage.enter(5)
    stage.approve_lock(MONTH)
    before = AuditEvent.objects.count()
    _close(stage)
    events = AuditEvent.objects.order_by("pk").values_list("what", "actor")[before:]
    assert list(events) == [("month.closed", "scoring.close_month")]
    detail = AuditEvent.objects.get(what="month.closed").detail
    assert (detail["plus"], detail["count"], detail["seal"]) == (5, 1, 1)
    body = NoticeBody.objects.get(notice__month=MONTH)
    assert detail["notice"] == body.notice_id
    assert detail["notice_sha256"] == bytes(body.content_sha256).hex()
    assert detail["root"] == bytes(Seal.objects.get().root).hex()
    assert detail["proposal"] == Proposal.objects.get().pk


def test_i24_closing_twice_is_closing_once(stage):
    stage.enter(5)
    closed = stage.close(MONTH)
    events = AuditEvent.objects.count()
    again = _close(stage, at=NOON + timedelta(hours=1))
    assert (again.closed_at, again.seal_id) == (closed.closed_at, closed.seal_id)
    assert (Seal.objects.count(), Notice.objects.count()) == (1, 1)
    assert AuditEvent.objects.count() == events


def test_month_without_entries_is_not_closed(stage):
    with pytest.raises(NothingToClose):
        _close(stage)


def test_i20_close_without_approval_is_refused_and_leaves_nothing(stage):
    stage.enter(5)
    with pytest.raises(NoApproval):
        _close(stage)
    closing.propose_lock(month=stage.month(MONTH), by=stage.clerk, at=NOON)
    with pytest.raises(NoApproval):
        _close(stage)
    _nothing_is_left_of_a_close(stage)


@pytest.mark.parametrize(
    "change",
    [
        lambda stage: stage.enter(1),
        lambda stage: stage.enter(-1, item="minus"),
        lambda stage: stage.post(stage.spend(1)),
        lambda stage: stage.post(stage.reversal(stage.post(stage.row(5))[0].entry_id)),
    ],
    ids=["award", "deduction", "redemption", "reversal"],
)
def test_i20_entry_after_the_approval_voids_it(stage, change):
    stage.enter(5)
    stage.approve_lock(MONTH)
    change(stage)
    with pytest.raises(NoApproval):
        _close(stage)
    _nothing_is_left_of_a_close(stage)
    stage.close(MONTH)
    assert stage.states() == {MONTH: "closed"}


def test_approval_stands_when_only_another_month_grew(stage):
    stage.enter(5)
    stage.approve_lock(MONTH)
    stage.enter(5, on=date(2026, 11, 1))
    assert _close(stage).state == Month.State.CLOSED


def test_approval_is_used_once_and_only_for_its_month(stage):
    stage.enter(5)
    stage.enter(5, on=date(2026, 11, 1))
    stage.close(MONTH)
    with pytest.raises(NoApproval):
        _close(stage, "2026-11")


def test_approval_expires(stage):
    stage.enter(5)
    stage.approve_lock(MONTH)
    with pytest.raises(NoApproval):
        _close(stage, at=NOON + approvals.VALID_FOR)
    _nothing_is_left_of_a_close(stage)


def test_refused_lock_closes_nothing(stage):
    stage.enter(5)
    proposal = closing.propose_lock(month=stage.month(MONTH), by=stage.clerk, at=NOON)
    approvals.decide(proposal=proposal, approve=False, by=stage.second, at=NOON, reason="数不对")
    with pytest.raises(NoApproval):
        _close(stage)


def test_i20_second_person_is_another_person_whatever_the_account(stage):
    stage.enter(5)
    proposal = closing.propose_lock(month=stage.month(MONTH), by=stage.clerk, at=NOON)
    same = Actor(
        name="别名", role="supervision_member", person_id=stage.clerk.person_id, user_id=99
    )
    with pytest.raises(SamePersonTwice):
        approvals.decide(proposal=proposal, approve=True, by=same, at=NOON)
    with pytest.raises(NeedsAPerson):
        approvals.decide(proposal=proposal, approve=True, by=SYSTEM, at=NOON)
    with pytest.raises(NeedsAPerson):
        closing.propose_lock(month=stage.month(MONTH), by=SYSTEM, at=NOON)


def test_lock_approved_for_another_village_closes_nothing_here(stage, neighbour):
    stage.enter(5)
    neighbour.enter(5)
    neighbour.approve_lock(MONTH)
    with pytest.raises(NoApproval):
        _close(stage)


def test_months_are_closed_in_their_order(stage):
    stage.enter(5, on=date(2026, 9, 1))
    stage.enter(5)
    with pytest.raises(EarlierMonthIsOpen, match="2026-09"):
        closing.propose_lock(month=stage.month(MONTH), by=stage.clerk, at=NOON)
    stage.close("2026-09")
    assert stage.close(MONTH).state == Month.State.CLOSED


def test_month_that_opened_earlier_after_the_approval_comes_first(stage):
    stage.enter(5)
    stage.approve_lock(MONTH)
    stage.enter(5, on=date(2026, 9, 1))
    with pytest.raises(EarlierMonthIsOpen):
        _close(stage)


def test_held_month_is_neither_proposed_nor_closed(stage):
    stage.enter(5)
    stage.approve_lock(MONTH)
    hold = holds.open_hold(
        month=stage.month(MONTH),
        source="objection:1",
        kind=Hold.Kind.CLOSE,
        reason="3组有一户没核实",
        by=stage.clerk,
        at=NOON,
    )
    with pytest.raises(MonthIsHeld, match="3组有一户没核实"):
        _close(stage)
    with pytest.raises(MonthIsHeld):
        closing.propose_lock(month=stage.month(MONTH), by=stage.clerk, at=NOON)
    _nothing_is_left_of_a_close(stage)
    holds.release(hold=hold, by=stage.clerk, at=NOON)
    assert _close(stage).state == Month.State.CLOSED


def test_closed_month_is_not_proposed_again(stage):
    stage.enter(5)
    stage.close(MONTH)
    with pytest.raises(AlreadyClosed):
        closing.propose_lock(month=stage.month(MONTH), by=stage.clerk, at=NOON)


def test_preparing_seals_nothing_and_does_not_void_the_approval(stage):
    stage.enter(5)
    stage.approve_lock(MONTH)
    prepared = closing.prepare(month=stage.month(MONTH), by=SYSTEM, at=NOON)
    assert prepared.prepared["plus"] == 5
    _nothing_is_left_of_a_close(stage)
    assert _close(stage).state == Month.State.CLOSED


def test_seal_of_the_night_serves_the_close(stage):
    stage.enter(5)
    closing.sealing.seal(village_id=stage.village.pk, by=SYSTEM, at=NOON)
    assert stage.close(MONTH).seal == Seal.objects.get()


def test_i25_late_fact_does_not_touch_the_closed_months_figures(stage):
    stage.enter(5)
    stage.close(MONTH)
    content = NoticeBody.objects.get().content
    stage.enter(9, on=date(2026, 10, 1))
    assert closing.figures.month_figures(village_id=stage.village.pk, month=MONTH).plus == 5
    assert NoticeBody.objects.get().content == content


def _transcribed(stage, month: str = "2026-03") -> Month:
    Month.objects.create(village=stage.village, month=month, origin=Month.Origin.TRANSCRIBED)
    stage.enter(5, on=date(int(month[:4]), int(month[5:]), 3))
    return stage.month(month)


def test_transcribed_month_is_sealed_without_proposal_or_notice(stage):
    by = make_actor(role="township_clerk")
    closed = closing.close_transcribed(month=_transcribed(stage), by=by, at=NOON)
    assert (closed.state, closed.closed_by, closed.seal) == ("closed", by.name, Seal.objects.get())
    assert not Notice.objects.exists()
    assert not Proposal.objects.exists()
    events = AuditEvent.objects.filter(about=closing.reference(closed))
    assert list(events.values_list("what", flat=True)) == ["month.closed_as_transcribed"]
    again = closing.close_transcribed(month=closed, by=by, at=NOON + timedelta(1))
    assert again.closed_at == NOON
    assert events.count() == 1


def test_month_kept_here_is_not_closed_as_transcribed(stage):
    stage.enter(5)
    with pytest.raises(MonthIsHeld):
        closing.close_transcribed(month=stage.month(MONTH), by=stage.clerk, at=NOON)
    _nothing_is_left_of_a_close(stage)


def test_transcribed_months_are_closed_in_their_order(stage):
    first = _transcribed(stage)
    second = _transcribed(stage, "2026-04")
    with pytest.raises(EarlierMonthIsOpen, match="2026-03"):
        closing.close_transcribed(month=second, by=stage.clerk, at=NOON)
    closing.close_transcribed(month=first, by=stage.clerk, at=NOON)
    assert closing.close_transcribed(month=second, by=stage.clerk, at=NOON).state == "closed"


def test_month_before_a_closed_one_is_not_transcribed_any_more(stage):
    closing.close_transcribed(month=_transcribed(stage), by=stage.clerk, at=NOON)
    with pytest.raises(months.LaterMonthIsClosed, match="2026-03"):
        months.open_transcribed(village_id=stage.village.pk, month="2026-02")
    again = months.open_transcribed(village_id=stage.village.pk, month="2026-03")
    assert again.state == "closed"
