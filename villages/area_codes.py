"""Division codes of the statistics bureau: a table of places read into checked rows.

The table is a CSV with the columns of `COLUMNS` in any order; UTF-8 with or without BOM, or
GB18030 as spreadsheet programs save it.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from trail.errors import DomainError

COLUMNS = ("province", "city", "county", "township_code", "township", "village_code", "village")
TOWNSHIP_DIGITS, VILLAGE_DIGITS = 9, 12
# The places of the columns in `villages.models`.
LONGEST = {
    "province": 40,
    "city": 40,
    "county": 40,
    "township": 40,
    "village": 60,
}
# Longest first: each hides the next.
VILLAGE_OFFICES = ("村民委员会", "村委会")
COMMUNITY_OFFICES = ("居民委员会", "居委会")
VILLAGE_ENDING, COMMUNITY_ENDING = "村", "社区"
# Bureau's rule: the last three digits begin with 0 or 1 for neighbourhoods, with 2 or 3 for
# villages, with 4 or 5 for places that merely count as the former or the latter.
COMMUNITY_CLASSES = "014"


class UnreadableDivisions(DomainError):
    """The table of places cannot be used as it is; the message says where and why."""

    code = "unreadable_divisions"


class Kind(StrEnum):
    """What a place is called: 村 or 社区."""

    VILLAGE = "village"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class Place:
    """One row: a village or community with the township it belongs to."""

    province: str
    city: str
    county: str
    township_code: str
    township: str
    code: str
    official_name: str
    name: str
    kind: Kind


def display_name(official: str) -> str:
    """The everyday name: 窦庄村委会 → 窦庄村, 庙前居委会 → 庙前社区; 北村村委会 → 北村."""
    for offices, ending in (
        (VILLAGE_OFFICES, VILLAGE_ENDING),
        (COMMUNITY_OFFICES, COMMUNITY_ENDING),
    ):
        for office in offices:
            core = official.removesuffix(office)
            if core and core != official:
                named = core.endswith((VILLAGE_ENDING, COMMUNITY_ENDING))
                return core if named else core + ending
    return official


def kind_of(official: str, code: str) -> Kind:
    """By the registered name; by the class in the code where the name does not tell."""
    if official.endswith((*COMMUNITY_OFFICES, COMMUNITY_ENDING)):
        return Kind.COMMUNITY
    if official.endswith((*VILLAGE_OFFICES, VILLAGE_ENDING)):
        return Kind.VILLAGE
    return Kind.COMMUNITY if code[TOWNSHIP_DIGITS] in COMMUNITY_CLASSES else Kind.VILLAGE


def read_places(data: bytes) -> list[Place]:
    """The places of a table, each once; raises UnreadableDivisions at the first bad cell."""
    lines = csv.reader(io.StringIO(_decoded(data), newline=""))
    positions = _positions(next(lines, []))
    places: dict[str, tuple[int, Place]] = {}
    townships: dict[str, tuple[int, Place]] = {}
    for line, cells in _filled(lines):
        place = parse_row(dict(_paired(positions, cells)), line=line)
        first_line, first = places.setdefault(place.code, (line, place))
        if first != place:
            raise _bad(
                line,
                "village_code",
                _("和第%(other)d行代码相同，内容不同。") % {"other": first_line},
            )
        first_line, first = townships.setdefault(place.township_code, (line, place))
        if _township_part(first) != _township_part(place):
            raise _bad(
                line,
                "township",
                _("和第%(other)d行同一个乡镇代码，乡镇、县、市或省的名称不同。")
                % {"other": first_line},
            )
    if not places:
        raise UnreadableDivisions(_("表里没有一个村，请检查文件。"))
    return [place for _line, place in places.values()]


def parse_row(cells: dict[str, str], *, line: int) -> Place:
    """One row by column name; raises UnreadableDivisions naming line and column."""
    clean = {column: _clean(cells.get(column, "")) for column in COLUMNS}
    for column, longest in LONGEST.items():
        if not clean[column]:
            raise _bad(line, column, _("是空的，请填写。"))
        if len(clean[column]) > longest:
            raise _bad(line, column, _("太长，最多%(longest)d个字。") % {"longest": longest})
    township_code = _digits(clean, "township_code", TOWNSHIP_DIGITS, line)
    code = _digits(clean, "village_code", VILLAGE_DIGITS, line)
    if not code.startswith(township_code):
        raise _bad(
            line,
            "village_code",
            _("%(code)s不属于乡镇%(township)s：前9位应与乡镇代码相同。")
            % {"code": code, "township": township_code},
        )
    return Place(
        province=clean["province"],
        city=clean["city"],
        county=clean["county"],
        township_code=township_code,
        township=clean["township"],
        code=code,
        official_name=clean["village"],
        name=display_name(clean["village"]),
        kind=kind_of(clean["village"], code),
    )


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableDivisions(_("认不出文件的文字编码，请另存为UTF-8格式的CSV文件。"))


def _positions(header: Sequence[str]) -> dict[str, int]:
    found = {_clean(cell).lower(): position for position, cell in enumerate(header)}
    missing = [column for column in COLUMNS if column not in found]
    if missing:
        raise UnreadableDivisions(
            _("第1行缺少列：%(columns)s。第1行应为列名。") % {"columns": "、".join(missing)}
        )
    return {column: found[column] for column in COLUMNS}


def _filled(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for line, cells in enumerate(lines, start=2):
        if any(cell.strip() for cell in cells):
            yield line, cells


def _paired(positions: dict[str, int], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    for column, position in positions.items():
        if position < len(cells):
            yield column, cells[position]


def _clean(cell: str) -> str:
    # Full-width digits and ideographic spaces come with copied tables.
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell))


def _digits(clean: dict[str, str], column: str, length: int, line: int) -> str:
    value = clean[column]
    if re.fullmatch(rf"[0-9]{{{length}}}", value):
        return value
    raise _bad(
        line,
        column,
        _("应为%(length)d位数字，现在是“%(value)s”。如果是表格软件改了它，请把这一列设成文本。")
        % {"length": length, "value": value[:20]},
    )


def _township_part(place: Place) -> tuple[str, ...]:
    return (place.township, place.county, place.city, place.province)


def _bad(line: int, column: str, what: str) -> UnreadableDivisions:
    return UnreadableDivisions(
        _("第%(line)d行%(column)s列：%(what)s") % {"line": line, "column": column, "what": what},
        line=line,
        column=column,
    )
