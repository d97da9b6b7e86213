"""One function per column: the value a cell means, or the problem that forbids to guess."""

import re
from datetime import date

from django.utils.translation import gettext as _

from households.identity import IdFault, citizen_id_fault, is_mobile_number
from households.importing.problems import Problem
from households.importing.sheets import Cell
from households.importing.texts import (
    as_text,
    half_width,
    has_letter,
    person_name,
    squeezed,
    visible,
)

NAME_AT_MOST = 50
TEXT_AT_MOST = 30
RELATION_AT_MOST = 20
NOTE_AT_MOST = 200

_PLAIN_ID = re.compile(r"[0-9]{17}[0-9X]")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}")
_PHONE_FILLING = re.compile(r"[\s\-‐‑‒–—―－()（）.·'‘’`]+")
_COUNTRY_CODE = re.compile(r"(?:\+|00)?86(?=1[0-9]{10}$)")
_NUMBER = re.compile(r"[0-9A-Za-z\u3400-\u9fff][0-9A-Za-z\u3400-\u9fff\-/#()]{0,19}")
_YES = {"是", "外出", "有", "1", "y", "yes", "true", "√", "✓", "✔", "外出务工"}
_NO = {"否", "在家", "无", "没有", "0", "n", "no", "false", "×", "x", "未外出", "不外出"}
_SEXES = {"男": "男", "女": "女", "男性": "男", "女性": "女"}


def clean_name(cell: Cell) -> str | Problem:
    """Return the name as its owner writes it, or why it is none."""
    if not isinstance(cell, str):
        return _no_name(_("这一格是数字或日期，不是姓名"))
    name = person_name(cell)
    if not name:
        return Problem("name_missing", _("没有填姓名"), _("请补上姓名。"))
    if len(name) > NAME_AT_MOST:
        return _no_name(_("姓名太长"))
    if not has_letter(name):
        return _no_name(_("里面没有文字"))
    return name


def clean_id(cell: Cell, *, on: date) -> str | Problem:
    """Return the ID with a capital X, or why it is wrong; a number is never taken for an ID."""
    if not isinstance(cell, str):
        return _id_kept_as_number()
    number = cell if _PLAIN_ID.fullmatch(cell) else squeezed(cell).lstrip("'‘’`").upper()
    fault = citizen_id_fault(number, on=on)
    if fault is None:
        return number
    # A spreadsheet keeps fifteen digits of a number; what is left of an ID ends in 000.
    lost = fault is IdFault.CHECK_DIGIT and number.endswith("000")
    if lost or _SCIENTIFIC.fullmatch(number):
        return _id_kept_as_number()
    return _id_problem(fault, number)


def clean_phone(cell: Cell) -> str | Problem:
    """Return the mobile number in eleven digits, empty when none is given, or the problem."""
    if isinstance(cell, str) and (not cell or is_mobile_number(cell)):
        return cell
    if isinstance(cell, float | str):
        text = half_width(as_text(cell))
        number = _COUNTRY_CODE.sub("", _PHONE_FILLING.sub("", text), count=1)
        if not number or is_mobile_number(number):
            return number
        if number.isascii() and number.isdigit():
            reason = _("手机号应是 11 位，这里是 %(count)s 位") % {"count": len(number)}
            if len(number) == 11:
                reason = _("不是手机号的号段")
            return Problem("phone_length", reason, _phone_fix())
    return Problem("phone_characters", _("不是一个手机号"), _phone_fix())


def clean_number(cell: Cell) -> str | Problem:
    """Return the household number as written (001 stays 001), or why it cannot be one."""
    if isinstance(cell, float) and not cell.is_integer():
        return _no_number(_("户号不是整数"))
    if not isinstance(cell, float | str):
        return _no_number(_("户号被表格软件变成了日期"))
    number = squeezed(as_text(cell)).lstrip("'‘’`")
    if not number:
        return missing_number()
    if not _NUMBER.fullmatch(number):
        return _no_number(_("户号里有不该有的字符"))
    return number


def missing_number() -> Problem:
    """Return the problem of a row that cannot be put into a household."""
    return Problem("number_missing", _("没有填户号"), _("请补上户号。"))


def clean_place(cell: Cell) -> str | Problem:
    """Return the name of a village or group, empty when none is given, or the problem."""
    if not isinstance(cell, float | str):
        return Problem("place_date", _("这一格被表格软件变成了日期"), _("请把这一列设成文本再填。"))
    text = squeezed(as_text(cell))
    if isinstance(cell, float) and not cell.is_integer():
        return Problem("place_fraction", _("这一格是小数"), _("请填名称，如“3组”。"))
    if len(text) > TEXT_AT_MOST:
        return Problem("place_long", _("文字太长"), _("请只填名称。"))
    return text


def clean_relation(cell: Cell) -> str | Problem:
    """Return the relation to the head as written, without white space."""
    text = "".join(visible(as_text(cell)).split())
    if len(text) > RELATION_AT_MOST:
        return Problem("relation_long", _("文字太长"), _("请只填与户主的关系，如“妻”“长子”。"))
    return text


def clean_sex(cell: Cell) -> str | Problem:
    """Return 男 or 女, empty when not given."""
    text = squeezed(as_text(cell))
    if not text or text in _SEXES:
        return _SEXES.get(text, "")
    return Problem("sex_unknown", _("看不懂这个性别"), _("请填“男”或“女”。"))


def clean_away(cell: Cell) -> bool | Problem | None:
    """Return whether the person is away, None when not given."""
    text = squeezed(as_text(cell)).lower()
    if not text:
        return None
    if text in _YES:
        return True
    if text in _NO:
        return False
    return Problem("away_unknown", _("看不懂是否外出"), _("请填“是”或“否”。"))


def clean_note(cell: Cell) -> str | Problem:
    """Return the remark without invisible characters."""
    text = visible(as_text(cell))
    if len(text) > NOTE_AT_MOST:
        return Problem(
            "note_long",
            _("备注超过 %(count)s 字") % {"count": NOTE_AT_MOST},
            _("请写短一些。"),
        )
    return text


def _id_problem(fault: IdFault, number: str) -> Problem:
    reasons = {
        IdFault.MISSING: _("没有填身份证号"),
        IdFault.OLD_FIFTEEN: _("这是 15 位的旧号码"),
        IdFault.LENGTH: _("身份证号应是 18 位，这里是 %(count)s 位") % {"count": len(number)},
        IdFault.CHARACTERS: _("身份证号里有不该有的字符"),
        IdFault.BIRTH_DATE: _("身份证号里的出生日期不对"),
        IdFault.CHECK_DIGIT: _("身份证号的最后一位（校验码）对不上，可能抄错了一位"),
    }
    return Problem(fault.value, reasons[fault], _("请照身份证改成正确的 18 位号码。"))


def _id_kept_as_number() -> Problem:
    return Problem(
        "id_number_cell",
        _("身份证号存成了数字，末几位已经丢失"),
        _("请把这一列设成文本，再照身份证重新输入。"),
    )


def _no_name(reason: str) -> Problem:
    return Problem("name_unreadable", reason, _("请照身份证填写姓名。"))


def _no_number(reason: str) -> Problem:
    return Problem("number_unreadable", reason, _("请把这一列设成文本，填写户号，如 001。"))


def _phone_fix() -> str:
    return _("请核对后填 11 位手机号；这一项已略去，其余照常。")
