"""I-11: rules work only once a meeting adopted them, never backwards; paper names its source."""

from datetime import date, datetime, timedelta

import psycopg2
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts import operations as approvals
from accounts.models import Proposal
from accounts.operations import AlreadyDecided, NoApproval, SamePersonTwice
from scoring.models import Adoption, RuleBook
from scoring.operations import adoptions, rulebooks
from scoring.operations.adoptions import Minutes, NotSubmitted, QuorumNotMet
from scoring.operations.rulebooks import PaperBook, WorksBackwards
from scoring.queries import rules
from tests.scoring.stage import LINES, Stage
from trail import clock

TODAY = clock.today()
TOMORROW = TODAY + timedelta(1)


def _refused_by_database(sqlstate: str, act) -> None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        act()
    assert isinstance(refused.value.__cause__, psycopg2.Error)
    assert refused.value.__cause__.pgcode == sqlstate


def _constraint(act) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    return refused.value.__cause__.diag.constraint_name


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
    book = stage.submit_book()
    counted = dict(zip(("yes", "no", "abstain"), votes, strict=True))
    if adopted:
        assert stage.adopt_book(book, body=body, bases=bases, **counted).state == "in_force"
        kept = Adoption.objects.get(rulebook=book)
        assert kept.base in bases
        assert (kept.members, kept.present) == (bases[kept.base], sum(votes))
        return
    with pytest.raises(QuorumNotMet):
        stage.adopt_book(book, body=body, bases=bases, **counted)
    assert not Adoption.objects.exists()
    assert RuleBook.objects.get(pk=book.pk).state == RuleBook.State.SUBMITTED


@pytest.mark.parametrize(
    ("meeting", "first_day"),
    [(TODAY, TODAY - timedelta(1)), (TOMORROW, TODAY), (date(2026, 1, 1), date(2026, 1, 2))],
)
def test_i11_rules_never_work_backwards(stage, meeting, first_day):
    book = stage.submit_book()
    with pytest.raises(WorksBackwards):
        stage.adopt_book(book, from_on=first_day, adopted_on=meeting)
    assert not Adoption.objects.exists()


def test_i11_database_wants_the_adoption_before_the_first_day(stage):
    book = stage.submit_book()
    book.state, book.effective = RuleBook.State.IN_FORCE, DateRange(TOMORROW, None)
    _refused_by_database("VC202", book.save)
    _adoption(stage, book, adopted_on=TOMORROW + timedelta(1)).save()
    _refused_by_database("VC202", book.save)


def test_i11_database_records_an_adoption_by_its_own_clock(stage):
    back_dated = datetime.combine(TODAY - timedelta(30), clock.now().timetz())
    adoption = _adoption(stage, stage.submit_book(), recorded_at=back_dated)
    adoption.save()
    adoption.refresh_from_db()
    assert abs(adoption.recorded_at - clock.now()) < timedelta(hours=1)


def test_i11_a_book_cannot_have_begun_before_it_was_recorded(stage):
    book = stage.submit_book()
    _adoption(stage, book, adopted_on=TODAY - timedelta(30)).save()
    book.state, book.effective = RuleBook.State.IN_FORCE, DateRange(TODAY - timedelta(9), None)
    _refused_by_database("VC202", book.save)


def test_i20_t11_database_wants_two_persons_behind_the_adoption(stage):
    book = stage.submit_book()
    _adoption(stage, book).save()
    book.state, book.effective = RuleBook.State.IN_FORCE, DateRange(TOMORROW, None)
    _refused_by_database("VC203", book.save)


@pytest.mark.parametrize("step", ["waiting", "approved", "another_book"])
def test_i20_t11_nor_will_a_proposal_do_that_is_not_carried_out_or_of_another_book(stage, step):
    book, at = stage.submit_book(), clock.now()
    number = book.pk + 1 if step == "another_book" else book.pk
    matter = {
        "kind": Proposal.Kind.ADOPTION,
        "about": f"scoring.rulebook:{number}",
        "content": "x",
        "village_id": stage.village.pk,
    }
    asked = approvals.propose(**matter, summary="x", because="x", by=stage.clerk, at=at)
    if step != "waiting":
        approvals.decide(proposal=asked, approve=True, by=stage.second, at=at)
    if step == "another_book":
        approvals.consume(**matter, at=at)
    _adoption(stage, book, proposal=asked).save()
    book.state, book.effective = RuleBook.State.IN_FORCE, DateRange(TOMORROW, None)
    _refused_by_database("VC203", book.save)


