"""Finds the sheet, the header and the columns; a person may also say which they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _

from households.importing.errors import ColumnsAmbiguous, ColumnsMissing
from households.importing.headings import NECESSARY, Field, field_of, is_of_household
from households.importing.sheets import Cell, Merge, Sheet
from households.importing.texts import as_text, is_blank, shown, visible

LOOK_AT_ROWS = 40
_EXAMPLES = ("示例", "样例", "样表", "模板", "说明", "范例")
WORD_FOR = {
    Field.VILLAGE: "村",
    Field.GROUP: "组别",
    Field.NUMBER: "户号",
    Field.NAME: "姓名",
    Field.ID_NUMBER: "身份证号",
}

Headings = list[str]
Top = Sequence[tuple[int, Sequence[Cell]]]


@dataclass(frozen=True)
class Choice:
    """What a person chose in place of what was found: all of it may be left out.

    `columns` gives a field's position in `Layout.all_headings`, `fixed` one value for all rows.
    With `last_header_row` the header is just those rows; without it is looked at, from the first.
    `complete` says that what is not named in either is not wanted.
    """

    sheet: str | None = None
    header_row: int | None = None
    last_header_row: int | None = None
    complete: bool = False
    columns: Mapping[Field, int] = field(default_factory=dict)
    fixed: Mapping[Field, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """Where everything is: `last_header_row` as Excel numbers it, columns by position in a row."""

    sheet: Sheet
    first_header_row: int
    last_header_row: int
    all_headings: tuple[str, ...]
    columns: Mapping[Field, int]
    fixed: Mapping[Field, str]

    def heading(self, wanted: Field) -> str:
        """Return the column's name as the file writes it."""
        position = self.columns.get(wanted)
        return WORD_FOR.get(wanted, "") if position is None else self.all_headings[position]


@dataclass(frozen=True)
class _Header:
    first_row: int
    last_row: int
    headings: tuple[str, ...]
    columns: dict[Field, int]
    twice: frozenset[Field]

    def missing(self, fixed: Iterable[Field]) -> list[Field]:
        return [want for want in NECESSARY if want not in self.columns and want not in fixed]


def find_layout(sheets: Sequence[Sheet], choice: Choice) -> Layout:
    """Return the one layout the file can mean; refuse when none or several fit."""
    found, partial = [], []
    for sheet in sheets:
        if choice.sheet in (None, sheet.title):
            header = _header_of(sheet, choice)
            fits = header and not header.missing(choice.fixed) and not header.twice
            if header and fits and _has_rows_below(sheet, header.last_row):
                found.append((sheet, header))
            elif header:
                partial.append((sheet, header))
    if len(found) > 1:
        found = [pair for pair in found if not _is_example(pair[0])] or found
    if len(found) > 1:
        raise ColumnsAmbiguous(
            _("有几张工作表都像农户表：%(sheets)s。请只留一张，或选定一张再导入。")
            % {"sheets": "、".join(sheet.title for sheet, _header in found)}
        )
    if not found:
        raise _nothing_fits(partial, choice)
    sheet, header = found[0]
    return _layout(sheet, header, choice)


def _layout(sheet: Sheet, header: _Header, choice: Choice) -> Layout:
    rows = (header.first_row, header.last_row)
    return Layout(sheet, *rows, header.headings, header.columns, dict(choice.fixed))


@dataclass(frozen=True)
class Glance:
    """What a file looks like before anybody has chosen: the likeliest layout, and what it lacks."""

    sheets: tuple[str, ...]
    layout: Layout
    missing: tuple[Field, ...]
    twice: frozenset[Field]

    def examples(self, *, most: int = 3) -> list[list[str]]:
        """For each column up to three of the first values below the header."""
        found: list[list[str]] = [[] for _heading in self.layout.all_headings]
        below = (
            cells
            for number, cells in self.layout.sheet.rows()
            if number > self.layout.last_header_row
        )
        for cells in islice(below, LOOK_AT_ROWS):
            for known, cell in zip(found, cells, strict=False):
                if len(known) < most and not is_blank(cell):
                    known.append(as_text(cell))
        return found


def glance_at(sheets: Sequence[Sheet], choice: Choice) -> Glance:
    """Return the layout to begin with: the one that fits, else the one with most known columns.

    Raises `ColumnsMissing` when there is nothing in the file at all.
    """
    titles = tuple(sheet.title for sheet in sheets)
    try:
        layout = find_layout(sheets, choice)
    except (ColumnsMissing, ColumnsAmbiguous):
        sheet, header = _likeliest(sheets, choice)
        layout = _layout(sheet, header, choice)
        missing = tuple(header.missing(choice.fixed))
        return Glance(titles, layout, missing, header.twice)
    return Glance(titles, layout, (), frozenset())


def _likeliest(sheets: Sequence[Sheet], choice: Choice) -> tuple[Sheet, _Header]:
    wanted = [sheet for sheet in sheets if choice.sheet in (None, sheet.title)]
    known = [(sheet, header) for sheet in wanted if (header := _header_of(sheet, choice))]
    if known:
        return max(known, key=lambda pair: len(pair[1].columns))
    for sheet in wanted:
        for number, cells in islice(sheet.rows(), LOOK_AT_ROWS):
            if not all(map(is_blank, cells)) and number >= (choice.header_row or 0):
                return sheet, _mapped((number, number), _headings(cells), None, choice)
    raise _nothing_fits([], choice)


