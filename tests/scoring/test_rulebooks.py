"""Rule books: immutable once submitted, adopted before they work, never two on one day."""

from datetime import date, timedelta

import psycopg2
import pytest
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from scoring.errors import NoRuleInForce, OutsideTheRule
from scoring.models import Adoption, Category, Entry, Item, RuleBook
from scoring.operations import rulebooks
from scoring.operations.rulebooks import (
    FrameIsNotInForce,
    NotADraft,
    WorksBackwards,
)
from scoring.queries import rules
from tests.scoring.stage import Stage, line
from trail import clock
from trail.models import AuditEvent

TODAY = clock.today()
TOMORROW = TODAY + timedelta(1)


def _refused_by_database(sqlstate: str, act) -> None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        act()
    assert isinstance(refused.value.__cause__, psycopg2.Error)
    assert refused.value.__cause__.pgcode == sqlstate


def test_adopted_book_takes_over_on_its_first_day(stage):
    book = stage.adopt_book(stage.submit_book())
    book, old = RuleBook.objects.get(pk=book.pk), RuleBook.objects.get(pk=stage.book.pk)
    assert (book.state, book.version) == (RuleBook.State.IN_FORCE, 2)
    assert old.state == RuleBook.State.SUPERSEDED
    assert old.effective.upper == TOMORROW == book.effective.lower
    assert rules.in_force(village_id=stage.village.pk, on=TODAY) == old
    assert rules.in_force(village_id=stage.village.pk, on=TOMORROW) == book


def test_i10_new_items_score_nothing_before_their_first_day(stage):
    book = stage.adopt_book(stage.submit_book())
    new = Item.objects.get(rulebook=book, code="plus").pk
    stage.enter(5, on=TODAY)
    stage.items["plus"] = new
    with pytest.raises(NoRuleInForce):
        stage.enter(5, on=TODAY)


def test_i10_superseded_items_still_score_what_happened_in_their_time(stage):
    stage.adopt_book(stage.submit_book(), from_on=TODAY)
    yesterday = TODAY - timedelta(1)
    assert stage.enter(5, on=yesterday)
    with pytest.raises(NoRuleInForce):
        stage.enter(5, on=TODAY)


def test_i10_rules_do_not_change_on_a_day_that_has_been_scored(stage):
    entry = stage.enter(5, on=TODAY)
    with pytest.raises(WorksBackwards):
        stage.adopt_book(stage.submit_book(), from_on=TODAY)
    assert Entry.objects.get(pk=entry).rulebook == rules.in_force(
        village_id=stage.village.pk, on=TODAY
    )
    assert stage.adopt_book(stage.submit_book(), from_on=TOMORROW)


def test_every_act_leaves_one_audit_event(stage):
    before = AuditEvent.objects.count()
    book = stage.adopt_book(stage.submit_book())
    events = AuditEvent.objects.order_by("pk").values_list("what", "about")[before:]
    assert list(events) == [
        ("rulebook.drafted", f"scoring.rulebook:{book.pk}"),
        ("rulebook.submitted", f"scoring.rulebook:{book.pk}"),
        ("proposal.adoption.proposed", f"scoring.rulebook:{book.pk}"),
        ("proposal.adoption.approved", f"scoring.rulebook:{book.pk}"),
        ("rulebook.in_force", f"scoring.rulebook:{book.pk}"),
    ]
    detail = AuditEvent.objects.latest("pk").detail
    assert detail["superseded"] == [stage.book.version]
    assert detail["proposal"] == Adoption.objects.get(rulebook=book).proposal_id


def test_i12_submitted_book_is_submitted_once(stage):
    book = stage.submit_book()
    with pytest.raises(NotADraft):
        rulebooks.submit(book=book, by=stage.clerk, at=clock.now())


