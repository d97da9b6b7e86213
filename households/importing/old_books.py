"""Opens an old workbook (.xls) by way of a process that may end badly."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from households.importing import old_book_reader
from households.importing.errors import FileNotReadable
from households.importing.packages import has_macros, is_locked, unpacks_too_big

OldCell = str | float | bool | date | datetime | time | timedelta

_KINDS: Mapping[str, Callable[[Any], OldCell]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}
_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(slots=True)
class OldSheet:
    """A visible sheet: its rows from the first on, and its merged areas, in numbers from 1."""

    title: str
    merges: list[tuple[int, int, int, int]]
    rows: list[list[OldCell]] = field(default_factory=list)


def read_old_book(path: Path) -> list[OldSheet]:
    """Return the visible sheets; refuse what is locked, damaged, too big, or has macros."""
    content = path.read_bytes()
    if _ENCRYPTED in content:
        raise is_locked()
    if _MACROS in content:
        raise has_macros()
    sheets: list[OldSheet] = []
    for line in _lines(path):
        if isinstance(line, dict):
            merges = [(a, b, c, d) for a, b, c, d in line["merges"]]
            sheets.append(OldSheet(line["title"], merges))
        else:
            sheets[-1].rows.append([_cell(cell) for cell in line])
    return sheets


def _lines(path: Path) -> Iterator[Any]:
    """What the other process wrote, when it came to a good end."""
    # Without the environment, where the keys are; the folder it begins in holds no module.
    command = [sys.executable, "-I", old_book_reader.__file__, str(path.absolute())]
    with subprocess.Popen(  # noqa: S603 (our own program; of the file only its path)
        command,
        env={},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as reader:
        assert reader.stdout is not None  # noqa: S101 (it was asked for)
        written = reader.stdout.read(2 * old_book_reader.MOST_WRITTEN)
        if len(written) == 2 * old_book_reader.MOST_WRITTEN:
            reader.kill()
    _refuse(reader.returncode)
    return (json.loads(line) for line in written.splitlines())


def _refuse(code: int) -> None:
    if code == old_book_reader.LOCKED:
        raise is_locked()
    # A negative code: it was ended for taking too much memory or time.
    if code < 0 or code == old_book_reader.TOO_BIG:
        raise unpacks_too_big()
    if code:
        raise FileNotReadable(
            _("这个旧版的 .xls 或 .et 文件打不开。请在 Excel 或 WPS 里另存为 .xlsx 后再导入。")
        )


def _cell(read: Any) -> OldCell:
    if not isinstance(read, list):
        plain: OldCell = read
        return plain
    kind, text = read
    return _KINDS[kind](text)
