"""Opens a file, whatever its name says, as sheets of numbered rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from households.importing.delimited import read_text, rows_of
from households.importing.errors import FileNotReadable
from households.importing.packages import inspect_package

# A number typed into a sheet always arrives as float, so an ID kept as a number is seen as such.
Cell = str | float | bool | date | datetime | time | timedelta
Rows = Iterator[tuple[int, Sequence[Cell]]]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


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
    """Return the visible sheets of an .xlsx or .csv; `name` is the file's name at its owner's."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(_OLE):
        raise _old_or_locked(path)
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
        raise FileNotReadable(
            _("文件已损坏，打不开。请在 Excel 或 WPS 里打开它，另存为 .xlsx 后再导入。")
        ) from error


def _sheet(read: CalamineSheet, *, uses_1904: bool) -> Sheet:
    first_column = read.start[1] if read.start else 0
    merges = tuple(
        Merge(top + 1, bottom + 1, left - first_column + 1, right - first_column + 1)
        for (top, left), (bottom, right) in read.merged_cell_ranges or ()
    )
    return Sheet(title=read.name, source=read.iter_rows, merges=merges, uses_1904=uses_1904)


def _old_or_locked(path: Path) -> FileNotReadable:
    if _ENCRYPTED in path.read_bytes():
        return FileNotReadable(_("文件加了密码。请去掉密码，另存为 .xlsx 后再导入。"))
    return FileNotReadable(
        _("这是旧版 .xls 或 WPS 的 .et 文件。请在 Excel 或 WPS 里另存为 .xlsx 后再导入。")
    )
