"""Rule books: immutable once submitted, adopted before they work, never two on one day."""

from datetime import date, datetime, timedelta

import psycopg2
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from scoring.errors import NoRuleInForce, OutsideTheRule
from scoring.models import Adoption, Category, Entry, Item, RuleBook
from scoring.operations import rulebooks
from scoring.operations.rulebooks import (
    FrameIsNotInForce,
    Minutes,
    NotADraft,
    PaperBook,
    QuorumNotMet,
    WorksBackwards,
)
from scoring.queries import rules
from tests.scoring.stage import LINES, Stage, line
from trail import clock
from trail.models import AuditEvent

TODAY = clock.today()
TOMORROW = TODAY + timedelta(1)
MEETING = {
    "body": Adoption.Body.REPRESENTATIVES,
    "adopted_on": TODAY,
    "bases": {"members": 30},
    "yes": 20,
    "no": 0,
    "abstain": 0,
}


def _drafted(stage: Stage, *, lines=LINES) -> RuleBook:
    return rulebooks.draft(
        village=stage.village,
        title="新细则",
        lines=lines,
        since=TODAY,
        by=stage.clerk,
        at=clock.now(),
    )


def _submitted(stage: Stage) -> RuleBook:
    return rulebooks.submit(book=_drafted(stage), by=stage.clerk, at=clock.now())


def _adopted(stage: Stage, book: RuleBook, *, first_day: date = TOMORROW, **changes) -> RuleBook:
    return rulebooks.adopt(
        book=book,
        minutes=Minutes(**{**MEETING, **changes}),
        effective_from=first_day,
        by=stage.clerk,
        at=clock.now(),
    )


def _refused_by_database(sqlstate: str, act) -> None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        act()
    assert isinstance(refused.value.__cause__, psycopg2.Error)
    assert refused.value.__cause__.pgcode == sqlstate


def _constraint(act) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    return refused.value.__cause__.diag.constraint_name


def test_adopted_book_takes_over_on_its_first_day(stage):
    book = _adopted(stage, _submitted(stage))
    book, old = RuleBook.objects.get(pk=book.pk), RuleBook.objects.get(pk=stage.book.pk)
    assert (book.state, book.version) == (RuleBook.State.IN_FORCE, 2)
    assert old.state == RuleBook.State.SUPERSEDED
    assert old.effective.upper == TOMORROW == book.effective.lower
    assert rules.in_force(village_id=stage.village.pk, on=TODAY) == old
    assert rules.in_force(village_id=stage.village.pk, on=TOMORROW) == book


def test_i10_new_items_score_nothing_before_their_first_day(stage):
    book = _adopted(stage, _submitted(stage))
    new = Item.objects.get(rulebook=book, code="plus").pk
    stage.enter(5, on=TODAY)
    stage.items["plus"] = new
    with pytest.raises(NoRuleInForce):
        stage.enter(5, on=TODAY)


def test_i10_superseded_items_still_score_what_happened_in_their_time(stage):
    _adopted(stage, _submitted(stage), first_day=TODAY)
    yesterday = TODAY - timedelta(1)
    assert stage.enter(5, on=yesterday)
    with pytest.raises(NoRuleInForce):
        stage.enter(5, on=TODAY)


def test_i10_rules_do_not_change_on_a_day_that_has_been_scored(stage):
    entry = stage.enter(5, on=TODAY)
    with pytest.raises(WorksBackwards):
        _adopted(stage, _submitted(stage), first_day=TODAY)
    assert Entry.objects.get(pk=entry).rulebook == rules.in_force(
        village_id=stage.village.pk, on=TODAY
    )
    assert _adopted(stage, _submitted(stage), first_day=TOMORROW)


def test_every_act_leaves_one_audit_event(stage):
    before = AuditEvent.objects.count()
    book = _adopted(stage, _submitted(stage))
    events = AuditEvent.objects.order_by("pk").values_list("what", "about")[before:]
    assert list(events) == [
        ("rulebook.drafted", f"scoring.rulebook:{book.pk}"),
        ("rulebook.submitted", f"scoring.rulebook:{book.pk}"),
        ("rulebook.superseded", f"scoring.rulebook:{stage.book.pk}"),
        ("rulebook.in_force", f"scoring.rulebook:{book.pk}"),
    ]


