"""Posting, redeeming and closing at the same time, each race with a control without its lock."""

from datetime import date

import pytest
from django.db.models import Sum

from accounts.operations import NoApproval
from notices.models import Notice
from scoring.errors import NotEnoughPoints, SourceReused
from scoring.models import Entry, Month, RuleBook, Seal
from scoring.operations import closing, ledger
from scoring.operations.closing import AlreadyClosed
from scoring.operations.ledger import Posted
from scoring.operations.rulebooks import WorksBackwards
from scoring.queries import rules
from tests.factories import NOON, make_household
from tests.races import (
    begun_and_waiting,
    rewrite,
    together,
    uncommitted,
    without_village_lock,
)
from tests.scoring.stage import Stage, line, set_stage
from trail import clock
from trail.models import AuditEvent

MONTH = "2026-10"
TODAY = clock.today()
BALANCE_LOCK = (" FOR UPDATE", "")
VILLAGE_LOCK = (f"PERFORM pg_advisory_xact_lock_shared({ledger.LOCK_SPACE} + p_village);", "")


def _pause(seconds: float) -> tuple[str, str]:
    """A post that thinks for a while between its checks and its writing."""
    write = "RETURN QUERY\n    WITH numbered"
    return write, f"PERFORM pg_sleep({seconds});\n  {write}"


@pytest.fixture
def stage(committed_db) -> Stage:
    return set_stage()


def _close(stage: Stage):
    return lambda: closing.close(village=stage.village, month=MONTH, at=NOON)


# Closing ----------------------------------------------------------------------------------------


def test_i24_racing_closers_end_in_one_close(stage, settings):
    stage.enter(5)
    stage.approve_lock(MONTH)
    settings.FAILPOINTS = {"close:sealed": "sleep:0.3"}
    answers = together(*[_close(stage)] * 6)
    assert {getattr(answer, "state", answer) for answer in answers} == {Month.State.CLOSED}
    assert (Seal.objects.count(), Notice.objects.count()) == (1, 1)
    event = AuditEvent.objects.get(what="month.closed")
    assert event.detail["root"] == bytes(Seal.objects.get().root).hex()


def test_i24_control_closers_without_the_village_lock_do_not_all_end_well(
    stage, committed_db, settings
):
    stage.enter(5)
    stage.approve_lock(MONTH)
    without_village_lock(committed_db)
    settings.FAILPOINTS = {"close:sealed": "sleep:0.5"}
    answers = together(*[_close(stage)] * 3)
    assert any(isinstance(answer, AlreadyClosed) for answer in answers)


def _posted_around_a_close(stage: Stage) -> tuple[object, object]:
    """An entry is on its way while a later one is in and the month is closed: the two answers."""
    other = make_household(village=stage.village)
    stage.enter(1)
    with uncommitted(lambda: stage.enter(5)) as slow:
        stage.enter(7, home=other)
        stage.approve_lock(MONTH)
        closer = begun_and_waiting(_close(stage))
    return slow.ended(), closer.ended()


def _unsealed_ids(seal: Seal) -> set[int]:
    """Entries that lie under the seal and are not in it."""
    under = Entry.objects.filter(village=seal.village_id, pk__lte=seal.upto_id)
    return set(under.values_list("pk", flat=True)) - set(seal.leaf_ids)


def test_i02_close_waits_for_the_entry_on_its_way(stage):
    entry, closed = _posted_around_a_close(stage)
    assert isinstance(entry, int)
    # The entry came after what the two persons approved.
    assert isinstance(closed, NoApproval)
    assert not Seal.objects.exists()
    seal = stage.close(MONTH).seal
    assert _unsealed_ids(seal) == set()
    assert seal.count == 3


def test_i02_control_without_the_shared_lock_an_entry_slips_under_the_seal(stage, committed_db):
    rewrite(committed_db, "public.ledger_post", VILLAGE_LOCK)
    entry, closed = _posted_around_a_close(stage)
    assert closed.state == Month.State.CLOSED
    assert _unsealed_ids(Seal.objects.get()) == {entry}


def test_i02_i25_posts_during_a_close_land_each_in_one_month(stage, settings):
    homes = [make_household(village=stage.village) for _ in range(8)]
    stage.enter(5)
    stage.approve_lock(MONTH)
    settings.FAILPOINTS = {"close:sealed": "sleep:0.4", "close:drafted": "sleep:0.2"}

    def posting(home):
        return lambda: [stage.post(stage.row(1, home=home))[0].entry_id for _ in range(5)]

    closed, *posted = together(_close(stage), *(posting(home) for home in homes))
    if isinstance(closed, NoApproval):
        # All the posters came first: what was approved no longer stood.
        closed = stage.close(MONTH)
    seal = Seal.objects.get()
    assert sum(len(ids) for ids in posted) == 40
    assert _unsealed_ids(seal) == set()
    months = dict(Entry.objects.values_list("pk", "month"))
    assert len(months) == 41
    assert {month for pk, month in months.items() if pk <= seal.upto_id} == {MONTH}
    assert MONTH not in {month for pk, month in months.items() if pk > seal.upto_id}
    assert stage.states()[MONTH] == Month.State.CLOSED


# Redeeming --------------------------------------------------------------------------------------


def _redeem_at_once(stage: Stage, times: int) -> list[object]:
    stage.enter(3)
    return together(*[lambda: stage.post(stage.spend(1))] * times)


def test_i09_twenty_redemptions_at_once_spend_exactly_what_is_there(stage, committed_db):
    rewrite(committed_db, "public.ledger_post", _pause(0.02))
    answers = _redeem_at_once(stage, 20)
    refused = [answer for answer in answers if isinstance(answer, NotEnoughPoints)]
    assert (len(answers) - len(refused), len(refused)) == (3, 17)
    assert stage.balance() == (3, 3, 0)
    assert Entry.objects.filter(kind="redemption").count() == 3


