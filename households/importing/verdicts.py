"""Judges one row by itself: what it says of a person, what refuses it, what is left out of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext as _

from households.identity import birth_date_of, is_male
from households.importing import cleaning
from households.importing.columns import Layout
from households.importing.dates import Birth, BirthMonth, clean_birth
from households.importing.headings import Field
from households.importing.problems import CellProblem, Problem
from households.importing.results import PersonRead
from households.importing.rows import RowCells
from households.importing.sheets import Cell
from households.importing.texts import interned, masked, person_name, shown

HEADS = {"户主", "本人", "户主本人", "本人户主", "本人(户主)", "本人（户主）", "本户户主"}
PRIVATE = {Field.NAME, Field.HEAD_NAME, Field.ID_NUMBER, Field.PHONE, Field.BIRTH, Field.NOTE}
_DOTS = str.maketrans(dict.fromkeys("•‧・．.", "·"))

Value = TypeVar("Value")
Cleaned = TypeVar("Cleaned")


def remembering(clean: Callable[[Cell], Cleaned]) -> Callable[[Cell], Cleaned]:
    """Return the same cleaning, done once per spelling: for columns of a few repeated words."""
    known: dict[tuple[type, Cell], Cleaned] = {}

    def recall(cell: Cell) -> Cleaned:
        spelling = (cell.__class__, cell)
        if spelling not in known:
            known[spelling] = clean(cell)
        return known[spelling]

    return recall


@dataclass(slots=True)
class Verdict:
    """One row judged: a person when nothing refuses it."""

    row: int
    name: str
    is_head: bool
    person: PersonRead | None
    faults: list[CellProblem]
    warnings: list[CellProblem]


@dataclass(slots=True)
class _Findings:
    layout: Layout
    cells: RowCells
    faults: list[CellProblem] = field(default_factory=list)
    warnings: list[CellProblem] = field(default_factory=list)

    def needed(self, wanted: Field, result: str | Problem) -> str:
        """Return the value; a problem refuses the row."""
        if isinstance(result, Problem):
            self.faults.append(cell_problem(self.layout, self.cells, wanted, result))
            return ""
        return result

    def optional(self, wanted: Field, result: Value | Problem, otherwise: Value) -> Value:
        """Return the value; with a problem it is left out and the row is warned."""
        if isinstance(result, Problem):
            self.warnings.append(cell_problem(self.layout, self.cells, wanted, result))
            return otherwise
        return result


def cell_problem(layout: Layout, cells: RowCells, wanted: Field, problem: Problem) -> CellProblem:
    """Name the cell of a problem as the file does, its value masked."""
    show: Callable[[Cell], str] = masked if wanted in PRIVATE else shown
    return CellProblem(layout.heading(wanted), show(cells.of(wanted)), problem, wanted.value)


def names_agree(one: str, other: str) -> bool:
    """Return whether two names differ in nothing but the kind of dot between their parts."""
    return one == other or one.translate(_DOTS) == other.translate(_DOTS)


class Judge:
    """Judges rows of one layout, each without looking at any other, as known on one day."""

    def __init__(self, layout: Layout, *, on: date) -> None:
        self._layout = layout
        self._on = on
        self._relation = remembering(cleaning.clean_relation)
        self._sex = remembering(cleaning.clean_sex)
        self._away = remembering(cleaning.clean_away)
        self._note = remembering(cleaning.clean_note)

    def is_head(self, cells: RowCells) -> bool:
        """Return whether the row calls its person the head; without a relation names decide."""
        relation = self._relation(cells.relation)
        if relation:
            return relation in HEADS
        head, name = cells.head_name, cells.name
        both_given = isinstance(head, str) and isinstance(name, str) and head != ""
        return both_given and names_agree(person_name(str(head)), person_name(str(name)))

    def judge(self, row: int, cells: RowCells) -> Verdict:
        """Return the person of the row, or what refuses it; and what is left out of it."""
        found = _Findings(self._layout, cells)
        name = found.needed(Field.NAME, cleaning.clean_name(cells.name))
        number = found.needed(Field.ID_NUMBER, cleaning.clean_id(cells.id_number, on=self._on))
        is_head = self.is_head(cells)
        person = self._person(row, found, name=name, id_number=number, is_head=is_head)
        return Verdict(row, name, is_head, person, found.faults, found.warnings)

    def _person(
        self, row: int, found: _Findings, *, name: str, id_number: str, is_head: bool
    ) -> PersonRead | None:
        cells = found.cells
        relation = found.optional(Field.RELATION, self._relation(cells.relation), "")
        phone = found.optional(Field.PHONE, cleaning.clean_phone(cells.phone), "")
        away = found.optional(Field.AWAY, self._away(cells.away), None)
        note = found.optional(Field.NOTE, self._note(cells.note), "")
        sex = found.optional(Field.SEX, self._sex(cells.sex), "")
        uses_1904 = self._layout.sheet.uses_1904
        birth = found.optional(Field.BIRTH, clean_birth(cells.birth, uses_1904=uses_1904), None)
        if found.faults:
            return None
        born_on = birth_date_of(id_number)
        found.optional(Field.BIRTH, _birth_beside_id(birth, born_on), None)
        if is_head:
            found.optional(Field.HEAD_NAME, _head_name_beside(cells.head_name, name), None)
        return PersonRead(
            row=row,
            name=name,
            relation=interned(relation),
            is_head=is_head,
            sex=found.optional(Field.SEX, _sex_beside_id(sex, id_number), ""),
            id_number=id_number,
            phone=phone,
            birth_on=born_on,
            away=away,
            note=note,
        )


def _head_name_beside(head: Cell, name: str) -> Problem | None:
    """The head's own row tells his name; another one in the head's column needs a look."""
    if not isinstance(head, str) or not head or head == name:
        return None
    written = person_name(head)
    if not written or names_agree(written, name):
        return None
    return Problem(
        "head_name_differs",
        _("与户主这一行的姓名不同"),
        _("请核对；现以户主这一行的姓名为准。"),
    )


def _birth_beside_id(birth: Birth | None, born_on: date) -> Problem | None:
    """The ID has a check digit and the date has none: the ID's date stands."""
    agrees = birth is None or birth == born_on
    if isinstance(birth, BirthMonth):
        agrees = birth == (born_on.year, born_on.month)
    if agrees:
        return None
    return Problem(
        "birth_differs_from_id",
        _("与身份证号里的出生日期不同"),
        _("请核对；现以身份证号为准。"),
    )


def _sex_beside_id(sex: str, id_number: str) -> str | Problem:
    if not sex or (sex == "男") == is_male(id_number):
        return sex
    return Problem("sex_differs_from_id", _("与身份证号里的性别不同"), _("请核对；这一项已略去。"))
