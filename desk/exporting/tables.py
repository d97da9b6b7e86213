"""A table as a file: watermarked above and below, and no cell a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook

BOM = "\ufeff"
# A spreadsheet runs what begins like this.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
SHEET_ROWS = 100_000

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows under one watermark."""

    watermark: str
    headings: Sequence[str]
    rows: list[list[Cell]] = field(default_factory=list)

    def lines(self, rows: Iterable[Sequence[Cell]]) -> Iterable[list[Cell]]:
        """Watermark, headings, these rows, watermark; every text made harmless."""
        yield [harmless(self.watermark)]
        yield list(self.headings)
        for row in rows:
            yield [harmless(cell) if isinstance(cell, str) else cell for cell in row]
        yield [harmless(self.watermark)]


def harmless(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would run it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def as_csv(table: Table) -> bytes:
    """UTF-8 with the mark by which Excel knows it."""
    out = io.StringIO()
    csv.writer(out).writerows(table.lines(table.rows))
    return (BOM + out.getvalue()).encode()


def as_xlsx(table: Table) -> bytes:
    """Sheets of text and whole numbers, each with the watermark, on paper too."""
    book = Workbook(write_only=True)
    for begin in range(0, max(len(table.rows), 1), SHEET_ROWS):
        sheet = book.create_sheet()
        sheet.oddFooter.center.text = table.watermark.replace("&", "&&")
        for line in table.lines(table.rows[begin : begin + SHEET_ROWS]):
            sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows of text as CSV that spreadsheets read as UTF-8, without a watermark."""
    out = io.StringIO()
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in rows)
    return (BOM + out.getvalue()).encode()
