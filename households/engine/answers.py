"""Answers to a form: cleaned, with everything that is wrong said at once.

    {"contracted": {"value": "3.2"}, "income": {"unsaid": "declined"}, "roof": {"value": ["<sha>"]}}

Numbers and money are text in the unit asked, a choice is its option's code, a person is a member's
id, a photo is the list of its SHA-256, a location `{"lat", "lon", "accuracy"}` or `{"text"}`.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from households.engine.forms import LONGEST_TEXT, Form, Kind, Question, Unsaid

SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?", re.ASCII)
MOST_PHOTOS = 6
WIDE = str.maketrans("０１２３４５６７８９．－", "0123456789.-")
CENTS = 2

Answers = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """What is wrong with one answer and how to put it right."""

    question: str
    label: str
    words: str


class _Wrong(Exception):
    pass


def check(
    form: Form, given: Mapping[str, Any], *, member_ids: Collection[int] = ()
) -> tuple[Answers, list[AnswerProblem]]:
    """The answers as they are kept, and what is wrong; nothing is kept of a wrong one.

    Answers to questions the form does not have are wrong, too: nothing is dropped unsaid.
    """
    kept: Answers = {}
    known = {question.code for question in form.questions()}
    problems = [
        AnswerProblem(str(code)[:40], "", _("这版表里没有这个问题"))
        for code in given
        if code not in known
    ]
    for question in form.questions():
        try:
            answer = _answer(question, given, kept, member_ids)
        except _Wrong as wrong:
            problems.append(AnswerProblem(question.code, question.label, str(wrong)))
            continue
        if answer is not None:
            kept[question.code] = answer
    return kept, problems


def is_asked(question: Question, answers: Mapping[str, Any]) -> bool:
    """Whether its condition, if it has one, is met by the answers before it."""
    if question.only_if is None:
        return True
    value = answers.get(question.only_if.question, {}).get("value")
    chosen = set(value) if isinstance(value, list) else {value}
    return bool(chosen & question.only_if.values)


def photos_of(answers: Mapping[str, Any], form: Form) -> list[str]:
    """The SHA-256 of every photo among the answers, in the form's order, each once."""
    found: dict[str, None] = {}
    for question in form.questions():
        if question.kind is Kind.PHOTO:
            for sha in answers.get(question.code, {}).get("value", []):
                found[sha] = None
    return list(found)


def _answer(
    question: Question, given: Mapping[str, Any], kept: Answers, member_ids: Collection[int]
) -> dict[str, Any] | None:
    row = given.get(question.code)
    if not is_asked(question, kept):
        return None
    if row is not None and not isinstance(row, Mapping):
        raise _Wrong(_("答案写法不对，请重填"))
    unsaid = (row or {}).get("unsaid")
    if unsaid:
        if unsaid not in {str(one) for one in question.unsaid}:
            raise _Wrong(_("这道题不能选这个，请填"))
        return {"unsaid": str(Unsaid(unsaid))}
    value = (row or {}).get("value")
    if value in (None, "", []):
        if question.required:
            raise _Wrong(_("请填%(label)s") % {"label": question.label})
        return None
    if question.kind is Kind.PERSON:
        return {"value": _person(value, member_ids)}
    return {"value": _READERS[question.kind](question, value)}


def _text(question: Question, value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong(_("请填文字"))
    text = value.replace("\x00", "").strip()
    if len(text) > LONGEST_TEXT:
        raise _Wrong(_("最多%(most)s个字") % {"most": LONGEST_TEXT})
    return text


def _number(question: Question, value: Any) -> str:
    text = str(value).translate(WIDE).strip() if isinstance(value, str | int | float) else ""
    if isinstance(value, bool) or not NUMBER.fullmatch(text):
        raise _Wrong(_("请填数字，例如3或3.2"))
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise _Wrong(_("请填数字，例如3或3.2")) from error
    decimals = CENTS if question.kind is Kind.MONEY else question.decimals
    if -int(number.as_tuple().exponent) > decimals:
        raise _Wrong(_("最多%(decimals)s位小数") % {"decimals": decimals})
    if question.least is not None and number < question.least:
        raise _Wrong(_("不能小于%(least)s") % {"least": f"{question.least}{question.unit}"})
    if question.most is not None and number > question.most:
        raise _Wrong(_("不能大于%(most)s") % {"most": f"{question.most}{question.unit}"})
    return text


def _choice(question: Question, value: Any) -> str:
    if not isinstance(value, str) or value not in question.codes:
        raise _Wrong(_("请从选项里选"))
    return value


def _choices(question: Question, value: Any) -> list[str]:
    if not isinstance(value, list) or not {str(one) for one in value} <= question.codes:
        raise _Wrong(_("请从选项里选"))
    chosen = {str(one) for one in value}
    return [option.code for option in question.options if option.code in chosen]


def _date(question: Question, value: Any) -> str:
    try:
        return date.fromisoformat(str(value).translate(WIDE)).isoformat()
    except ValueError as error:
        raise _Wrong(_("没有这一天，请按2026-11-21的样子填")) from error


def _photos(question: Question, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_PHOTOS:
        raise _Wrong(_("最多%(most)s张照片") % {"most": MOST_PHOTOS})
    if not all(isinstance(one, str) and SHA256.fullmatch(one) for one in value):
        raise _Wrong(_("照片没有存好，请重拍"))
    return list(dict.fromkeys(value))


def _location(question: Question, value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping) and isinstance(value.get("text"), str):
        return {"text": _text(question, value["text"])[:60]}
    try:
        lat, lon, accuracy = (float(value[name]) for name in ("lat", "lon", "accuracy"))
    except (KeyError, TypeError, ValueError) as error:
        raise _Wrong(_("位置没有取到，可以写个位置")) from error
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and 0 <= accuracy < 100_000):
        raise _Wrong(_("位置没有取到，可以写个位置"))
    return {"lat": round(lat, 6), "lon": round(lon, 6), "accuracy": round(accuracy)}


def _person(value: Any, member_ids: Collection[int]) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in member_ids:
        raise _Wrong(_("请从本户的成员里选"))
    return value


_READERS: Mapping[Kind, Callable[[Question, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.MONEY: _number,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.DATE: _date,
    Kind.PHOTO: _photos,
    Kind.LOCATION: _location,
}