@pytest.mark.parametrize(
    ("body", "bases", "votes", "adopted"),
    [
        ("representatives", {"members": 30}, (11, 9, 0), True),
        ("representatives", {"members": 30}, (19, 0, 0), False),
        ("representatives", {"members": 30}, (20, 0, 0), True),
        ("representatives", {"members": 31}, (20, 0, 0), False),
        ("representatives", {"members": 31}, (21, 0, 0), True),
        ("representatives", {"members": 30}, (10, 10, 0), False),
        ("representatives", {"members": 30}, (10, 0, 10), False),
        ("representatives", {"members": 30}, (31, 0, 0), False),
        ("representatives", {"members": 0}, (0, 0, 0), False),
        ("representatives", {"adults": 10}, (10, 0, 0), False),
        ("assembly", {"adults": 100}, (50, 0, 0), False),
        ("assembly", {"adults": 100}, (51, 0, 0), True),
        ("assembly", {"adults": 101}, (51, 0, 0), True),
        ("assembly", {"households": 30}, (20, 0, 0), True),
        ("assembly", {"households": 30}, (19, 0, 0), False),
        ("assembly", {"adults": 100, "households": 60}, (40, 0, 0), True),
        ("assembly", {"adults": 100, "households": 60}, (20, 20, 0), False),
        ("assembly", {"adults": 100, "households": 30}, (51, 0, 0), True),
    ],
)
def test_i11_quorum_and_majority_decide(stage, body, bases, votes, adopted):
    book = _submitted(stage)
    counted = dict(zip(("yes", "no", "abstain"), votes, strict=True))
    if adopted:
        assert _adopted(stage, book, body=body, bases=bases, **counted).state == "in_force"
        kept = Adoption.objects.get(rulebook=book)
        assert kept.base in bases
        assert (kept.members, kept.present) == (bases[kept.base], sum(votes))
        return
    with pytest.raises(QuorumNotMet):
        _adopted(stage, book, body=body, bases=bases, **counted)
    assert not Adoption.objects.exists()
    assert RuleBook.objects.get(pk=book.pk).state == RuleBook.State.SUBMITTED


@pytest.mark.parametrize(
    ("meeting", "first_day"),
    [(TODAY, TODAY - timedelta(1)), (TOMORROW, TODAY), (date(2026, 1, 1), date(2026, 1, 2))],
)
def test_i11_rules_never_work_backwards(stage, meeting, first_day):
    book = _submitted(stage)
    with pytest.raises(WorksBackwards):
        _adopted(stage, book, first_day=first_day, adopted_on=meeting)
    assert not Adoption.objects.exists()


def test_i11_database_wants_the_adoption_before_the_first_day(stage):
    book = _submitted(stage)
    book.state, book.effective = RuleBook.State.IN_FORCE, DateRange(TOMORROW, None)
    _refused_by_database("VC202", book.save)
    late = datetime.combine(TOMORROW + timedelta(2), clock.now().timetz())
    for change in ({"adopted_on": TOMORROW + timedelta(1)}, {"recorded_at": late}):
        sid = transaction.savepoint()
        _adoption(stage, book, **change).save()
        _refused_by_database("VC202", book.save)
        transaction.savepoint_rollback(sid)


def _adoption(stage: Stage, book: RuleBook, **changes) -> Adoption:
    values = {
        "village": stage.village,
        "rulebook": book,
        "body": Adoption.Body.REPRESENTATIVES,
        "adopted_on": TODAY,
        "base": Adoption.Base.MEMBERS,
        "members": 30,
        "present": 20,
        "yes": 11,
        "no": 9,
        "abstain": 0,
        "quorum_numerator": 2,
        "quorum_denominator": 3,
        "law": "第二十六条",
        "recorded_at": clock.now(),
    }
    return Adoption(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"present": 21}, "votes_add_up"),
        ({"members": 19}, "votes_add_up"),
        ({"members": 31}, "quorum_was_present"),
        ({"quorum_is_exceeded": True}, "quorum_was_present"),
        ({"yes": 10, "no": 10}, "more_than_half_agreed"),
    ],
)
def test_i11_database_adds_up_the_adoption_itself(stage, changes, fact):
    adoption = _adoption(stage, _submitted(stage), **changes)
    assert _constraint(adoption.save) == f"scoring_adoption_{fact}"


def test_i11_adoption_of_another_book_does_not_count(stage, neighbour):
    theirs, mine = _submitted(neighbour), _submitted(stage)
    _adoption(neighbour, theirs).save()
    mine.state, mine.effective = RuleBook.State.IN_FORCE, DateRange(TOMORROW, None)
    _refused_by_database("VC202", mine.save)


