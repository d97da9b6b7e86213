"""What a collection form says: its content (JSON) read into sections and questions.

    {"sections": [{"code": "land", "title": "土地和经营", "questions": [
      {"code": "contracted", "kind": "number", "label": "承包地", "unit": "亩", "decimals": 1,
       "least": "0", "most": "1000", "required": true, "unsaid": ["unclear", "declined"],
       "hint": "", "options": [{"code": "own", "label": "自己种"}],
       "only_if": {"question": "farms", "is": ["yes"]}}]}]}

A question is optional, may not stay unsaid and has no bounds unless it says so.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from households.engine.denied import must_stay_optional, refused_word

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
LONGEST_LABEL, LONGEST_HINT, LONGEST_TEXT = 60, 120, 500
MOST_SECTIONS, MOST_QUESTIONS, MOST_OPTIONS = 20, 60, 60


class Kind(StrEnum):
    """What an answer is."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    PHOTO = "photo"
    LOCATION = "location"
    PERSON = "person"


class Unsaid(StrEnum):
    """An answer that gives no value and is valid all the same."""

    UNCLEAR = "unclear"
    DECLINED = "declined"


WITH_OPTIONS = frozenset({Kind.CHOICE, Kind.CHOICES})


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only when another question has one of these answers."""

    question: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `least` and `most` bound numbers in the unit asked."""

    code: str
    kind: Kind
    label: str
    unit: str = ""
    decimals: int = 0
    least: Decimal | None = None
    most: Decimal | None = None
    required: bool = False
    unsaid: frozenset[Unsaid] = frozenset()
    hint: str = ""
    options: tuple[Option, ...] = ()
    only_if: Condition | None = None

    @property
    def codes(self) -> frozenset[str]:
        """The codes of its options."""
        return frozenset(option.code for option in self.options)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that are answered on one page."""

    code: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was read and found whole."""

    sections: tuple[Section, ...]

    def questions(self) -> Iterator[Question]:
        """All of them, in their order."""
        for section in self.sections:
            yield from section.questions


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a form, where, in words for whoever builds it.

    `unfinished` is what a draft may still lack: nothing of it is wrong.
    """

    where: str
    words: str
    unfinished: bool = False


class FormIsFaulty(ValueError):
    """The content is no form; `faults` says everything that is wrong."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.where}: {fault.words}" for fault in faults))
        self.faults = tuple(faults)


def read(content: Mapping[str, Any]) -> Form:
    """The form that the content says. Raises FormIsFaulty with every fault at once."""
    reading = _Reading()
    form = reading.form(content)
    if reading.faults:
        raise FormIsFaulty(reading.faults)
    return form