@pytest.mark.parametrize("state", ["submitted", "in_force", "superseded"])
def test_i12_submitted_book_and_its_lines_never_change(stage, state):
    book = {
        "submitted": lambda: stage.submit_book(),
        "in_force": lambda: stage.book,
        "superseded": lambda: (stage.adopt_book(stage.submit_book()), stage.book)[1],
    }[state]()
    item = Item.objects.filter(rulebook=book, code="plus")
    categories = Category.objects.filter(rulebook=book)
    draft = stage.draft_book(lines=(line("x"),))
    for act in (
        lambda: RuleBook.objects.filter(pk=book.pk).update(title="x"),
        lambda: RuleBook.objects.filter(pk=book.pk).update(version=99),
        lambda: RuleBook.objects.filter(pk=book.pk).update(state="draft"),
        lambda: RuleBook.objects.filter(pk=book.pk).update(transcribed_from="x"),
        lambda: RuleBook.objects.filter(pk=book.pk).delete(),
        lambda: item.update(high=999),
        lambda: item.update(rulebook=draft),
        lambda: item.delete(),
        lambda: Item.objects.filter(rulebook=draft).update(
            rulebook=book, category=categories.first()
        ),
        lambda: categories.update(name="x"),
        lambda: Category.objects.create(village=stage.village, rulebook=book, name="x", position=9),
    ):
        _refused_by_database("VC201", act)


def test_draft_may_still_be_changed_and_dropped(stage):
    book = stage.draft_book()
    Item.objects.filter(rulebook=book, code="plus").update(high=900)
    Item.objects.filter(rulebook=book).delete()
    Category.objects.filter(rulebook=book).delete()
    assert RuleBook.objects.filter(pk=book.pk).delete()[0] == 1


def test_i12_book_goes_forward_step_by_step(stage):
    book = stage.draft_book()
    for state in ("in_force", "superseded"):
        _refused_by_database(
            "VC201",
            lambda state=state: RuleBook.objects.filter(pk=book.pk).update(
                state=state, effective=DateRange(TOMORROW, None)
            ),
        )
    _refused_by_database("VC201", lambda: _new_book_in(stage, "submitted"))
    _refused_by_database("VC201", lambda: _new_book_in(stage, "in_force"))


def _new_book_in(stage: Stage, state: str) -> None:
    effective = DateRange(TOMORROW, None)
    RuleBook.objects.create(
        village=stage.village, version=9, title="x", state=state, effective=effective
    )


def test_i10_dates_of_a_book_in_force_stay(stage):
    mine = RuleBook.objects.filter(pk=stage.book.pk)
    for effective in (DateRange(date(2025, 1, 1), None), DateRange(date(2026, 2, 1), None)):
        _refused_by_database("VC201", lambda effective=effective: mine.update(effective=effective))
    stage.adopt_book(stage.submit_book())
    for effective in (DateRange(date(2026, 1, 1), None), DateRange(date(2026, 1, 1), TODAY)):
        _refused_by_database("VC201", lambda effective=effective: mine.update(effective=effective))


def test_frame_of_a_township_scores_nothing_by_itself(stage):
    frame = RuleBook.objects.create(township=stage.village.township, version=1, title="框架")
    rulebooks.submit(book=frame, by=stage.clerk, at=clock.now())
    with pytest.raises(FrameIsNotInForce), transaction.atomic():
        stage.adopt_book(frame)


def test_i12_deductions_come_from_negative_items_only(stage):
    lists = dict(Item.objects.filter(rulebook=stage.book).values_list("code", "list"))
    assert set(lists.values()) == set(Item.List.values)
    for code, item_list in lists.items():
        if item_list == Item.List.NEGATIVE:
            assert stage.enter(-3, item=code)
        else:
            with pytest.raises(OutsideTheRule):
                stage.enter(-3, item=code)


def test_i12_item_scores_nothing_before_its_own_first_day(stage):
    lines = (line("plus"),)
    book = rulebooks.draft(
        village=stage.village,
        title="x",
        lines=lines,
        since=TOMORROW + timedelta(5),
        by=stage.clerk,
        at=clock.now(),
    )
    book = rulebooks.submit(book=book, by=stage.clerk, at=clock.now())
    stage.adopt_book(book, from_on=TODAY)
    stage.items["plus"] = Item.objects.get(rulebook=book).pk
    with pytest.raises(OutsideTheRule):
        stage.enter(5, on=TODAY)