def test_i11_transcribed_book_names_its_source_and_its_officer(stage):
    for missing in ("transcribed_by", "transcribed_from"):
        book = RuleBook(
            village=stage.village,
            version=9,
            title="x",
            origin=RuleBook.Origin.TRANSCRIBED,
            transcribed_by="林文书",
            transcribed_from="台账",
        )
        setattr(book, missing, "")
        assert _constraint(book.save) == "scoring_rulebook_transcribed_names_its_source"
    assert stage.book.transcribed_by == stage.clerk.name
    assert stage.book.transcribed_from == "村积分台账"


def _transcribed(stage: Stage, *, first_day: date) -> RuleBook:
    paper = PaperBook(title="旧细则", effective_from=first_day, source="旧台账")
    return rulebooks.transcribe(
        village=stage.village, paper=paper, lines=LINES, by=stage.clerk, at=clock.now()
    )


@pytest.mark.parametrize("first_day", [date(2025, 6, 1), date(2026, 1, 1), date(2026, 10, 12)])
def test_i11_paper_book_never_reaches_into_the_time_of_rules_in_force(stage, first_day):
    stage.enter(5, on=date(2026, 10, 12))
    with pytest.raises(WorksBackwards):
        _transcribed(stage, first_day=first_day)
    assert rules.in_force(village_id=stage.village.pk, on=TODAY) == stage.book


def test_paper_book_may_follow_a_paper_book(stage):
    stage.enter(5, on=date(2026, 10, 12))
    later = _transcribed(stage, first_day=date(2026, 10, 13))
    assert rules.in_force(village_id=stage.village.pk, on=date(2026, 10, 12)) == stage.book
    assert rules.in_force(village_id=stage.village.pk, on=TODAY) == later


def test_i11_rules_adopted_here_are_never_followed_by_a_paper_book(stage):
    adopted = _adopted(stage, _submitted(stage), first_day=TODAY)
    with pytest.raises(WorksBackwards):
        _transcribed(stage, first_day=TOMORROW)
    assert rules.in_force(village_id=stage.village.pk, on=TOMORROW) == adopted


def test_i10_database_keeps_the_rules_of_a_day_that_was_scored(stage):
    stage.enter(5, on=date(2026, 10, 12))
    mine = RuleBook.objects.filter(pk=stage.book.pk)
    _refused_by_database(
        "VC201", lambda: mine.update(effective=DateRange(date(2026, 1, 1), date(2026, 10, 12)))
    )
    assert mine.update(effective=DateRange(date(2026, 1, 1), date(2026, 10, 13))) == 1


def test_i12_submitted_book_is_submitted_once(stage):
    book = _submitted(stage)
    with pytest.raises(NotADraft):
        rulebooks.submit(book=book, by=stage.clerk, at=clock.now())


@pytest.mark.parametrize("state", ["submitted", "in_force", "superseded"])
def test_i12_submitted_book_and_its_lines_never_change(stage, state):
    book = {
        "submitted": lambda: _submitted(stage),
        "in_force": lambda: stage.book,
        "superseded": lambda: (_adopted(stage, _submitted(stage)), stage.book)[1],
    }[state]()
    item = Item.objects.filter(rulebook=book, code="plus")
    categories = Category.objects.filter(rulebook=book)
    draft = _drafted(stage, lines=(line("x"),))
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
    book = _drafted(stage)
    Item.objects.filter(rulebook=book, code="plus").update(high=900)
    Item.objects.filter(rulebook=book).delete()
    Category.objects.filter(rulebook=book).delete()
    assert RuleBook.objects.filter(pk=book.pk).delete()[0] == 1


def test_i12_book_goes_forward_step_by_step(stage):
    book = _drafted(stage)
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
    _adopted(stage, _submitted(stage))
    for effective in (DateRange(date(2026, 1, 1), None), DateRange(date(2026, 1, 1), TODAY)):
        _refused_by_database("VC201", lambda effective=effective: mine.update(effective=effective))


def test_i10_two_books_never_share_a_day(stage):
    book = _submitted(stage)
    _adoption(stage, book).save()
    book.state, book.effective = RuleBook.State.IN_FORCE, DateRange(TOMORROW, None)
    assert _constraint(book.save) == "scoring_rulebook_one_in_force_a_day"


def test_frame_of_a_township_scores_nothing_by_itself(stage):
    frame = RuleBook.objects.create(township=stage.village.township, version=1, title="框架")
    rulebooks.submit(book=frame, by=stage.clerk, at=clock.now())
    with pytest.raises(FrameIsNotInForce), transaction.atomic():
        _adopted(stage, frame)


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
    _adopted(stage, book, first_day=TODAY)
    stage.items["plus"] = Item.objects.get(rulebook=book).pk
    with pytest.raises(OutsideTheRule):
        stage.enter(5, on=TODAY)
