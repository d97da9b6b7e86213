"""Opens a file, whatever its name says, as sheets of numbered rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from households.importing.delimited import read_text, rows_of
from households.importing.old_books import read_old_book
from households.importing.packages import damaged, inspect_package

# A number typed into a sheet always arrives as float, so an ID kept as a number is seen as such.
Cell = str | float | bool | date | datetime | time | timedelta
Rows = Iterator[tuple[int, Sequence[Cell]]]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Merge:
    """A merged area, in row and column numbers from 1 of the rows this sheet yields."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """One sheet; `rows()` may be called again and yields (row number as Excel shows it, cells)."""

    title: str
    source: Callable[[], Iterator[Sequence[Cell]]] = field(repr=False)
    merges: tuple[Merge, ...] = ()
    uses_1904: bool = False

    def rows(self) -> Rows:
        """Yield every row from the first of the sheet on, empty ones included."""
        return enumerate(self.source(), 1)


def open_sheets(path: Path, *, name: str = "") -> list[Sheet]:
    """Return the visible sheets of .xlsx, .xls or .csv; `name` is the file's name at home."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(_OLE):
        return _old_sheets(path)
    if start.startswith(_ZIP):
        return _workbook_sheets(path)
    text = read_text(path)
    return [Sheet(title=Path(name or path.name).stem, source=lambda: rows_of(text))]


def _workbook_sheets(path: Path) -> list[Sheet]:
    uses_1904 = inspect_package(path)
    try:
        workbook = CalamineWorkbook.from_path(path)
        return [
            _sheet(workbook.get_sheet_by_name(meta.name), uses_1904=uses_1904)
            for meta in workbook.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
        ]
    except CalamineError as error:
        raise damaged() from error


def _sheet(read: CalamineSheet, *, uses_1904: bool) -> Sheet:
    first_column = read.start[1] if read.start else 0
    merges = tuple(
        Merge(top + 1, bottom + 1, left - first_column + 1, right - first_column + 1)
        for (top, left), (bottom, right) in read.merged_cell_ranges or ()
    )
    return Sheet(title=read.name, source=read.iter_rows, merges=merges, uses_1904=uses_1904)


def _old_sheets(path: Path) -> list[Sheet]:
    return [
        Sheet(
            title=read.title,
            source=lambda rows=read.rows: iter(rows),  # type: ignore[misc]
            merges=tuple(Merge(*area) for area in read.merges),
        )
        for read in read_old_book(path)
    ]
