"""What the red list says on paper: masked labels and points, nothing else."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from notices.honour import Honoured
from notices.printing.notice_sheet import closing, demo_mark
from notices.printing.options import Options
from villages.models import Village

TEMPLATE = "honour"


def until_words(month: str) -> str:
    """截至2026年10月"""
    year, number = month.split("-")
    return _("截至%(year)s年%(month)s月") % {"year": year, "month": int(number)}


def honour_sheet(
    village: Village,
    *,
    month: str,
    shown_on: date,
    lines: Sequence[Honoured],
    options: Options,
) -> dict[str, Any]:
    """The red list of a village, as of the notice of `month` that went on show on a day."""
    words = {"until": until_words(month), "most": village.honour_rows}
    return {
        "paper": options.paper,
        "demo": demo_mark(),
        "title": _("%s红榜") % village.name,
        "subtitle": _("%(until)s累计加分前%(most)s名") % words,
        "columns": [_("名次"), _("户"), _("累计加分")],
        "rows": [
            [
                _("第%s名") % line.rank,
                f"{line.row.group}·{line.row.number}{_('户')}　{line.row.label}".rstrip("　"),
                _("%s分") % line.row.gross,
            ]
            for line in lines
        ],
        "text": _("分数来自已经公示的积分。同分的并列。姓名中间字已隐去，没有姓名的户只公开户号。"),
        "closing": closing(village.official_name, shown_on),
    }
