"""Answers of a record as a page shows them: in words, with photos and what stood there before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from files.models import Attachment
from files.queries import attachments_in
from households.engine.forms import Form, Kind, Question, read
from households.engine.merging import both
from households.engine.wording import answer_words
from households.models import CollectionRecord
from households.queries.collecting import current_of, merging_of
from households.queries.files import members_of


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question with its answer; `before` is empty where nothing changed."""

    label: str
    words: str
    before: str
    photos: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ClashRow:
    """One question with two answers to choose from."""

    code: str
    label: str
    base: str
    theirs: str
    mine: str
    # Empty where only one of the two can be right.
    both: str


def sections_of(record: CollectionRecord) -> list[tuple[str, list[AnswerRow]]]:
    """Section by section what was answered; questions nobody answered are left out."""
    form, people = read(record.form.content), _people(record)
    photos = attachments_in(village_id=record.village_id, shas=record.attachments)
    before = record.base.answers if record.base is not None else None
    found = []
    for section in form.sections:
        rows = list(_rows(section.questions, record, before, people, photos))
        if rows:
            found.append((section.title, rows))
    return found


def _rows(
    questions: tuple[Question, ...],
    record: CollectionRecord,
    before: Mapping[str, Any] | None,
    people: Mapping[int, str],
    photos: Mapping[str, Attachment],
) -> Iterator[AnswerRow]:
    for question in questions:
        answer = record.answers.get(question.code)
        was = (before or {}).get(question.code)
        changed = before is not None and was != answer
        if answer is None and not changed:
            continue
        shown = answer.get("value", []) if answer and question.kind is Kind.PHOTO else []
        yield AnswerRow(
            question.label,
            answer_words(question, answer, people=people),
            answer_words(question, was, people=people) if changed else "",
            [photos[sha] for sha in shown or [] if sha in photos],
        )


def clashes_of(record: CollectionRecord) -> tuple[CollectionRecord | None, list[ClashRow]]:
    """The file's current record, and each question on which the two differ."""
    theirs = current_of(subject=record.subject, form_code=record.form_code)
    if theirs is None:
        return None, []
    people = _people(record)
    questions = {**_questions(theirs.form.content), **_questions(record.form.content)}

    def words(code: str, answer: Any) -> str:
        question = questions.get(code)
        return answer_words(question, answer, people=people) if question else _("没有填")

    return theirs, [
        ClashRow(
            one.question,
            questions[one.question].label if one.question in questions else one.question,
            words(one.question, one.base),
            words(one.question, one.theirs),
            words(one.question, one.mine),
            words(one.question, joined) if (joined := both(one)) is not None else "",
        )
        for one in merging_of(record, theirs).hard
    ]


def _questions(content: dict[str, Any]) -> dict[str, Question]:
    form: Form = read(content)
    return {question.code: question for question in form.questions()}


def _people(record: CollectionRecord) -> dict[int, str]:
    return {member.pk: member.name for member in members_of(record.subject)}
