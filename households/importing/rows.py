"""Tells the rows of persons from titles, totals, remarks and repeated headers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum, auto
from typing import NamedTuple

from households.importing.columns import Layout
from households.importing.headings import Field, heading_key
from households.importing.sheets import Cell
from households.importing.texts import as_text, is_blank, squeezed

_TOTAL = re.compile(r".{0,12}(?:合计|总计|小计|共计|累计)[:：]?[^:：]{0,8}")
_REMARK = re.compile(
    r"(?:附?注|备注|说明|填表|填报|制表|审核|复核|审批|经办|联系人|负责人|单位|日期|签[字名章]|第.{1,4}页)"
    r".{0,8}[:：\d页]"
)
_SHORTEST_ID_TEXT = 6


class RowCells(NamedTuple):
    """The cells of one row by field, a column the sheet lacks being empty."""

    village: Cell
    group: Cell
    number: Cell
    head_name: Cell
    name: Cell
    relation: Cell
    sex: Cell
    id_number: Cell
    birth: Cell
    phone: Cell
    away: Cell
    note: Cell

    def of(self, wanted: Field) -> Cell:
        """Return the cell of a field."""
        cell: Cell = getattr(self, wanted.value)
        return cell

    def typed_over(self, cells: Mapping[Field, str]) -> "RowCells":
        """Return the row with what was typed in place of its cells."""
        return self._replace(**{wanted.value: text for wanted, text in cells.items()})


class RowKind(Enum):
    """What a row is for."""

    PERSON = auto()
    BLANK = auto()
    ASIDE = auto()


class SheetRow(NamedTuple):
    """One row below the header: its number in Excel, its kind and its cells."""

    number: int
    kind: RowKind
    cells: RowCells


def rows_below_header(layout: Layout) -> Iterator[SheetRow]:
    """Yield every row below the header with its kind."""
    pick = _picker(layout)
    for number, cells in layout.sheet.rows():
        if number > layout.last_header_row:
            picked = pick(cells)
            yield SheetRow(number, _kind_of(cells, picked, layout), picked)


def _picker(layout: Layout) -> Callable[[Sequence[Cell]], RowCells]:
    """Return what turns a sheet's row into cells by field; short rows are filled up."""
    past_the_end = max(layout.columns.values(), default=0) + 1
    places = []
    constants: list[Cell] = []
    for wanted in Field:
        if wanted in layout.fixed:
            constants.append(layout.fixed[wanted])
            places.append(past_the_end + len(constants))
        else:
            places.append(layout.columns.get(wanted, past_the_end))

    def pick(cells: Sequence[Cell]) -> RowCells:
        line = [*cells[:past_the_end], *[""] * (past_the_end - len(cells)), "", *constants]
        return RowCells(*[line[place] for place in places])

    return pick


def _kind_of(cells: Sequence[Cell], picked: RowCells, layout: Layout) -> RowKind:
    if _is_plainly_a_person(picked, layout):
        return RowKind.PERSON
    texts = [squeezed(as_text(cell)) for cell in cells if not is_blank(cell)]
    if not texts:
        return RowKind.BLANK
    if _is_total(texts, picked) or _repeats_header(picked, layout):
        return RowKind.ASIDE
    if _has_nothing_of_a_person(picked):
        names_household = not is_blank(picked.number) and len(squeezed(as_text(picked.number))) < 9
        return RowKind.PERSON if names_household and not _is_remark(texts) else RowKind.ASIDE
    own = (picked.id_number, picked.relation, picked.birth)
    return RowKind.ASIDE if all(map(is_blank, own)) and _is_remark(texts) else RowKind.PERSON


def _is_plainly_a_person(picked: RowCells, layout: Layout) -> bool:
    number, name = picked.id_number, picked.name
    return (
        isinstance(number, str)
        and isinstance(name, str)
        and len(number) > _SHORTEST_ID_TEXT
        and name != ""
        and name != layout.heading(Field.NAME)
    )


def _is_total(texts: list[str], picked: RowCells) -> bool:
    if isinstance(picked.relation, str) and not is_blank(picked.relation):
        return False
    if isinstance(picked.name, str) and not is_blank(picked.name):
        return _TOTAL.fullmatch(squeezed(picked.name)) is not None
    is_id = isinstance(picked.id_number, str) and len(picked.id_number) > _SHORTEST_ID_TEXT
    return not is_id and any(_TOTAL.fullmatch(text) for text in texts[:2])


def _repeats_header(picked: RowCells, layout: Layout) -> bool:
    repeated = heading_key(as_text(picked.name))
    return repeated != "" and repeated == heading_key(layout.heading(Field.NAME))


def _has_nothing_of_a_person(picked: RowCells) -> bool:
    own = (picked.name, picked.id_number, picked.relation, picked.birth, picked.phone, picked.sex)
    return all(map(is_blank, own))


def _is_remark(texts: list[str]) -> bool:
    return any(_REMARK.match(text) for text in texts)
