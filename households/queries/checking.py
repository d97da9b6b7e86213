"""Reading second visits: what was drawn, and where the two records of a file differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from households.engine.forms import read
from households.engine.wording import answer_words
from households.models import Assignment, CollectionRecord, CollectionRound, Member
from trail.scope import Scope

DONE, CHECK, COLLECT = (
    Assignment.State.DONE,
    Assignment.Purpose.CHECK,
    Assignment.Purpose.COLLECT,
)


@dataclass(frozen=True, slots=True)
class Compared:
    """One question with both answers in words."""

    label: str
    first: str
    second: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """The record of one form and the one of the second visit; either may not be there yet."""

    title: str
    first: CollectionRecord | None
    second: CollectionRecord | None
    lines: Sequence[Compared]

    @property
    def differing(self) -> int:
        """How many answers are not the same."""
        return sum(line.differs for line in self.lines)


def to_check(*, round_: CollectionRound, village_ids: Sequence[int]) -> QuerySet[Assignment]:
    """First visits that are done and were not drawn yet."""
    checked = Assignment.objects.filter(
        village_id__in=village_ids, round=round_, purpose=CHECK
    ).values("subject_id")
    return Assignment.objects.filter(
        village_id__in=village_ids, round=round_, purpose=COLLECT, state=DONE
    ).exclude(subject_id__in=checked)


def checks_within(scope: Scope, action: str, *, round_: CollectionRound) -> QuerySet[Assignment]:
    """The second visits of a round with their files and who makes them, by village."""
    found = Assignment.objects.within(scope, action).filter(round=round_, purpose=CHECK)
    return found.select_related("subject__unit", "collector", "village").order_by(
        "village__code", "subject__unit_id", "subject__number", "pk"
    )


def first_visits(checks: Sequence[Assignment]) -> dict[int, Assignment]:
    """By file the first visit of each of these checks, with who made it."""
    ids = [check.subject_id for check in checks]
    rounds = {check.round_id for check in checks}
    rows = Assignment.objects.filter(subject_id__in=ids, round_id__in=rounds, purpose=COLLECT)
    return {row.subject_id: row for row in rows.select_related("collector")}


def pairs_of(check: Assignment) -> list[Pair]:
    """Field by field what the first visit was told and what the second one was."""
    records = CollectionRecord.objects.filter(
        village_id=check.village_id,
        subject_id=check.subject_id,
        round_id=check.round_id,
        state=CollectionRecord.State.RECEIVED,
        outcome=CollectionRecord.Outcome.FILLED,
    ).select_related("form", "collector")
    newest: dict[tuple[str, bool], CollectionRecord] = {}
    for record in records.order_by("pk"):
        newest[record.form_code, record.is_check] = record
    people = dict(
        Member.objects.filter(village_id=check.village_id, subject_id=check.subject_id).values_list(
            "pk", "name"
        )
    )
    codes = dict.fromkeys(code for code, _is_check in newest)
    return [_pair(newest.get((code, False)), newest.get((code, True)), people) for code in codes]


def _pair(
    first: CollectionRecord | None, second: CollectionRecord | None, people: Mapping[int, str]
) -> Pair:
    asked = second or first
    assert asked is not None  # noqa: S101
    lines = _lines(asked, first, second, people) if first and second else []
    return Pair(asked.form.title, first, second, lines)


def _lines(
    asked: CollectionRecord,
    first: CollectionRecord,
    second: CollectionRecord,
    people: Mapping[int, str],
) -> list[Compared]:
    lines = []
    for question in read(asked.form.content).questions():
        one, other = _answer(first, question.code), _answer(second, question.code)
        words = [answer_words(question, answer, people=people) for answer in (one, other)]
        lines.append(Compared(question.label, words[0], words[1], one != other))
    return lines


def _answer(record: CollectionRecord, code: str) -> Any:
    return record.answers.get(code)