@dataclass(slots=True)
class _Reading:
    faults: list[Fault] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    asked: dict[str, Question] = field(default_factory=dict)

    def form(self, content: Mapping[str, Any]) -> Form:
        sections = _rows(content, "sections")
        if not sections:
            self._fault("", _("表里还没有内容，请加一节"), unfinished=True)
        if len(sections) > MOST_SECTIONS:
            self._fault("", _("最多%(most)s节") % {"most": MOST_SECTIONS})
        return Form(tuple(self._section(section) for section in sections[:MOST_SECTIONS]))

    def _section(self, row: Mapping[str, Any]) -> Section:
        title = _text(row, "title")
        where = title or _text(row, "code")
        self._code(_text(row, "code"), where)
        if not 0 < len(title) <= LONGEST_LABEL:
            self._fault(where, _("请填这一节的名称，不超过60个字"))
        questions = _rows(row, "questions")
        if not questions:
            self._fault(where, _("这一节还没有问题"), unfinished=True)
        if len(questions) > MOST_QUESTIONS:
            self._fault(where, _("一节最多%(most)s个问题") % {"most": MOST_QUESTIONS})
        read_ = tuple(self._question(question) for question in questions[:MOST_QUESTIONS])
        return Section(_text(row, "code"), title, read_)

    def _question(self, row: Mapping[str, Any]) -> Question:
        label, code = _text(row, "label"), _text(row, "code")
        where = label or code
        self._code(code, where)
        self._label(label, where)
        kind = self._kind(row, where)
        question = Question(
            code=code,
            kind=kind,
            label=label,
            unit=_text(row, "unit")[:10],
            decimals=self._decimals(row, where),
            least=self._bound(row, "least", where),
            most=self._bound(row, "most", where),
            required=row.get("required") is True,
            unsaid=self._unsaid(row, where),
            hint=_text(row, "hint")[:LONGEST_HINT],
            options=self._options(row, kind, where),
            only_if=self._condition(row, where),
        )
        self._lawful(question, where)
        self.asked[code] = question
        return question

    def _code(self, code: str, where: str) -> None:
        if not CODE.fullmatch(code):
            self._fault(where, _("代码要用小写英文字母开头，只用字母、数字和下划线"))
        elif code in self.codes:
            self._fault(where, _("代码 %(code)s 用了两次") % {"code": code})
        self.codes.add(code)

    def _label(self, label: str, where: str) -> None:
        if not 0 < len(label) <= LONGEST_LABEL:
            self._fault(where, _("请填问题，不超过60个字"))

    def _kind(self, row: Mapping[str, Any], where: str) -> Kind:
        try:
            return Kind(_text(row, "kind"))
        except ValueError:
            self._fault(where, _("没有这种题型"))
            return Kind.TEXT

    def _decimals(self, row: Mapping[str, Any], where: str) -> int:
        decimals = row.get("decimals", 0)
        if type(decimals) is not int or not 0 <= decimals <= 4:
            self._fault(where, _("小数位数是0到4"))
            return 0
        return decimals

    def _bound(self, row: Mapping[str, Any], name: str, where: str) -> Decimal | None:
        written = row.get(name)
        if written in (None, ""):
            return None
        try:
            bound = Decimal(str(written))
        except InvalidOperation:
            bound = Decimal("NaN")
        if not bound.is_finite():
            self._fault(where, _("最小和最大要填数字"))
            return None
        return bound

    def _unsaid(self, row: Mapping[str, Any], where: str) -> frozenset[Unsaid]:
        written = row.get("unsaid", [])
        known = {str(one) for one in Unsaid}
        if not isinstance(written, list) or not {str(one) for one in written} <= known:
            self._fault(where, _("只能选“不清楚”和“不愿说”"))
            return frozenset()
        return frozenset(Unsaid(str(one)) for one in written)

    def _options(self, row: Mapping[str, Any], kind: Kind, where: str) -> tuple[Option, ...]:
        options = tuple(
            Option(_text(one, "code"), _text(one, "label")) for one in _rows(row, "options")
        )
        if kind not in WITH_OPTIONS:
            return ()
        if not 1 < len(options) <= MOST_OPTIONS:
            self._fault(where, _("选择题要有2到%(most)s个选项") % {"most": MOST_OPTIONS})
        codes = [option.code for option in options]
        if len(set(codes)) < len(codes) or not all(map(CODE.fullmatch, codes)):
            self._fault(where, _("每个选项要有自己的代码，用小写英文字母开头"))
        for option in options:
            self._label(option.label, where)
            self._deny(option.label, where)
        return options

    def _condition(self, row: Mapping[str, Any], where: str) -> Condition | None:
        written = row.get("only_if")
        if written is None:
            return None
        code = _text(written, "question") if isinstance(written, Mapping) else ""
        values = written.get("is", []) if isinstance(written, Mapping) else []
        earlier = self.asked.get(code)
        if earlier is None or not isinstance(values, list) or not set(values) <= earlier.codes:
            self._fault(where, _("“只在……时问”要指前面的一道选择题和它的选项"))
            return None
        return Condition(code, frozenset(values))

    def _lawful(self, question: Question, where: str) -> None:
        self._deny(f"{question.label} {question.hint}", where)
        if question.required and must_stay_optional(question.label, is_money=_is_money(question)):
            self._fault(where, _("收入和财产只能选填，请把“一定要填”去掉"))
        if question.required and question.kind in (Kind.PHOTO, Kind.LOCATION):
            self._fault(where, _("照片和位置只能选填，请把“一定要填”去掉"))
        least, most = question.least, question.most
        if least is not None and most is not None and least > most:
            self._fault(where, _("最小不能大于最大"))

    def _deny(self, text: str, where: str) -> None:
        word = refused_word(text)
        if word:
            self._fault(where, _("不能问“%(word)s”：依法不得采集") % {"word": word})

    def _fault(self, where: str, words: str, *, unfinished: bool = False) -> None:
        self.faults.append(Fault(where, words, unfinished))


def _is_money(question: Question) -> bool:
    return question.kind is Kind.MONEY


def _rows(row: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = row.get(name, []) if isinstance(row, Mapping) else []
    if not isinstance(found, list):
        return []
    return [one for one in found if isinstance(one, Mapping)]


def _text(row: Mapping[str, Any], name: str) -> str:
    found = row.get(name, "")
    return found.replace("\x00", "").strip() if isinstance(found, str) else ""
