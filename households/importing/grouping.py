"""Puts rows into households: empty repeated cells are read from the row above, none is guessed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from households.importing import cleaning
from households.importing.columns import Layout
from households.importing.headings import Field
from households.importing.places import group_key, group_label, number_key, village_key
from households.importing.problems import CellProblem, Problem
from households.importing.results import HouseholdRead, PersonRead
from households.importing.rows import RowCells
from households.importing.sheets import Cell
from households.importing.texts import interned, is_blank
from households.importing.verdicts import Judge, cell_problem, names_agree, remembering

Key = tuple[str, str, str]


@dataclass(slots=True)
class Household:
    """A household while its rows are being read."""

    village: str
    group: str
    number: str
    first_row: int
    key: Key
    written_head: str = ""
    written_head_row: int = 0
    head_row: int = 0
    head_name: str = ""
    is_wanted: bool = False
    members: dict[int, PersonRead] = field(default_factory=dict)

    def finished(self) -> HouseholdRead:
        """Return the household as read; the head's own row knows his name best."""
        heads = [member.name for member in self.members.values() if member.is_head]
        return HouseholdRead(
            village=self.village,
            village_key=self.key[0],
            group=self.group,
            group_key=self.key[1],
            number=self.number,
            number_key=self.key[2],
            first_row=self.first_row,
            head_name=heads[0] if heads else self.written_head or self.head_name,
            members=tuple(self.members.values()),
        )


class Unplaced(Exception):
    """The row's household cannot be told; carries the cell that says why."""

    def __init__(self, cell: CellProblem) -> None:
        super().__init__(cell.problem.code)
        self.cell = cell


class Register:
    """The households met so far and the one the last row belongs to."""

    def __init__(self, layout: Layout, judge: Judge) -> None:
        self._layout = layout
        self._judge = judge
        self._clean_place = remembering(cleaning.clean_place)
        self._clean_number = remembering(cleaning.clean_number)
        self._head_name = remembering(_written_name)
        self._by_key: dict[Key, Household] = {}
        self._current: Household | None = None
        self._village = ""
        self._group = ""

    def households(self) -> Iterable[Household]:
        """Return every household in the order it was met."""
        return self._by_key.values()

    def place(self, row: int, cells: RowCells) -> Household:
        """Return the row's household, or raise `Unplaced`."""
        current, self._current = self._current, None
        village = self._cleaned_place(cells, Field.VILLAGE)
        group = self._cleaned_place(cells, Field.GROUP)
        if is_blank(cells.number):
            household = self._same_as_above(current, village, group, cells)
        else:
            household = self._numbered(row, village, group, cells)
        self._note_head_name(household, row, cells)
        self._current = household
        return household

    def _same_as_above(
        self, current: Household | None, village: str, group: str, cells: RowCells
    ) -> Household:
        elsewhere = current is not None and (
            (village and village_key(village) != current.key[0])
            or (group and group_key(group) != current.key[1])
            or (current.head_row and self._judge.is_head(cells))
            or self._names_another_head(current, cells)
        )
        if current is None or elsewhere:
            raise self._unplaced(cells, Field.NUMBER, cleaning.missing_number())
        return current

    def _numbered(self, row: int, village: str, group: str, cells: RowCells) -> Household:
        number = self._clean_number(cells.number)
        if village and village_key(village) != village_key(self._village):
            self._group = ""
        self._village, self._group = village or self._village, group or self._group
        if isinstance(number, Problem):
            raise self._unplaced(cells, Field.NUMBER, number)
        if not self._village:
            raise self._unplaced(cells, Field.VILLAGE, _missing_place(_("没有填村")))
        if not self._group and Field.GROUP not in self._layout.fixed:
            raise self._unplaced(cells, Field.GROUP, _missing_place(_("没有填组别")))
        key = (village_key(self._village), group_key(self._group), number_key(number))
        household = self._by_key.get(key)
        if household is None:
            household = Household(
                village=interned(self._village),
                group=interned(group_label(self._group)),
                number=interned(number),
                first_row=row,
                key=(interned(key[0]), interned(key[1]), interned(key[2])),
            )
            self._by_key[key] = household
        return household

    def _note_head_name(self, household: Household, row: int, cells: RowCells) -> None:
        if self._names_another_head(household, cells):
            reason = _("同一户号在第 %(row)s 行写的是另一个户主") % {
                "row": household.written_head_row
            }
            problem = Problem("number_taken", reason, _("请核对户号：不同的户要有不同的户号。"))
            raise self._unplaced(cells, Field.HEAD_NAME, problem)
        if not household.written_head:
            name = self._head_name(cells.head_name)
            household.written_head, household.written_head_row = name, row if name else 0

    def _names_another_head(self, household: Household, cells: RowCells) -> bool:
        name = self._head_name(cells.head_name)
        known = household.written_head
        return bool(name and known) and not names_agree(name, known)

    def _cleaned_place(self, cells: RowCells, wanted: Field) -> str:
        place = self._clean_place(cells.of(wanted))
        if isinstance(place, Problem):
            raise self._unplaced(cells, wanted, place)
        return place

    def _unplaced(self, cells: RowCells, wanted: Field, problem: Problem) -> Unplaced:
        return Unplaced(cell_problem(self._layout, cells, wanted, problem))


def _written_name(cell: Cell) -> str:
    name = cleaning.clean_name(cell) if cell else ""
    return "" if isinstance(name, Problem) else name


def _missing_place(reason: str) -> Problem:
    return Problem("place_missing", reason, _("请补上，同一户的各行可以只填第一行。"))
