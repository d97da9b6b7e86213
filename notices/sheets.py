"""The sealed part of a notice page, rendered once and kept in this process.

The key is (content digest, label version, group, page): whatever changes a byte of the fragment
changes its key, so nothing here is ever stale. What moves by itself (status, correction, text
size) is rendered by the page around it.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from notices import queries
from notices.models import Notice
from notices.rows import ROWS_PER_PAGE, Row, rows_of

MOST_KEPT = 256
Key = tuple[bytes, int, str, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Facts for the page's head and foot, and the two fragments between them."""

    rules: Mapping[str, Any]
    seal: Mapping[str, Any]
    totals: Mapping[str, int]
    rows: SafeString
    categories: SafeString


_kept: OrderedDict[Key, Sheet] = OrderedDict()
_lock = Lock()


def forget() -> None:
    """Drop every kept fragment."""
    with _lock:
        _kept.clear()


def with_rows(notice: Notice, *, group: str, page: int) -> Sheet:
    """The sheet of a notice on show: 50 rows, of one group or ('') of all."""
    key = (bytes(notice.body.content_sha256), notice.label_version, group, page)
    return _from_kept(key) or _keep(key, _rendered(notice, group=group, page=page))


def without_rows(notice: Notice) -> Sheet:
    """The sheet after the period: totals and proof only."""
    key = (bytes(notice.body.content_sha256), -1, "", 0)
    return _from_kept(key) or _keep(key, _sheet(notice.body.content, SafeString("")))


def all_rows(notice: Notice) -> list[Row]:
    """Every row with its label, for a search."""
    return rows_of(notice.body.content, queries.labels_of(notice))


def _from_kept(key: Key) -> Sheet | None:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _keep(key: Key, sheet: Sheet) -> Sheet:
    with _lock:
        _kept[key] = sheet
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return sheet


def _rendered(notice: Notice, *, group: str, page: int) -> Sheet:
    content = notice.body.content
    rows = rows_of(content, queries.labels_of(notice))
    groups = list(dict.fromkeys(row.group for row in rows))
    chosen = group if group in groups else ""
    shown = [row for row in rows if not chosen or row.group == chosen]
    context = {
        "totals": content["totals"],
        "correction": content.get("correction", False),
        "changed": len(rows),
        "groups": groups,
        "chosen": chosen,
        "named": any(row.label for row in rows),
        "page": Paginator(shown, ROWS_PER_PAGE).get_page(page),
        "query": f"group={chosen}&" if chosen else "",
    }
    return _sheet(content, render_to_string("notices/_rows.html", context))


def _sheet(content: Mapping[str, Any], rows: SafeString) -> Sheet:
    most = max((category["plus"] for category in content["categories"]), default=0)
    bars = [
        {**category, "bar": round(100 * category["plus"] / most) if most else 0}
        for category in content["categories"]
    ]
    context = {"categories": bars, "totals": content["totals"]}
    return Sheet(
        rules=content["rules"],
        seal=content.get("seal", {}),
        totals=content["totals"],
        rows=rows,
        categories=render_to_string("notices/_categories.html", context),
    )
