"""Reads a file from first to last: the one way into this package."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from households.importing.columns import Choice, Layout, find_layout
from households.importing.grouping import Household, Key, Register, Unplaced
from households.importing.headings import Field
from households.importing.problems import CellProblem, Problem, RowProblem
from households.importing.results import PersonRead, Place, ReadFile
from households.importing.rows import RowCells, RowKind, rows_below_header
from households.importing.sheets import open_sheets
from households.importing.texts import masked
from households.importing.verdicts import Judge, Verdict, cell_problem

_ANYTHING = Choice()


@dataclass(frozen=True, slots=True)
class Fix:
    """What a person says of a row in place of the file: cells typed anew, or not to be taken."""

    cells: Mapping[Field, str] = field(default_factory=dict)
    left_out: bool = False


Fixes = Mapping[int, Fix]
_NO_FIXES: Fixes = {}


def read_file(path: Path, *, on: date, name: str = "", choice: Choice = _ANYTHING) -> ReadFile:
    """Read and check a household file as known on that day; every row of a person ends somewhere.

    Raises a `DomainError` when the file as a whole cannot be read; `name` is its name at home.
    """
    return read_layout(find_layout(open_sheets(path, name=name), choice), on=on)


def read_layout(layout: Layout, *, on: date, fixes: Fixes = _NO_FIXES) -> ReadFile:
    """Read the rows below a header that was found or chosen, with what was typed over them."""
    judge = Judge(layout, on=on)
    reading = _Reading(layout, judge, Register(layout, judge))
    for row in rows_below_header(layout):
        fix = fixes.get(row.number)
        if fix is not None:
            reading.take_fixed(row.number, row.cells, fix)
        elif row.kind is RowKind.PERSON:
            reading.take(row.number, row.cells)
        elif row.kind is RowKind.ASIDE:
            reading.left_out.append(row.number)
    return reading.result()


@dataclass(slots=True)
class _Reading:
    layout: Layout
    judge: Judge
    register: Register
    people: int = 0
    repeats: int = 0
    left_out: list[int] = field(default_factory=list)
    placed: dict[int, Place] = field(default_factory=dict)
    refused: dict[int, list[CellProblem]] = field(default_factory=dict)
    warned: dict[int, list[CellProblem]] = field(default_factory=dict)
    people_by_id: dict[str, tuple[Household, PersonRead]] = field(default_factory=dict)
    refused_cells: set[tuple[Key | None, RowCells]] = field(default_factory=set)

    def take_fixed(self, row: int, cells: RowCells, fix: Fix) -> None:
        if not fix.left_out:
            self.take(row, cells.typed_over(fix.cells))
            return
        self.left_out.append(row)
        # Rows below it may say nothing of their household but that it is the same as above.
        with suppress(Unplaced):
            self.register.place(row, cells)

    def take(self, row: int, cells: RowCells) -> None:
        verdict = self.judge.judge(row, cells)
        try:
            household = self.register.place(row, cells)
        except Unplaced as unplaced:
            verdict.faults.insert(0, unplaced.cell)
            self._refuse_unless_repeated(verdict, cells, None)
            return
        household.is_wanted = True
        self.placed[row] = (household.village, household.group, household.number)
        if verdict.person is None:
            self._refuse_unless_repeated(verdict, cells, household)
        else:
            self._take_person(verdict, verdict.person, cells, household)

    def result(self) -> ReadFile:
        households = [
            household.finished() for household in self.register.households() if household.is_wanted
        ]
        return ReadFile(
            sheet=self.layout.sheet.title,
            headings={wanted.value: self.layout.heading(wanted) for wanted in self.layout.columns},
            households=households,
            refused=self._problems(self.refused),
            warned=self._problems(self.warned),
            people=self.people,
            unchanged_repeats=self.repeats,
            rows_left_out=self.left_out,
            placed=self.placed,
        )

    def _take_person(
        self, verdict: Verdict, person: PersonRead, cells: RowCells, household: Household
    ) -> None:
        known = self.people_by_id.get(person.id_number)
        if known and known[0] is household and known[1] == person:
            self.repeats += 1
            return
        if known:
            self._refuse_both(verdict, person, cells, known)
            return
        if person.is_head and household.head_row:
            verdict.faults.append(self._second_head(cells, household))
            self._refuse(verdict)
            return
        self.people_by_id[person.id_number] = (household, person)
        self.people += 1
        household.members[person.row] = person
        self._note_head(verdict, household)
        if verdict.warnings:
            self.warned[person.row] = verdict.warnings

    def _refuse_unless_repeated(
        self, verdict: Verdict, cells: RowCells, household: Household | None
    ) -> None:
        trace = (household.key if household else None, cells)
        if trace in self.refused_cells:
            self.repeats += 1
            return
        self.refused_cells.add(trace)
        self._refuse(verdict)
        if household:
            self._note_head(verdict, household)

    def _refuse(self, verdict: Verdict) -> None:
        self.people += 1
        self.refused[verdict.row] = verdict.faults + verdict.warnings

    def _refuse_both(
        self,
        verdict: Verdict,
        person: PersonRead,
        cells: RowCells,
        known: tuple[Household, PersonRead],
    ) -> None:
        """Two rows claim one ID: which of them is right is not ours to guess."""
        household, earlier = known
        same_name = earlier.name == person.name
        problem = _id_twice(earlier.row, same_name=same_name)
        verdict.faults.append(cell_problem(self.layout, cells, Field.ID_NUMBER, problem))
        self._refuse(verdict)
        if household.members.pop(earlier.row, None):
            problem = _id_twice(verdict.row, same_name=same_name)
            heading = self.layout.heading(Field.ID_NUMBER)
            shown = masked(earlier.id_number)
            cell = CellProblem(heading, shown, problem, Field.ID_NUMBER.value)
            self.refused[earlier.row] = [cell, *self.warned.pop(earlier.row, [])]

    def _second_head(self, cells: RowCells, household: Household) -> CellProblem:
        problem = Problem(
            "second_head",
            _("这一户在第 %(row)s 行已有户主") % {"row": household.head_row},
            _("请核对与户主关系和户号，一户只有一个户主。"),
        )
        return cell_problem(self.layout, cells, Field.RELATION, problem)

    def _note_head(self, verdict: Verdict, household: Household) -> None:
        if verdict.is_head and not household.head_row:
            household.head_row, household.head_name = verdict.row, verdict.name

    def _problems(self, rows: dict[int, list[CellProblem]]) -> list[RowProblem]:
        title = self.layout.sheet.title
        return [RowProblem(title, row, tuple(cells)) for row, cells in sorted(rows.items())]


def _id_twice(other_row: int, *, same_name: bool) -> Problem:
    reason = _("与第 %(row)s 行的身份证号相同，内容不同") % {"row": other_row}
    if not same_name:
        reason = _("与第 %(row)s 行的身份证号相同，姓名不同") % {"row": other_row}
    return Problem("id_twice", reason, _("请核对这两行，改正或删去其中一行。"))