def _header_of(sheet: Sheet, choice: Choice) -> _Header | None:
    """Return the first header that fits, else the one with the most known columns."""
    top = list(islice(sheet.rows(), LOOK_AT_ROWS))
    if choice.header_row is not None:
        top = [(number, cells) for number, cells in top if number >= choice.header_row]
        candidates = _chosen_headers(top, sheet.merges, choice)
    else:
        candidates = [_header(top, at, sheet.merges, choice) for at in range(len(top))]
        candidates += [header_of_two_rows(top, at, choice) for at in range(len(top) - 1)]
    for header in candidates:
        if not header.missing(choice.fixed) and not header.twice:
            return header
    known = [header for header in candidates if header.columns]
    return max(known, key=lambda header: len(header.columns), default=None)


def _chosen_headers(top: Top, merges: Sequence[Merge], choice: Choice) -> list[_Header]:
    if not top:
        return []
    if choice.last_header_row is None:
        return [_header(top, 0, merges, choice)]
    if len(top) > 1 and choice.last_header_row > top[0][0]:
        return [header_of_two_rows(top, 0, choice)]
    return [header_of_one_row(top, 0, choice)]


def _header(top: Top, at: int, merges: Sequence[Merge], choice: Choice) -> _Header:
    single = header_of_one_row(top, at, choice)
    if at + 1 < len(top) and single.columns:
        below = _headings(top[at + 1][1])
        if _reaches_down(merges, top[at][0]) or _is_all_headings(below):
            return header_of_two_rows(top, at, choice)
    return single


def header_of_one_row(top: Top, at: int, choice: Choice) -> _Header:
    """The header that one row is."""
    number, cells = top[at]
    return _mapped((number, number), _headings(cells), None, choice)


def header_of_two_rows(top: Top, at: int, choice: Choice) -> _Header:
    """The header that a row and the one below it are."""
    upper, lower = _headings(top[at][1]), _headings(top[at + 1][1])
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    rows = (top[at][0], top[at + 1][0])
    return _mapped(rows, lower, _carried_right(upper, lower), choice)


def _mapped(
    rows: tuple[int, int], headings: Headings, above: Headings | None, choice: Choice
) -> _Header:
    ranked: dict[Field, list[tuple[int, int]]] = {}
    names = []
    for position, heading in enumerate(headings):
        upper = above[position] if above else ""
        names.append(heading or upper)
        known = None if choice.complete else _field_under(upper, heading)
        if known:
            ranked.setdefault(known[1], []).append((known[0], position))
    columns, twice = dict(choice.columns), set()
    for wanted, places in ranked.items():
        best = sorted(places)
        if wanted not in columns and wanted not in choice.fixed:
            columns[wanted] = best[0][1]
            if len(best) > 1 and best[0][0] == best[1][0] and wanted != Field.NOTE:
                twice.add(wanted)
    return _Header(*rows, tuple(names), columns, frozenset(twice))


def _field_under(upper: str, heading: str) -> tuple[int, Field] | None:
    """Read a column by both its lines together, then by the lower, then by the upper one."""
    if upper and heading and is_of_household(upper + heading):
        return None
    if upper and heading and (both := field_of(upper + heading)):
        return both
    return None if is_of_household(heading) else field_of(heading or upper)


def _headings(cells: Sequence[Cell]) -> Headings:
    return ["".join(visible(as_text(cell)).split()) for cell in cells]


def _carried_right(upper: Headings, lower: Headings) -> Headings:
    """Spread a merged upper heading over the lower ones it stands above."""
    carried, last = [], ""
    for above, below in zip(upper, lower, strict=True):
        last = above or (last if below else "")
        carried.append(last)
    return carried


def _reaches_down(merges: Iterable[Merge], row: int) -> bool:
    return any(merge.first_row <= row < merge.last_row for merge in merges)


def _is_all_headings(headings: Headings) -> bool:
    texts = [text for text in headings if text]
    return bool(texts) and all(field_of(text) or is_of_household(text) for text in texts)


def _has_rows_below(sheet: Sheet, last_header_row: int) -> bool:
    return any(
        number > last_header_row and not all(map(is_blank, cells)) for number, cells in sheet.rows()
    )


def _is_example(sheet: Sheet) -> bool:
    return any(word in sheet.title for word in _EXAMPLES)


def _nothing_fits(partial: Sequence[tuple[Sheet, _Header]], choice: Choice) -> Exception:
    if not partial:
        return ColumnsMissing(
            _("文件里没有找到农户表的表头。请在表头写明：%(columns)s。")
            % {"columns": "、".join(WORD_FOR[wanted] for wanted in NECESSARY)}
        )
    sheet, header = max(partial, key=lambda pair: len(pair[1].columns))
    missing = header.missing(choice.fixed)
    if missing:
        return ColumnsMissing(
            _("工作表“%(sheet)s”缺少必须有的列：%(missing)s。认出的列：%(found)s。请补上后再导入。")
            % {
                "sheet": sheet.title,
                "missing": "、".join(WORD_FOR[wanted] for wanted in missing),
                "found": "、".join(
                    shown(header.headings[at]) for at in sorted(header.columns.values())
                ),
            }
        )
    if header.twice:
        return ColumnsAmbiguous(
            _("工作表“%(sheet)s”有两列都像：%(columns)s。请改掉其中一列的表头再导入。")
            % {
                "sheet": sheet.title,
                "columns": "、".join(
                    shown(header.headings[header.columns[wanted]]) for wanted in header.twice
                ),
            }
        )
    return ColumnsMissing(_("工作表“%(sheet)s”表头下面没有内容。") % {"sheet": sheet.title})
