"""Finds the three tables of a workbook by their headers, wherever they stand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from households.importing.errors import ColumnsAmbiguous, ColumnsMissing
from households.importing.problems import CellProblem, Problem, RowProblem
from households.importing.sheets import Cell, Sheet
from households.importing.texts import as_text, is_blank, masked, shown, squeezed, visible
from scoring.importing.headings import TABLES, Column, Kind, Wanted, known_columns, plainness

_LOOK_AT_ROWS = 40
_EXAMPLES = ("示例", "样例", "样表", "模板", "说明", "范例")
_TOTALS = ("合计", "总计", "小计", "共计", "累计")
# So many known columns, the household number among them, are no coincidence.
_TOO_MANY_TO_OVERLOOK = 3

Cells = Mapping[Column, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """A table found: its sheet, its header's row and where each column stands."""

    kind: Kind
    sheet: Sheet
    header_row: int
    headings: Mapping[Column, str]
    positions: Mapping[Column, int]

    @property
    def title(self) -> str:
        """The sheet's title."""
        return self.sheet.title

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield the rows that say something, numbered as in Excel; totals and remarks do not."""
        places = list(self.positions.items())
        for number, cells in self.sheet.rows():
            if number <= self.header_row or all(map(is_blank, cells)):
                continue
            picked = {
                column: cells[place] if place < len(cells) else "" for column, place in places
            }
            if not self._is_aside(cells, picked):
                yield number, picked

    def _is_aside(self, cells: Sequence[Cell], picked: Cells) -> bool:
        written = squeezed(as_text(picked[Column.NUMBER]))
        if written:
            return written == squeezed(self.headings[Column.NUMBER])
        filled = [cell for cell in picked.values() if not is_blank(cell)]
        texts = (squeezed(as_text(cell)) for cell in cells)
        # One cell alone is a remark below the table.
        return len(filled) <= 1 or any(text.rstrip(":：").endswith(_TOTALS) for text in texts)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a line stands in the file, so that a refusal can name it."""

    table: Table
    row: int

    def cell(self, column: Column, value: Cell, problem: Problem) -> CellProblem:
        """The problem of one cell, under the header as written; a person's name is masked."""
        heading = self.table.headings.get(column, column.value)
        show = masked if column is Column.HEAD else shown
        return CellProblem(heading, show(value), problem)

    def refusal(self, *cells: CellProblem) -> RowProblem:
        """The row as a report names it."""
        return RowProblem(self.table.title, self.row, cells)


def find_tables(sheets: Sequence[Sheet]) -> tuple[list[Table], list[str]]:
    """Return the tables, and the titles of the sheets that are none and are left out.

    Raises ColumnsMissing when a sheet is nearly one of them, or there is no points ledger at
    all: a sheet is never overlooked in silence; ColumnsAmbiguous when two columns fit alike.
    """
    found: list[Table] = []
    left_out: list[str] = []
    for sheet in sheets:
        is_example = any(word in sheet.title for word in _EXAMPLES)
        table = None if is_example else _table_in(sheet)
        if table:
            found.append(table)
        elif is_example or not _refuse_nearly(sheet):
            left_out.append(sheet.title)
    if not any(table.kind is Kind.ENTRIES for table in found):
        raise ColumnsMissing(
            _("文件里没有找到积分台账。请在表头写明：%(columns)s。")
            % {"columns": "、".join(_needed(Kind.ENTRIES))}
        )
    return found, left_out


def _table_in(sheet: Sheet) -> Table | None:
    for number, headings in _top(sheet):
        for wanted in TABLES:
            if table := _fitted(sheet, number, headings, wanted):
                return table
    return None


def _fitted(sheet: Sheet, row: int, headings: list[str], wanted: Wanted) -> Table | None:
    positions: dict[Column, int] = {}
    twice: list[str] = []
    for column in (*wanted.needed, *wanted.welcome):
        ranked = sorted(
            (rank, place)
            for place, heading in enumerate(headings)
            if heading and (rank := plainness(heading, column)) is not None
        )
        if ranked:
            positions[column] = ranked[0][1]
            if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
                twice.append(headings[ranked[0][1]])
        elif column in wanted.needed:
            return None
    if twice:
        raise ColumnsAmbiguous(
            _("工作表“%(sheet)s”有两列都叫：%(columns)s。请改掉其中一列的表头再导入。")
            % {"sheet": sheet.title, "columns": "、".join(map(shown, twice))}
        )
    names = {column: headings[place] for column, place in positions.items()}
    return Table(wanted.kind, sheet, row, names, positions)


def _refuse_nearly(sheet: Sheet) -> bool:
    """Refuse a sheet that is nearly a table, for what it lacks; False when it is nothing like."""
    for _number, headings in _top(sheet):
        known = known_columns(headings)
        if Column.NUMBER in known and len(known) >= _TOO_MANY_TO_OVERLOOK:
            nearest = min(TABLES, key=lambda wanted: len(set(wanted.needed) - known))
            missing = [column for column in nearest.needed if column not in known]
            raise ColumnsMissing(
                _("工作表“%(sheet)s”像是%(kind)s，但缺少必须有的列：%(missing)s。请补上后再导入。")
                % {"sheet": sheet.title, "kind": nearest.kind, "missing": "、".join(missing)}
            )
    return False


def _top(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    for number, cells in islice(sheet.rows(), _LOOK_AT_ROWS):
        yield number, ["".join(visible(as_text(cell)).split()) for cell in cells]


def _needed(kind: Kind) -> tuple[Column, ...]:
    return next(wanted.needed for wanted in TABLES if wanted.kind is kind)
