"""A collection form as a page's form: questions become fields, the engine checks the answers.

Works without scripts. A question whose condition is not met is left out of the answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from households.engine import answers as engine
from households.engine.forms import LONGEST_TEXT, Form, Kind, Question, Section
from households.engine.wording import condition_words, unsaid_words

UNSAID = "-unsaid"
LONG = 20
DIGITS_MOST = 18


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its fields, as a template shows it."""

    question: Question
    field: forms.BoundField
    unsaid: forms.BoundField | None
    condition: str
    photos: int

    @property
    def label(self) -> str:
        """The question with its unit; optional ones say so."""
        notes = [self.question.unit, "" if self.question.required else _("选填")]
        told = "，".join(note for note in notes if note)
        return f"{self.question.label}（{told}）" if told else self.question.label

    @property
    def is_group(self) -> bool:
        """Whether it is answered by ticking, so that its label is a legend."""
        return self.question.kind in (Kind.CHOICE, Kind.CHOICES)

    @property
    def is_photo(self) -> bool:
        """Whether it is answered with a phone; the page keeps what is there."""
        return self.question.kind is Kind.PHOTO


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"


class AnswersForm(forms.Form):
    """Answers to one form, typed on a page; `answers` holds them once it is valid."""

    answers: engine.Answers

    def __init__(
        self,
        data: Any = None,
        *,
        asks: Form,
        answers: Mapping[str, Any] | None = None,
        people: Sequence[tuple[int, str]] = (),
    ) -> None:
        self.asks, self.given, self._people = asks, answers or {}, people
        super().__init__(data, initial=self._initial())
        for question in asks.questions():
            self.fields[question.code] = self._field(question)
            if question.unsaid and question.kind is not Kind.CHOICE:
                self.fields[question.code + UNSAID] = forms.ChoiceField(
                    required=False,
                    label=question.label,
                    widget=forms.RadioSelect,
                    choices=_unsaid(question),
                )

    def clean(self) -> dict[str, Any]:
        """The engine's word on every answer, beside its question."""
        typed = self.cleaned_data
        given = {}
        for question in self.asks.questions():
            if question.code in self.errors:
                continue
            row = self._row(question, typed)
            if row is not None:
                given[question.code] = row
        ids = [person_id for person_id, _name in self._people]
        self.answers, problems = engine.check(self.asks, given, member_ids=ids)
        for problem in problems:
            if problem.question in self.fields and problem.question not in self.errors:
                self.add_error(problem.question, problem.words)
        return typed

    def sections(self) -> Iterator[tuple[Section, list[Asked]]]:
        """What a template goes through."""
        for section in self.asks.sections:
            yield section, [self._asked(question) for question in section.questions]

    def of(self, code: str) -> tuple[Section, list[Asked]]:
        """One section; raises StopIteration for a code that none has."""
        return next(pair for pair in self.sections() if pair[0].code == code)

    def _asked(self, question: Question) -> Asked:
        unsaid = question.code + UNSAID
        kept = self.given.get(question.code, {}).get("value")
        return Asked(
            question,
            self[question.code],
            self[unsaid] if unsaid in self.fields else None,
            condition_words(question, self.asks),
            len(kept) if question.kind is Kind.PHOTO and kept else 0,
        )

    def _initial(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for question in self.asks.questions():
            answer = self.given.get(question.code, {})
            value, unsaid = answer.get("value"), answer.get("unsaid", "")
            by_itself = question.kind is Kind.CHOICE
            found[question.code] = value.get("text", "") if isinstance(value, dict) else value
            if unsaid:
                found[question.code if by_itself else question.code + UNSAID] = unsaid
        return found

    def _row(self, question: Question, typed: Mapping[str, Any]) -> dict[str, Any] | None:
        """The answer to one question as the engine takes it."""
        kept = self.given.get(question.code)
        value = typed.get(question.code)
        if question.kind is Kind.PHOTO:
            return kept
        if question.kind is Kind.CHOICE and value in question.unsaid:
            return {"unsaid": value}
        unsaid = typed.get(question.code + UNSAID)
        if unsaid and value:
            self.add_error(question.code, _("填了答案，又选了“不清楚”或“不愿说”，请只留一样"))
            return None
        if unsaid:
            return {"unsaid": unsaid}
        if question.kind is Kind.PERSON:
            value = int(value) if value else None
        if question.kind is Kind.LOCATION:
            return self._place(kept, str(value or ""))
        return {"value": value} if value else None

    @staticmethod
    def _place(kept: dict[str, Any] | None, text: str) -> dict[str, Any] | None:
        """What is typed; nothing typed leaves a place that a phone has measured."""
        if text:
            return {"value": {"text": text}}
        measured = kept is not None and "lat" in (kept.get("value") or {})
        return kept if measured else None

    def _field(self, question: Question) -> forms.Field:
        """The field of one question; what is compulsory is the engine's to say."""
        more: dict[str, Any] = {"required": False, "label": question.label}
        match question.kind:
            case Kind.CHOICE:
                choices = [(one.code, one.label) for one in question.options]
                choices += _unsaid(question, none=False)
                return forms.ChoiceField(widget=forms.RadioSelect, choices=choices, **more)
            case Kind.CHOICES:
                choices = [(one.code, one.label) for one in question.options]
                widget = forms.CheckboxSelectMultiple
                return forms.MultipleChoiceField(widget=widget, choices=choices, **more)
            case Kind.PERSON:
                people = [("", _("请选一位")), *self._people]
                return forms.ChoiceField(choices=people, **more)
            case Kind.DATE:
                return forms.CharField(widget=DayInput, max_length=10, **more)
            case Kind.NUMBER | Kind.MONEY:
                mode = "decimal" if question.decimals or question.kind is Kind.MONEY else "numeric"
                box = forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off"})
                return forms.CharField(widget=box, max_length=DIGITS_MOST, **more)
            case _:
                box = forms.TextInput(attrs={"autocomplete": "off"})
                return forms.CharField(widget=box, max_length=LONGEST_TEXT, **more)


def _unsaid(question: Question, *, none: bool = True) -> list[tuple[str, str]]:
    words = [(code, said) for code, said in unsaid_words().items() if code in question.unsaid]
    return [("", _("有答案")), *words] if none else words