def _carried_out(stage: Stage, book: RuleBook) -> Proposal:
    """A proposal to adopt the book, agreed to and used up."""
    matter = {
        "kind": Proposal.Kind.ADOPTION,
        "about": f"scoring.rulebook:{book.pk}",
        "content": "x",
        "village_id": stage.village.pk,
    }
    at = clock.now()
    asked = approvals.propose(**matter, summary="x", because="x", by=stage.clerk, at=at)
    approvals.decide(proposal=asked, approve=True, by=stage.second, at=at)
    return approvals.consume(**matter, at=at)


def _minutes(**changes) -> Minutes:
    plain = {
        "body": "representatives",
        "adopted_on": TODAY,
        "bases": {"members": 30},
        "yes": 20,
        "no": 0,
        "abstain": 0,
        "number": "村代会〔2026〕3号",
    }
    return Minutes(**{**plain, **changes})


def _asked(stage: Stage, book: RuleBook, **changes) -> Proposal:
    return adoptions.propose(
        book=book,
        minutes=_minutes(**changes),
        effective_from=TOMORROW,
        because="代表会议通过",
        by=stage.clerk,
        at=clock.now(),
    )


def test_i20_minutes_of_one_person_are_confirmed_by_another_and_the_book_is_in_force(stage):
    book = stage.submit_book()
    asked = _asked(stage, book)
    assert RuleBook.objects.get(pk=book.pk).state == RuleBook.State.SUBMITTED
    with pytest.raises(SamePersonTwice):
        adoptions.carry_out(proposal=asked, by=stage.clerk, at=clock.now())
    adopted = adoptions.carry_out(proposal=asked, by=stage.second, at=clock.now())
    assert adopted.state == RuleBook.State.IN_FORCE
    kept = Adoption.objects.get(rulebook=book)
    assert (kept.proposal_id, kept.minutes_number) == (asked.pk, "村代会〔2026〕3号")
    assert kept.recorded_by_id == stage.clerk.person_id
    with pytest.raises(AlreadyDecided):
        adoptions.carry_out(proposal=asked, by=stage.second, at=clock.now())


def test_t11_other_figures_than_those_agreed_on_adopt_nothing(stage):
    book = stage.submit_book()
    asked = _asked(stage, book)
    approvals.decide(proposal=asked, approve=True, by=stage.second, at=clock.now())
    for changes in ({"yes": 21}, {"number": "x"}, {"adopted_on": TODAY - timedelta(1)}):
        with pytest.raises(NoApproval):
            adoptions.adopt(
                book=book,
                minutes=_minutes(**changes),
                effective_from=TOMORROW,
                by=stage.second,
                at=clock.now(),
            )
    assert not Adoption.objects.exists()


def test_a_book_that_is_a_draft_or_in_force_is_not_put_to_two_persons(stage):
    for book in (stage.draft_book(), stage.adopt_book(stage.submit_book())):
        with pytest.raises(NotSubmitted):
            _asked(stage, book)


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
    adoption = _adoption(stage, stage.submit_book(), **changes)
    assert _constraint(adoption.save) == f"scoring_adoption_{fact}"


def test_i11_adoption_of_another_book_does_not_count(stage, neighbour):
    theirs, mine = neighbour.submit_book(), stage.submit_book()
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
    adopted = stage.adopt_book(stage.submit_book(), from_on=TODAY)
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


def test_i10_two_books_never_share_a_day(stage):
    book = stage.submit_book()
    _adoption(stage, book, proposal=_carried_out(stage, book)).save()
    book.state, book.effective = RuleBook.State.IN_FORCE, DateRange(TOMORROW, None)
    assert _constraint(book.save) == "scoring_rulebook_one_in_force_a_day"
