"""A program of its own: reads one old workbook (.xls) and writes its cells to standard output.

The library lays every sheet out as one dense block and trusts the sizes a file declares, so a far
cell could take the machine's memory. Here that ends this process and nothing else. It is started
without the product's environment, so it holds no key; it imports nothing of the product.
"""

import json
import resource
import signal
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MOST_MEMORY = 512 * 1024 * 1024
MOST_SECONDS = 20
MOST_WRITTEN = 64 * 1024 * 1024
DAMAGED, LOCKED, TOO_BIG = 3, 4, 5


def main(path: str) -> int:
    """Write a line for each visible sheet and each of its rows; the exit code says why not."""
    _limit()
    try:
        book, room = CalamineWorkbook.from_path(path), MOST_WRITTEN
        for meta in book.sheets_metadata:
            if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible:
                room -= _write_sheet(book.get_sheet_by_name(meta.name), room=room)
    except PasswordError:
        return LOCKED
    except (MemoryError, OverflowError):
        return TOO_BIG
    except CalamineError:
        return DAMAGED
    return 0


def _limit() -> None:
    """Memory, time, and no file of any kind: also no picture of this memory when it ends badly."""
    wanted = {
        resource.RLIMIT_AS: MOST_MEMORY,
        resource.RLIMIT_CPU: MOST_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in wanted.items():
        _soft, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, hard))
    # Time by the clock; what is not caught ends the process.
    signal.alarm(MOST_SECONDS)


def _write_sheet(sheet: CalamineSheet, *, room: int) -> int:
    left = sheet.start[1] if sheet.start else 0
    merges = [
        [top + 1, bottom + 1, first - left + 1, last - left + 1]
        for (top, first), (bottom, last) in sheet.merged_cell_ranges or ()
    ]
    written = _write({"title": sheet.name, "merges": merges})
    for row in sheet.iter_rows():
        cells = [_plain(cell) for cell in row]
        while cells and cells[-1] == "":
            cells.pop()
        written += _write(cells)
        if written > room:
            raise OverflowError
    return written


def _write(line: Any) -> int:
    text = json.dumps(line).encode() + b"\n"
    sys.stdout.buffer.write(text)
    return len(text)


def _plain(cell: Any) -> Any:
    """A cell as JSON has it; what JSON has no word for as a pair of its kind and its text."""
    if isinstance(cell, datetime):
        return ["datetime", cell.isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    if isinstance(cell, time):
        return ["time", cell.isoformat()]
    if isinstance(cell, timedelta):
        return ["seconds", cell.total_seconds()]
    if isinstance(cell, int) and not isinstance(cell, bool):
        return float(cell)
    return cell


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
