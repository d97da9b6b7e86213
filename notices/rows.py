"""The rows of a notice as the public sees them, and finding one's own. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from notices.masking import COMPOUND_SURNAMES, DOTS, STAR, masked_name

ROWS_PER_PAGE = 50
MOST_FOUND = 20
LONGEST_QUERY = 40
# 27, 027, 027户, 3组027, 3组·027户, 3-027
_GROUP = re.compile(r"(?P<group>[0-9]{1,4})\s*组")
_NUMBER = re.compile(
    r"(?:(?P<group>[0-9]{1,4})\s*(?:组|[-/·])\s*·?)?\s*(?P<number>[0-9]{1,6})\s*户?"
)
# Dots are shown as typed and compare equal.
_ONE_DOT = str.maketrans(dict.fromkeys(DOTS, "·"))


@dataclass(frozen=True, slots=True)
class Before:
    """What the corrected notice states of a household."""

    plus: int
    gross: int


@dataclass(frozen=True, slots=True)
class Row:
    """One household: where it stands in the whole notice, its label ('' is code only), figures.

    `before` is set on a correction notice alone.
    """

    place: int
    group: str
    number: str
    label: str
    plus: int
    gross: int
    before: Before | None = None

    @property
    def page(self) -> int:
        """The page of the whole notice that shows this row."""
        return (self.place - 1) // ROWS_PER_PAGE + 1


def rows_of(content: Mapping[str, Any], labels: Mapping[str, str]) -> list[Row]:
    """The sealed figures with the labels beside them; a row without a label is code only."""
    return [
        Row(
            place=place,
            group=row["group"],
            number=row["number"],
            label=labels.get(f"{row['group']}/{row['number']}", ""),
            plus=row["plus"],
            gross=row["gross"],
            before=Before(**row["before"]) if "before" in row else None,
        )
        for place, row in enumerate(content["rows"], start=1)
    ]


def asked(typed: str) -> str:
    """What is searched and shown back: a full name is masked first, as the labels are."""
    plain = unicodedata.normalize("NFKC", "".join(filter(_is_written, typed)))
    plain = plain.strip()[:LONGEST_QUERY]
    is_surname = len(plain) <= 1 or plain in COMPOUND_SURNAMES
    if is_surname or STAR in plain or _NUMBER.fullmatch(plain) or _GROUP.fullmatch(plain):
        return plain
    return masked_name(plain)


def _is_written(sign: str) -> bool:
    """No direction marks and the like; and no ² or ½, which would fold into other digits."""
    return sign.isprintable() and unicodedata.category(sign) != "No"


def find(rows: Sequence[Row], wanted: str) -> list[Row]:
    """The rows that `asked` stands for: a household number, a group, a surname or a masked name."""
    number = _NUMBER.fullmatch(wanted)
    if number:
        return [row for row in rows if _is_numbered(row, number["group"], number["number"])]
    whole_group = _GROUP.fullmatch(wanted)
    if whole_group:
        return [row for row in rows if _is_group(row, whole_group["group"])]
    if STAR in wanted:
        same = wanted.translate(_ONE_DOT)
        return [row for row in rows if row.label.translate(_ONE_DOT) == same]
    return [row for row in rows if wanted and row.label.startswith(wanted)]


def _is_numbered(row: Row, group: str | None, number: str) -> bool:
    return (group is None or _is_group(row, group)) and row.number.lstrip("0") == number.lstrip("0")


def _is_group(row: Row, group: str) -> bool:
    return row.group.removesuffix("组").lstrip("0") == group.lstrip("0")
