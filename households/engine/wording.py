"""Questions and answers as people read them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from households.engine.forms import Form, Kind, Question, Unsaid


def unsaid_words() -> dict[str, str]:
    """What is said when no value is."""
    return {Unsaid.UNCLEAR: _("不清楚"), Unsaid.DECLINED: _("不愿说")}


def kind_words() -> dict[Kind, str]:
    """What each kind of question is called."""
    return {
        Kind.TEXT: _("文字"),
        Kind.NUMBER: _("数字"),
        Kind.MONEY: _("金额"),
        Kind.CHOICE: _("选一个"),
        Kind.CHOICES: _("可以选几个"),
        Kind.DATE: _("日期"),
        Kind.PHOTO: _("照片"),
        Kind.LOCATION: _("位置"),
        Kind.PERSON: _("本户成员"),
    }


def condition_words(question: Question, form: Form) -> str:
    """When it is asked: 只在“现在种地或养殖吗”是“在种、在养”时填; '' for always."""
    if question.only_if is None:
        return ""
    asked = next(one for one in form.questions() if one.code == question.only_if.question)
    labels = [one.label for one in asked.options if one.code in question.only_if.values]
    return _("只在“%(question)s”是“%(answers)s”时填") % {
        "question": asked.label,
        "answers": "”“".join(labels),
    }


def answer_words(
    question: Question, answer: Mapping[str, Any] | None, *, people: Mapping[int, str] | None = None
) -> str:
    """An answer as one line; `people` are names of members by id."""
    if not answer:
        return _("没有填")
    unsaid = answer.get("unsaid")
    if unsaid:
        return unsaid_words().get(str(unsaid), str(unsaid))
    value = answer.get("value")
    if question.kind in (Kind.CHOICE, Kind.CHOICES):
        codes = value if isinstance(value, list) else [value]
        return "、".join(one.label for one in question.options if one.code in codes)
    if question.kind in (Kind.NUMBER, Kind.MONEY):
        return f"{value}{question.unit}"
    if question.kind is Kind.PHOTO:
        return _("%(count)s张照片") % {"count": len(value or [])}
    if question.kind is Kind.PERSON:
        return (people or {}).get(int(value or 0), _("不在本户了"))
    return _place(value) if question.kind is Kind.LOCATION else str(value)


def _place(value: Any) -> str:
    if "text" in value:
        return str(value["text"])
    return str(_("北纬%(lat)s，东经%(lon)s，误差%(accuracy)s米") % value)
