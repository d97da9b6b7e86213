"""Sheets for the import: an empty one to begin with, and the rows that were refused, with why."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from desk.exporting.tables import harmless
from households.importing.columns import Layout
from households.importing.headings import PLAINEST, Field
from households.importing.reading import Fixes
from households.importing.results import Place
from households.importing.sheets import Cell
from households.importing.texts import as_text, is_blank
from households.models import ImportBatch
from households.queries.imports import fixes_of, layout_of, refused_lines

TEXT = "@"
EMPTY_ROWS = 300
WIDTH = 16


def template() -> bytes:
    """An empty sheet with the columns that are read, all of it text so that no digit is lost."""
    book = Workbook(write_only=True)
    sheet = _sheet(book, _("农户表"), len(PLAINEST))
    for line in [list(PLAINEST.values()), *[[""] * len(PLAINEST)] * EMPTY_ROWS]:
        sheet.append(_texts(sheet, line))
    return _saved(book)


def refused_rows(batch: ImportBatch) -> bytes:
    """The refused rows as they stand in the file, with what was typed over them, and why.

    The file can be put right and sent again by itself: what a row took from the rows above it, or
    from a fixed value, stands in it.
    """
    layout, fixes = layout_of(batch), fixes_of(batch)
    lines = {line["row"]: line for line in refused_lines(batch)}
    fixed = [wanted for wanted in layout.fixed if wanted not in layout.columns]
    headings = [*layout.all_headings, *(PLAINEST[wanted] for wanted in fixed)]
    book = Workbook(write_only=True)
    sheet = _sheet(book, layout.sheet.title[:31], len(headings) + 2)
    sheet.append(_texts(sheet, [*headings, _("出错原因"), _("怎么改")]))
    for number, cells in layout.sheet.rows():
        line = lines.get(number)
        if line is not None:
            own = _row(layout, number, cells, fixes, line["place"])
            constants = [layout.fixed[wanted] for wanted in fixed]
            sheet.append(_texts(sheet, [*own, *constants, _why(line), _how(line)]))
    return _saved(book)


def _row(
    layout: Layout, number: int, cells: Sequence[Cell], fixes: Fixes, place: Place | None
) -> list[str]:
    width = len(layout.all_headings)
    row = [_plain(cell) for cell in cells[:width]]
    row += [""] * (width - len(row))
    wanted = (Field.VILLAGE, Field.GROUP, Field.NUMBER)
    known: dict[Field, str] = dict(zip(wanted, place, strict=True)) if place else {}
    typed = fixes[number].cells if number in fixes else {}
    for field, position in layout.columns.items():
        if position >= width:
            continue
        if field in typed:
            row[position] = typed[field]
        elif field in known and is_blank(row[position]):
            row[position] = known[field]
    return row


def _plain(cell: Cell) -> str:
    if isinstance(cell, bool):
        return _("是") if cell else _("否")
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return as_text(cell)


def _why(line: dict[str, Any]) -> str:
    return "；".join(f"{cell['column']}：{cell['reason']}" for cell in line["cells"])


def _how(line: dict[str, Any]) -> str:
    return " ".join(dict.fromkeys(cell["fix"] for cell in line["cells"]))


def _sheet(book: Workbook, title: str, columns: int) -> WriteOnlyWorksheet:
    sheet = book.create_sheet("".join("·" if char in "[]:*?/\\" else char for char in title))
    for number in range(columns):
        sheet.column_dimensions[_letters(number)].width = WIDTH
    return sheet


def _letters(number: int) -> str:
    first, last = divmod(number, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def _texts(sheet: WriteOnlyWorksheet, line: Iterable[str]) -> list[WriteOnlyCell]:
    """Cells that are text whatever stands in them, and none a formula."""
    cells = []
    for text in line:
        cell = WriteOnlyCell(sheet, value=harmless(text))
        cell.number_format = TEXT
        cells.append(cell)
    return cells


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
