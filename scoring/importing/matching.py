"""Tells which household a line means, among those on file and those the workbook brings."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from households.importing.places import group_key, number_key
from households.importing.problems import Problem
from households.importing.texts import masked
from households.importing.verdicts import names_agree
from scoring.importing.headings import Column
from scoring.importing.results import HouseholdLine


class Key(NamedTuple):
    """What makes a household one: 001 of 1组 is 1 of 第一小组."""

    village_id: int
    group: str
    number: str


@dataclass(frozen=True, slots=True)
class Household:
    """A household; `pk` is None while it is only in the workbook."""

    key: Key
    group: str
    number: str
    head: str
    pk: int | None = None


class NoMatch(NamedTuple):
    """Why a line's household cannot be told, and by which column."""

    column: Column
    problem: Problem


def household_key(*, village_id: int, group: str, number: str) -> Key:
    """The key of a household however its group and number are written."""
    return Key(village_id, group_key(group), number_key(number))


class Directory:
    """The households that a workbook's lines can mean."""

    def __init__(self, on_file: Iterable[Household]) -> None:
        self._by_key: dict[Key, Household] = {}
        self._by_number: dict[tuple[int, str], list[Household]] = defaultdict(list)
        for household in on_file:
            self._add(household)

    def register(self, line: HouseholdLine, *, village_id: int) -> Household | NoMatch:
        """The household a line of the list of households names; a new one is taken in."""
        key = household_key(village_id=village_id, group=line.group, number=line.number)
        known = self._by_key.get(key)
        if known is None:
            return self._add(Household(key, line.group, line.number, line.head))
        return known if names_agree(known.head, line.head) else _another_head(known)

    def find(self, line: HouseholdLine, *, village_id: int) -> Household | NoMatch:
        """The one household a line of points means; never a guess between two."""
        same = self._by_number.get((village_id, number_key(line.number)), [])
        if line.group:
            same = [known for known in same if known.key.group == group_key(line.group)]
        if not same:
            return NoMatch(
                Column.NUMBER,
                Problem(
                    "household_unknown",
                    _("这个村没有这个户号"),
                    _("请核对村和户号，或把这一户补进农户表。"),
                ),
            )
        agreed = [known for known in same if names_agree(known.head, line.head)]
        if not agreed:
            return _another_head(same[0])
        return agreed[0] if len(agreed) == 1 else _several()

    def _add(self, household: Household) -> Household:
        self._by_key[household.key] = household
        self._by_number[household.key.village_id, household.key.number].append(household)
        return household


def _another_head(known: Household) -> NoMatch:
    reason = _("与这个户号的户主不符，登记的是 %(name)s") % {"name": masked(known.head)}
    return NoMatch(Column.HEAD, Problem("head_differs", reason, _("请核对户号和户主。")))


def _several() -> NoMatch:
    return NoMatch(
        Column.NUMBER,
        Problem(
            "household_ambiguous",
            _("几个组都有这个户号，户主也同名"),
            _("请在这张表加一列“组”。"),
        ),
    )
