"""Sets a sheet as PDF. The same sheet has the same pages every time, so they are counted once.

A sheet is data: nothing of it is read as markup. At most `MOST_AT_ONCE` sheets are set at a time
in a process; the others wait, and are refused rather than hold a thread for long.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any, Generic, TypeVar

import typst

from notices.printing.fonts import press_fonts

FOLDER = Path(__file__).parent
MOST_AT_ONCE = 2
LONGEST_WAIT = 15.0
# Differs at each printing and is as long each time: it moves no line.
MOMENT = "printed"

V = TypeVar("V")


class PressIsBusy(Exception):
    """Too many sheets are being set at this moment."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF and how many pages it has."""

    pdf: bytes
    pages: int


class Kept(Generic[V]):
    """The latest few results by key, shared by the threads of a process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[str, V] = OrderedDict()

    def get(self, key: str) -> V | None:
        """What is kept under this key."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: str, value: V) -> None:
        """Keep one more, and forget the one least asked for."""
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


_gate = BoundedSemaphore(MOST_AT_ONCE)
_sheets: Kept[Printed] = Kept(12)
_counts: Kept[int] = Kept(2_000)


def printed(template: str, sheet: Mapping[str, Any]) -> Printed:
    """The sheet as PDF; raises PressIsBusy."""
    key = _key(template, sheet)
    found = _sheets.get(key)
    if found is None:
        found = _set(template, sheet)
        _sheets.keep(key, found)
        _counts.keep(_key(template, _without_moment(sheet)), found.pages)
    return found


def printed_unkept(template: str, sheet: Mapping[str, Any]) -> Printed:
    """The sheet as PDF, for what is told once: nothing of it is kept here; raises PressIsBusy."""
    return _set(template, sheet)


def page_count(template: str, sheet: Mapping[str, Any]) -> int:
    """How many pages the sheet has, whenever it is printed; raises PressIsBusy."""
    count = _counts.get(_key(template, _without_moment(sheet)))
    return printed(template, sheet).pages if count is None else count


def _without_moment(sheet: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sheet.items() if name != MOMENT}


def _key(template: str, sheet: Mapping[str, Any]) -> str:
    return hashlib.sha256(f"{template}\n{_as_text(sheet)}".encode()).hexdigest()


def _as_text(sheet: Mapping[str, Any]) -> str:
    return json.dumps(sheet, ensure_ascii=False, sort_keys=True)


def _set(template: str, sheet: Mapping[str, Any]) -> Printed:
    if not _gate.acquire(timeout=LONGEST_WAIT):
        raise PressIsBusy
    try:
        compiler = typst.Compiler(
            input=FOLDER / f"{template}.typ",
            root=FOLDER,
            font_paths=press_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"sheet": _as_text(sheet)},
        )
        pdf = compiler.compile(format="pdf", timestamp=0)
        pages = compiler.query("<pages>", field="value", one=True)
    finally:
        _gate.release()
    if not isinstance(pdf, bytes):
        raise TypeError("one sheet is one file")
    return Printed(pdf=pdf, pages=int(pages))
