"""Reads a points workbook from first to last: the one way into this package."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from households.importing import cleaning
from households.importing.problems import CellProblem, Problem, RowProblem
from households.importing.sheets import Cell, open_sheets
from households.importing.verdicts import remembering
from scoring.importing import cells as clean
from scoring.importing.headings import Column, Kind
from scoring.importing.results import EntryLine, HouseholdLine, PointsBook, RedemptionLine
from scoring.importing.tables import Address, Cells, Table, find_tables

DIGEST_DIGITS = 12

Value = TypeVar("Value")


def read_book(path: Path, *, on: date, name: str = "") -> PointsBook:
    """Read and check a points workbook as known on that day; every row ends as line or refusal.

    Raises a `DomainError` when the file as a whole cannot be read; `name` is its name at home.
    """
    tables, left_out = find_tables(open_sheets(path, name=name))
    reading = _Reading(on)
    for table in tables:
        reading.take(table)
    return PointsBook(
        name=name or path.name,
        digest=hashlib.sha256(path.read_bytes()).hexdigest()[:DIGEST_DIGITS],
        households=tuple(reading.households),
        entries=tuple(reading.entries),
        redemptions=tuple(reading.redemptions),
        refused=tuple(reading.refused),
        left_out=tuple(left_out),
    )


@dataclass(slots=True)
class _Row:
    """One row while it is read; `value` returns what a cell means or notes what is wrong."""

    at: Address
    cells: Cells
    faults: list[CellProblem] = field(default_factory=list)

    def value(
        self, column: Column, cleaned: Callable[[Cell], Value | Problem], otherwise: Value
    ) -> Value:
        cell = self.cells.get(column, "")
        result = cleaned(cell)
        if isinstance(result, Problem):
            self.faults.append(self.at.cell(column, cell, result))
            return otherwise
        return result


def _words(at_most: int, *, needed: bool = True) -> Callable[[Cell], str | Problem]:
    return remembering(lambda cell: clean.clean_text(cell, at_most=at_most, needed=needed))


class _Reading:
    def __init__(self, on: date) -> None:
        self._on = on
        self.households: list[HouseholdLine] = []
        self.entries: list[EntryLine] = []
        self.redemptions: list[RedemptionLine] = []
        self.refused: list[RowProblem] = []
        self._village = remembering(lambda cell: clean.clean_village(cleaning.clean_place(cell)))
        self._group = remembering(lambda cell: clean.clean_group(cleaning.clean_place(cell)))
        self._group_if_given = remembering(cleaning.clean_place)
        self._number = remembering(cleaning.clean_number)
        self._head = remembering(cleaning.clean_name)
        self._category = _words(40)
        self._item = _words(80)
        self._confirmed = _words(40, needed=False)
        self._handler = _words(60, needed=False)
        self._goods = _words(60)

    def take(self, table: Table) -> None:
        """Read every row of the table; a row with any fault is refused, none is half read."""
        uses_1904 = table.sheet.uses_1904
        day = remembering(
            lambda cell: clean.clean_day(cell, on=self._on, uses_1904=uses_1904),
        )
        for number, cells in table.rows():
            row = _Row(Address(table, number), cells)
            if table.kind is Kind.HOUSEHOLDS:
                self._keep(row, self._household(row), self.households)
            elif table.kind is Kind.ENTRIES:
                self._keep(row, self._entry(row, day), self.entries)
            else:
                self._keep(row, self._redemption(row, day), self.redemptions)

    def _keep(self, row: _Row, line: Value, lines: list[Value]) -> None:
        if row.faults:
            self.refused.append(row.at.refusal(*row.faults))
        else:
            lines.append(line)

    def _household(self, row: _Row) -> HouseholdLine:
        return HouseholdLine(
            at=row.at,
            village=row.value(Column.VILLAGE, self._village, ""),
            group=row.value(Column.GROUP, self._group, ""),
            number=row.value(Column.NUMBER, self._number, ""),
            head=row.value(Column.HEAD, self._head, ""),
        )

    def _entry(self, row: _Row, day: Callable[[Cell], date | Problem]) -> EntryLine:
        return EntryLine(
            at=row.at,
            day=row.value(Column.DAY, day, self._on),
            village=row.value(Column.VILLAGE, self._village, ""),
            group=row.value(Column.GROUP, self._group_if_given, ""),
            number=row.value(Column.NUMBER, self._number, ""),
            head=row.value(Column.HEAD, self._head, ""),
            category=row.value(Column.CATEGORY, self._category, ""),
            item=row.value(Column.ITEM, self._item, ""),
            points=row.value(Column.POINTS, clean.clean_points, 0),
            confirmed_how=row.value(Column.CONFIRMED, self._confirmed, ""),
            handled_by=row.value(Column.HANDLER, self._handler, ""),
        )

    def _redemption(self, row: _Row, day: Callable[[Cell], date | Problem]) -> RedemptionLine:
        return RedemptionLine(
            at=row.at,
            day=row.value(Column.DAY, day, self._on),
            village=row.value(Column.VILLAGE, self._village, ""),
            group=row.value(Column.GROUP, self._group_if_given, ""),
            number=row.value(Column.NUMBER, self._number, ""),
            head=row.value(Column.HEAD, self._head, ""),
            goods=row.value(Column.GOODS, self._goods, ""),
            quantity=row.value(Column.QUANTITY, clean.clean_quantity, None),
            points=row.value(Column.SPENT, clean.clean_spent, 0),
        )