def test_i09_control_without_the_balance_lock_more_is_spent_than_is_there(stage, committed_db):
    rewrite(committed_db, "public.ledger_post", BALANCE_LOCK, _pause(1.0))
    answers = _redeem_at_once(stage, 8)
    assert sum(isinstance(answer, list) for answer in answers) > 3
    assert Entry.objects.aggregate(Sum("points"))["points__sum"] < 0


# One source, one entry --------------------------------------------------------------------------


def test_i13_one_source_posted_at_once_is_one_entry(stage, committed_db):
    rewrite(committed_db, "public.ledger_post", _pause(0.05))
    row = stage.row(5, source="declared:1")
    answers = together(*[lambda: stage.post(row)[0]] * 6)
    entry = Entry.objects.get()
    assert all(isinstance(answer, Posted) for answer in answers)
    assert {answer.entry_id for answer in answers} == {entry.pk}
    assert sum(answer.fresh for answer in answers) == 1
    assert stage.balance() == (5, 5, 5)


def test_i13_control_without_the_balance_lock_retries_collide(stage, committed_db):
    stage.enter(1)
    rewrite(committed_db, "public.ledger_post", BALANCE_LOCK, _pause(1.0))
    row = stage.row(5, source="declared:1")
    answers = together(*[lambda: stage.post(row)[0]] * 3)
    assert any(isinstance(answer, SourceReused) for answer in answers)


def test_i13_one_source_for_two_households_at_once_is_one_entry(stage, committed_db):
    rewrite(committed_db, "public.ledger_post", _pause(0.2))
    homes = [stage.home, make_household(village=stage.village)]
    rows = [stage.row(5, home=home, source="declared:1") for home in homes]
    answers = together(*(lambda row=row: stage.post(row) for row in rows))
    assert sorted(type(answer).__name__ for answer in answers) == ["SourceReused", "list"]
    assert Entry.objects.count() == 1


# Order of locks, months, rules ------------------------------------------------------------------


def test_batches_that_cross_each_other_do_not_deadlock(stage, committed_db):
    rewrite(committed_db, "public.ledger_post", _pause(0.005))
    homes = [make_household(village=stage.village) for _ in range(4)]

    def posting(order):
        return lambda: [stage.post(*(stage.row(1, home=home) for home in order)) for _ in range(10)]

    answers = together(*(posting(homes[turn:] + homes[:turn]) for turn in range(4)))
    assert all(isinstance(answer, list) for answer in answers), answers
    assert [stage.balance(home) for home in homes] == [(40, 40, 40)] * 4


def test_first_entries_of_a_month_at_once_open_it_once(stage):
    homes = [make_household(village=stage.village) for _ in range(6)]
    answers = together(*(lambda home=home: stage.enter(1, home=home) for home in homes))
    assert all(isinstance(answer, int) for answer in answers), answers
    assert Month.objects.filter(village=stage.village).count() == 1


def _adoption_during_a_post(stage: Stage) -> object:
    """What an adoption from today on answers while today is being scored by the old rules."""
    book = stage.submit_book()
    with uncommitted(lambda: stage.enter(5, on=TODAY)) as entry:
        adoption = begun_and_waiting(lambda: stage.adopt_book(book, from_on=TODAY))
    assert isinstance(entry.ended(), int)
    return adoption.ended()


def test_i10_adoption_waits_for_the_entry_on_its_way(stage):
    assert isinstance(_adoption_during_a_post(stage), WorksBackwards)
    in_force = rules.in_force(village_id=stage.village.pk, on=TODAY)
    assert Entry.objects.get().rulebook == in_force == stage.book


def test_i10_control_without_the_village_lock_a_scored_day_changes_its_rules(stage, committed_db):
    without_village_lock(committed_db)
    assert isinstance(_adoption_during_a_post(stage), RuleBook)
    in_force = rules.in_force(village_id=stage.village.pk, on=TODAY)
    assert Entry.objects.get().rulebook != in_force


def _line_added_while_submitting(stage: Stage) -> str:
    """The state in which a book is seen while a line of it is on its way."""
    book = stage.draft_book(lines=(line("x"),))
    mine = RuleBook.objects.filter(pk=book.pk)
    item = book.items.get()
    item.pk, item.code = None, "y"
    with uncommitted(item.save):
        # Written past the operation, which locks the book by itself.
        submit = begun_and_waiting(lambda: mine.update(state=RuleBook.State.SUBMITTED))
        seen = mine.get().state
    assert submit.ended() == 1
    assert book.items.count() == 2
    return seen


def test_i12_book_is_submitted_only_after_the_lines_on_their_way(stage):
    assert _line_added_while_submitting(stage) == RuleBook.State.DRAFT


def test_i12_control_without_the_books_lock_a_line_slips_into_a_submitted_book(stage, committed_db):
    rewrite(
        committed_db,
        "vc_guard.rulebook_part_is_guarded",
        ("ORDER BY b.id FOR SHARE) locked)", "ORDER BY b.id) locked)"),
    )
    assert _line_added_while_submitting(stage) == RuleBook.State.SUBMITTED


def test_i02_sealing_at_once_makes_one_seal(stage):
    stage.enter(5, on=date(2026, 10, 1))
    village = stage.village.pk
    answers = together(
        *[lambda: closing.sealing.seal(village_id=village, by=stage.clerk, at=NOON)] * 5
    )
    assert len({answer.pk for answer in answers}) == 1
    assert Seal.objects.count() == 1
