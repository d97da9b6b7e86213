"""The monthly points notice: what the month's ledger says, household by household.

Public per household: the month's plus points and the gross total. Minus points only as a total
per category, so that nobody's deduction can be read or computed (`domain.md` §2, 10).
"""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from notices.masking import masked_name
from notices.models import Notice
from notices.registry import NoticeBuilder, SealedContent, register
from scoring.queries import notices as figures


def title(village_name: str, month: str) -> str:
    """下湾村2026年10月积分公示"""
    year, number = month.split("-")
    return _("%(village)s%(year)s年%(month)s月积分公示") % {
        "village": village_name,
        "year": year,
        "month": int(number),
    }


def build(*, village_id: int, month: str) -> SealedContent:
    """The sealed content: households by group and number, category totals, rules, seal. No name."""
    village = figures.village_facts(village_id=village_id)
    rows = figures.household_rows(village_id=village_id, month=month)
    categories = figures.category_totals(village_id=village_id, month=month)
    sealed = figures.seal_facts(village_id=village_id, month=month)
    content = {
        "format": 1,
        "kind": Notice.Kind.POINTS.value,
        "month": month,
        "village": village,
        "rules": figures.rules_facts(village_id=village_id, month=month),
        "rows": [row.as_content() for row in rows],
        "categories": categories,
        "totals": {
            "households": len(rows),
            "plus": sum(line["plus"] for line in categories),
            "minus": sum(line["minus"] for line in categories),
            "gross": sum(row.gross for row in rows),
        },
        "seal": sealed.content,
    }
    return SealedContent(content=content, seal_root=sealed.root)


def labels(*, village_id: int, keys: Iterable[str]) -> Mapping[str, str]:
    """Masked names of the households that chose to show one; '' for code only."""
    names = figures.publishable_names(village_id=village_id)
    return {key: masked_name(names[key]) if key in names else "" for key in keys}


register(NoticeBuilder(kind=Notice.Kind.POINTS, title=title, build=build, labels=labels))
