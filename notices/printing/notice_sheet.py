"""What the sheet of a notice says, for the press and for the browser alike.

Only sealed figures and labels: a sheet never sees a member, and after the period no row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notices import proof
from notices.models import Notice
from notices.periods import Period
from notices.printing.codes import check_address, qr_svg
from notices.printing.options import Options
from notices.rows import Row

TEMPLATE = "notice"
Sheet = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Printing:
    """When a sheet is printed, how, and what the township promises."""

    options: Options
    at: datetime
    answer_days: int


def notice_sheet(
    notice: Notice, *, period: Period, rows: Sequence[Row], printing: Printing
) -> Sheet:
    """The sheet of a published notice; `rows` is empty when they are no longer public."""
    content = notice.body.content
    return {
        "paper": printing.options.paper,
        "density": printing.options.density,
        "demo": demo_mark(),
        "banner": _banner(notice),
        "title": notice.title,
        "number": notice.number,
        "lead": _lead(notice, content),
        "period": _period(period),
        "table": _table(content, rows, printing.options, running=period.running),
        "sums": _sums(content),
        "objection": _objection(notice, period, printing.answer_days),
        "closing": closing(notice.village.official_name, period.first),
        "proof": _proof(notice, content),
        "printed": printed_line(printing.at),
    }


def demo_mark() -> str:
    """What stands on each page of a demo; '' elsewhere."""
    return _("演示数据，非真实公示") if settings.DEMO else ""


def day_in_words(day: date) -> str:
    """2026年11月1日: without leading zeros, as on official papers."""
    return date_format(day, _("Y年n月j日"))


def closing(issuer: str, day: date) -> Sheet:
    """Issuer, date without leading zeros, and where the seal goes."""
    return {"issuer": issuer, "date": day_in_words(day), "seal": _("盖章处")}


def printed_line(at: datetime) -> str:
    """When this copy was printed, to the minute; the same length at any time."""
    return _("打印时间 %s") % timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _banner(notice: Notice) -> str:
    # Annotated by the query that reads a notice for the public.
    corrected_by: str | None = getattr(notice, "corrected_by", None)
    if corrected_by:
        return _("这份公示已更正，请看新版 %s。") % corrected_by
    if notice.corrects:
        return _("这是更正公示，更正的是 %s。") % notice.corrects.number
    return ""


def _rules(content: Mapping[str, Any]) -> str:
    rules: Mapping[str, Any] = content["rules"]
    return _("《%(title)s》第%(version)s版") % rules if rules["title"] else ""


def _lead(notice: Notice, content: Mapping[str, Any]) -> str:
    rules, adopted_on = _rules(content), content["rules"]["adopted_on"]
    if not rules:
        return _("现将“%s”的内容公布如下。") % notice.title
    if adopted_on:
        day = day_in_words(date.fromisoformat(adopted_on))
        rules = _("%(rules)s（%(day)s表决通过）") % {"rules": rules, "day": day}
    return _("根据%(rules)s，现将“%(title)s”的内容公布如下。") % {
        "rules": rules,
        "title": notice.title,
    }


def _period(period: Period) -> Sheet:
    days = {
        "first": day_in_words(period.first),
        "last": day_in_words(period.last),
        "days": period.days,
    }
    return {
        "head": _("一、公示时间"),
        "text": _("%(first)s至%(last)s，共%(days)s天。") % days,
    }


def _table(
    content: Mapping[str, Any], rows: Sequence[Row], options: Options, *, running: bool
) -> Sheet:
    totals = content["totals"]
    named = any(row.label for row in rows)
    return {
        "head": _table_head(content),
        "text": _table_text(totals, named=named, running=running),
        "columns": _columns(options, named=named),
        "rows": [_cells(row, named=named) for row in rows],
        "total": _total(totals, named=named),
    }


def _table_head(content: Mapping[str, Any]) -> str:
    if content.get("correction"):
        return _("二、更正了%s户（箭头前是原来的，合计是更正后全村的）") % len(content["rows"])
    households: int = content["totals"]["households"]
    return _("二、积分表（共%s户）") % households


def _table_text(totals: Mapping[str, int], *, named: bool, running: bool) -> str:
    sums = _("本月共加%(plus)s分，累计%(gross)s分。") % totals
    if not running:
        return sums + _("公示期已过，各户的行不再公开。要看自己家的，请到村里问。")
    by_category = _("减分合计只按类别列，不列到户。")
    hidden = (
        _("姓名中间字已隐去；写“只公开户号”的户，不公开姓名。") if named else _("各户只公开户号。")
    )
    return sums + by_category + hidden


def _columns(options: Options, *, named: bool) -> list[str]:
    narrow = options.density == "compact"
    figures = [_("本月"), _("累计")] if narrow else [_("本月加分"), _("累计加分")]
    return [_("户号"), *([_("户主")] if named else []), *figures]


def _cells(row: Row, *, named: bool) -> list[str]:
    who = [row.label or _("只公开户号")] if named else []
    plus, gross = str(row.plus), str(row.gross)
    if row.before:
        plus, gross = f"{row.before.plus}→{plus}", f"{row.before.gross}→{gross}"
    return [f"{row.group}·{row.number}{_('户')}", *who, plus, gross]


def _total(totals: Mapping[str, int], *, named: bool) -> list[str]:
    count = _("共%s户") % totals["households"]
    first = [_("合计"), count] if named else [f"{_('合计')} {count}"]
    return [*first, str(totals["plus"]), str(totals["gross"])]


def _sums(content: Mapping[str, Any]) -> Sheet:
    totals = content["totals"]
    return {
        "head": _("三、各类合计"),
        "columns": [_("类别"), _("加分"), _("减分")],
        "rows": [
            [line["name"], str(line["plus"]), str(line["minus"])] for line in content["categories"]
        ],
        "total": [_("合计"), str(totals["plus"]), str(totals["minus"])],
    }


def _objection(notice: Notice, period: Period, answer_days: int) -> Sheet:
    village = notice.village
    facts = {
        "day": date_format(period.last, _("n月j日")),
        "place": village.official_name,
        "phone": _("，或者打电话%s") % village.phone if village.phone else "",
        "days": answer_days,
    }
    when = (
        _("觉得不对的，请在%(day)s24时前到%(place)s说%(phone)s。")
        if period.running
        else _("觉得不对的，仍可以到%(place)s说%(phone)s。")
    )
    answer = _("村里记下来，%(days)s天内答复。真的错了，会发更正公示。")
    return {"head": _("四、有不同意见怎么办"), "text": [(when + answer) % facts]}


def _proof(notice: Notice, content: Mapping[str, Any]) -> Sheet:
    code = notice.body.short_code
    rules = _rules(content)
    lines = [
        _("公示编号 %s") % notice.number,
        *([_("规则版本 %s") % rules] if rules else []),
        _("手机扫码可核对本公示是否为原件。不能扫码的，打开下面的网址："),
        check_address(code),
    ]
    return {
        "qr": qr_svg(check_address(code)),
        "alt": _("扫码核对这份公示"),
        "code": proof.grouped(code),
        "lines": lines,
    }
