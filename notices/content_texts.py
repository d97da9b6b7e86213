"""The sealed content of a notice in a few plain lines; its rows are counted, not shown. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

ROOT_DIGITS = 12


def content_lines(content: Mapping[str, Any]) -> list[str]:
    """Totals, categories, rules, seal and how many rows there are, as far as the kind has them."""
    return [
        *_totals(content.get("totals") or {}),
        *(
            _("%(name)s：加分%(plus)s，减分%(minus)s") % line
            for line in content.get("categories", ())
        ),
        *_rules(content.get("rules") or {}),
        *_seal(content.get("seal") or {}),
        *_rows(content.get("rows")),
    ]


def _totals(totals: Mapping[str, Any]) -> Iterator[str]:
    if totals:
        yield _("合计：%(households)s户，加分%(plus)s，减分%(minus)s，累计%(gross)s") % totals


def _rules(rules: Mapping[str, Any]) -> Iterator[str]:
    if not rules.get("title"):
        return
    yield _("细则：%(title)s，第%(version)s版") % rules
    if rules["adopted_on"]:
        day = date_format(date.fromisoformat(rules["adopted_on"]))
        yield _("细则表决通过：%(day)s") % {"day": day}


def _seal(seal: Mapping[str, Any]) -> Iterator[str]:
    if seal:
        root = seal["root"][:ROOT_DIGITS]
        yield _("第%(number)s次封账，共%(count)s笔，指纹%(root)s…") % {**seal, "root": root}


def _rows(rows: list[Any] | None) -> Iterator[str]:
    if rows is not None:
        yield _("共%(n)s行") % {"n": len(rows)}
