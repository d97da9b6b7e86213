"""A closed month is corrected by two persons, in the open month, and told to everyone."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string

from accounts import operations as approvals
from accounts.models import Proposal
from accounts.operations import AlreadyDecided, NeedsAPerson, SamePersonTwice
from notices import operations as notices
from notices.errors import AlreadyCorrected, NotOnShow
from notices.models import Notice, NoticeBody
from scoring.errors import CapReached, OutsideTheRule
from scoring.models import Correction, Entry, Month, MonthlyTotal
from scoring.operations import corrections, publishing
from scoring.operations.corrections import (
    Change,
    CorrectedSince,
    NothingToCorrect,
    NotOfThisMonth,
    NotShownYet,
    StillOpen,
)
from scoring.queries import corrections as found
from scoring.queries import notices as figures
from scoring.queries.verifying import verify
from tests.factories import NOON, make_household, make_person
from trail.actor import Actor
from trail.clock import business_date
from trail.models import AuditEvent

MONTH = "2026-10"


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


def show(stage, notice: Notice) -> Notice:
    """Publish as two persons do."""
    proposal = publishing.propose(notice=notice, by=stage.clerk, at=NOON)
    publishing.approve(
        notice=notice,
        proposal=proposal,
        publish_on=business_date(NOON),
        by=stage.second,
        at=NOON,
    )
    return notices.publish(notice=notice, at=NOON)


def close_and_show(stage) -> Notice:
    stage.close(MONTH)
    return show(stage, Notice.objects.get(village=stage.village, month=MONTH))


def propose(stage, *changes: Change, reason: str = "记错了", **more) -> Correction:
    values = {"month": stage.month(MONTH), "by": stage.clerk, "at": NOON, **more}
    proposal = corrections.propose_correction(changes=changes, reason=reason, **values)
    correction = found.by_proposal(proposal_id=proposal.pk)
    assert correction is not None
    return correction


def correct(stage, *changes: Change) -> Notice:
    correction = propose(stage, *changes)
    return corrections.carry_out(correction=correction, by=stage.second, at=NOON)


def rows_of_the_month(stage) -> list[tuple]:
    """Everything that stands for the closed month, byte for byte."""
    village = stage.village
    entries = Entry.objects.filter(village=village, month=MONTH).order_by("pk")
    totals = MonthlyTotal.objects.filter(village=village, month=MONTH).order_by("pk")
    month = Month.objects.filter(village=village, month=MONTH)
    bodies = NoticeBody.objects.filter(notice__village=village, notice__corrects=None)
    kept = [entries, totals, month, bodies]
    return [tuple(map(_plain, row)) for rows in kept for row in rows.values_list()]


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def problems(stage) -> list:
    return list(verify(village_id=stage.village.pk, village=stage.village.code).problems)


def content(notice: Notice) -> dict:
    return NoticeBody.objects.get(notice=notice).content


def test_i07_i25_a_correction_reverses_in_the_open_month_and_leaves_the_closed_one(stage):
    wrong, bad, right = stage.enter(18), stage.enter(-4, item="minus"), stage.enter(6, item="kind")
    close_and_show(stage)
    before = rows_of_the_month(stage)
    correct(stage, Change(wrong, 15), Change(bad))
    assert rows_of_the_month(stage) == before
    made = Entry.objects.filter(village=stage.village).exclude(month=MONTH).order_by("pk")
    again = Entry.objects.get(pk=wrong)
    assert [(one.kind, one.points, one.reverses_id) for one in made] == [
        ("reversal", -18, wrong),
        ("award", 15, None),
        ("reversal", 4, bad),
    ]
    assert {one.occurred_on for one in made} == {again.occurred_on}
    assert made[1].item_id == again.item_id
    assert stage.states() == {MONTH: "closed", "2026-11": "open"}
    assert stage.balance() == (21, 21, 21)
    assert not Entry.objects.filter(reverses_id=right).exists()
    assert not problems(stage)


def test_i20_a_second_person_confirms_and_the_first_is_the_author(stage):
    wrong = stage.enter(18)
    close_and_show(stage)
    correction = propose(stage, Change(wrong, 15))
    with pytest.raises(SamePersonTwice):
        corrections.carry_out(correction=correction, by=stage.clerk, at=NOON)
    with pytest.raises(NeedsAPerson):
        corrections.carry_out(correction=correction, by=Actor.system("x"), at=NOON)
    assert not Entry.objects.filter(reverses_id=wrong).exists()
    corrections.carry_out(correction=correction, by=stage.second, at=NOON)
    made = Entry.objects.filter(source__startswith="correction:")
    assert {one.recorded_by_id for one in made} == {stage.clerk.person_id}
    approval = Proposal.objects.get(pk=correction.proposal_id)
    assert (approval.decided_by_id, approval.consumed_at) == (stage.second.person_id, NOON)


def test_i07_the_same_confirmation_twice_corrects_once(stage):
    wrong = stage.enter(18)
    close_and_show(stage)
    correction = propose(stage, Change(wrong, 15))
    first = corrections.carry_out(correction=correction, by=stage.second, at=NOON)
    count, events = Entry.objects.count(), AuditEvent.objects.count()
    assert corrections.carry_out(correction=correction, by=stage.second, at=NOON) == first
    assert (Entry.objects.count(), AuditEvent.objects.count()) == (count, events)


def test_the_same_proposal_twice_is_one_proposal(stage):
    wrong = stage.enter(18)
    close_and_show(stage)
    assert propose(stage, Change(wrong, 15)) == propose(stage, Change(wrong, 15))
    other = propose(stage, Change(wrong, 14))
    assert Correction.objects.count() == 2
    waiting = Proposal.objects.filter(kind="correction", decision="waiting")
    assert [one.pk for one in waiting] == [other.proposal_id]


def test_i30_a_correction_leaves_an_event_that_names_its_entries(stage):
    wrong = stage.enter(18)
    close_and_show(stage)
    notice = correct(stage, Change(wrong))
    event = AuditEvent.objects.get(what="month.corrected")
    entry = Entry.objects.get(reverses_id=wrong)
    assert (event.person_id, event.about) == (
        stage.second.person_id,
        f"scoring.month:{stage.month(MONTH).pk}",
    )
    assert (event.detail["entries"], event.detail["notice"]) == ([entry.pk], notice.pk)


def test_i21_the_correction_notice_names_the_old_one_and_lists_changed_households(stage):
    other = make_household(village=stage.village)
    wrong = stage.enter(18)
    stage.enter(7, home=other)
    original = close_and_show(stage)
    told = content(original)
    notice = correct(stage, Change(wrong, 15))
    said = content(notice)
    assert (notice.number, notice.state, notice.corrects) == (
        f"{MONTH}-points-2",
        "draft",
        original,
    )
    assert notice.title == f"更正：{original.title}"
    assert (said["correction"], said["corrects"]) == (True, original.number)
    (row,) = said["rows"]
    assert row == {
        "group": stage.home.unit.name if stage.home.unit else "",
        "number": stage.home.number,
        "plus": 15,
        "gross": 15,
        "before": {"plus": 18, "gross": 18},
    }
    assert said["totals"] == {**told["totals"], "plus": 22, "gross": 22}
    assert said["categories"][0]["plus"] == 22
    assert said["seal"]["upto"] == Entry.objects.latest("pk").pk
    assert content(original) == told


def test_i21_no_household_shows_that_a_deduction_of_its_was_wrong(stage):
    stage.enter(18)
    bad = stage.enter(-4, item="minus")
    close_and_show(stage)
    said = content(correct(stage, Change(bad, 1)))
    assert said["rows"] == []
    assert (said["totals"]["minus"], said["totals"]["plus"]) == (-1, 18)


def test_a_second_correction_goes_on_from_the_first(stage):
    first, second = stage.enter(18), stage.enter(6, item="kind")
    original = close_and_show(stage)
    once = correct(stage, Change(first, 15))
    with pytest.raises(NotShownYet):
        propose(stage, Change(second))
    show(stage, once)
    twice = correct(stage, Change(second))
    assert (twice.corrects, twice.number) == (once, f"{MONTH}-points-3")
    assert twice.title == f"更正：{original.title}"
    (row,) = content(twice)["rows"]
    assert (row["before"]["plus"], row["plus"]) == (21, 15)
    assert content(twice)["totals"]["gross"] == 15
    assert not problems(stage)


def test_what_was_corrected_is_not_corrected_again(stage):
    wrong = stage.enter(18)
    close_and_show(stage)
    show(stage, correct(stage, Change(wrong)))
    with pytest.raises(NotOfThisMonth):
        propose(stage, Change(wrong, 3))


def test_a_correction_proposed_before_another_one_is_void(stage):
    first, second = stage.enter(18), stage.enter(6, item="kind")
    close_and_show(stage)
    old = propose(stage, Change(first, 15))
    other = replace(stage.clerk, person_id=make_person(name="别人").pk)
    new = propose(stage, Change(second), by=other)
    show(stage, corrections.carry_out(correction=new, by=stage.second, at=NOON))
    with pytest.raises(CorrectedSince):
        corrections.carry_out(correction=old, by=stage.second, at=NOON)
    assert not Entry.objects.filter(reverses_id=first).exists()


def test_a_refused_correction_is_not_carried_out(stage):
    wrong = stage.enter(18)
    close_and_show(stage)
    correction = propose(stage, Change(wrong))
    proposal = Proposal.objects.get(pk=correction.proposal_id)
    approvals.decide(proposal=proposal, approve=False, by=stage.second, at=NOON, reason="没错")
    with pytest.raises(AlreadyDecided):
        corrections.carry_out(correction=correction, by=stage.second, at=NOON)
    assert not Entry.objects.filter(reverses_id=wrong).exists()


def test_an_open_month_and_one_not_shown_yet_are_not_corrected(stage):
    wrong = stage.enter(18)
    with pytest.raises(StillOpen):
        propose(stage, Change(wrong, 15))
    stage.close(MONTH)
    with pytest.raises(NotShownYet, match="请先发布"):
        propose(stage, Change(wrong, 15))


def test_what_changes_nothing_or_says_no_reason_is_refused(stage):
    wrong = stage.enter(18)
    close_and_show(stage)
    for changes, reason in (
        ((), "记错了"),
        ((Change(wrong, 18),), "记错了"),
        ((Change(wrong, 0),), "记错了"),
        ((Change(wrong, 15),), "  "),
    ):
        with pytest.raises(NothingToCorrect):
            propose(stage, *changes, reason=reason)
    assert not Correction.objects.exists()


def test_i05_an_entry_of_another_village_or_month_is_not_corrected(stage, neighbour):
    wrong = stage.enter(18)
    close_and_show(stage)
    later = stage.enter(5)
    assert Entry.objects.get(pk=later).month == "2026-11"
    for strange in (neighbour.enter(5), later, wrong + 1_000):
        with pytest.raises(NotOfThisMonth):
            propose(stage, Change(strange))


def test_what_the_ledger_will_refuse_is_told_to_who_proposes(stage):
    award, litter = stage.enter(6, item="kind"), stage.enter(-4, item="litter")
    close_and_show(stage)
    count = Entry.objects.count()
    with pytest.raises(OutsideTheRule):
        propose(stage, Change(award, 9))
    with pytest.raises(CapReached):
        propose(stage, Change(litter, 11))
    assert (Entry.objects.count(), Correction.objects.count()) == (count, 0)
    propose(stage, Change(award, 8))
    assert Entry.objects.count() == count


def test_i21_a_notice_is_corrected_once_it_is_on_show_and_by_one_notice(stage):
    wrong = stage.enter(18)
    stage.close(MONTH)
    draft = Notice.objects.get(village=stage.village)
    facts = {"seal_root": b"", "title": "更正", "at": NOON}
    with pytest.raises(NotOnShow):
        notices.draft_correction(corrects=draft, content=content(draft), **facts)
    shown = show(stage, draft)
    correct(stage, Change(wrong))
    with pytest.raises(AlreadyCorrected):
        notices.draft_correction(corrects=shown, content=content(shown), **facts)


def test_what_was_proposed_never_changes(stage):
    wrong = stage.enter(18)
    close_and_show(stage)
    propose(stage, Change(wrong))
    for sql in ("UPDATE scoring_correction SET reason = 'x'", "DELETE FROM scoring_correction"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert Correction.objects.get().reason == "记错了"


def test_both_pages_lead_to_each_other_and_show_old_and_new(stage, client):
    other = make_household(village=stage.village)
    wrong = stage.enter(18)
    stage.enter(7, home=other)
    original = close_and_show(stage)
    address = f"/v/{stage.village.slug}/n/"
    old_rows = client.get(f"{address}{original.number}/").content.decode()
    notice = show(stage, correct(stage, Change(wrong, 15)))
    old = client.get(f"{address}{original.number}/").content.decode()
    new = client.get(f"{address}{notice.number}/").content.decode()
    assert "这份公示已更正，请看新版。" in old
    assert f'href="{address}{notice.number}/"' in old
    assert "加18分" in old_rows
    assert "加18分" in old
    assert f'href="{address}{original.number}/"' in new
    assert "加18分 → 改为加15分" in " ".join(new.split())
    assert "18分 → 改为15分" in " ".join(new.split())
    assert stage.home.number in new
    assert "加7分" not in new
    assert "原来" in client.get(f"{address}{notice.number}/print/").content.decode()
    assert "18→15" in client.get(f"{address}{notice.number}/print/").content.decode()


def test_the_next_months_notice_says_that_points_were_corrected_away(stage):
    wrong = stage.enter(18)
    close_and_show(stage)
    correct(stage, Change(wrong, 15))
    page = render_to_string("notices/_plus.html", {"row": {"plus": -3}})
    (row,) = figures.household_rows(village_id=stage.village.pk, month="2026-11")
    assert (row.plus, row.gross) == (-3, 15)
    assert page.strip() == "更正后少3分"
