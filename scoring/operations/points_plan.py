"""Checks a whole points workbook against what is on file, before a line of it is entered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from households.importing.places import matching_village
from households.importing.problems import Problem, RowProblem
from scoring.importing.headings import Column
from scoring.importing.matching import Directory, Household, Key, NoMatch
from scoring.importing.results import EntryLine, HouseholdLine, PointsBook, RedemptionLine
from scoring.queries import points_import as on_file
from scoring.queries.points_import import PointsFigures, Standing
from villages.models import Village


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of points and the household it means; `points` carry their sign."""

    household: Household
    line: EntryLine | RedemptionLine
    points: int

    @property
    def month(self) -> str:
        """The month it belongs to."""
        return f"{self.line.day:%Y-%m}"


@dataclass(slots=True)
class VillagePlan:
    """What a workbook says of one village, in the order in which it is entered."""

    village: Village
    households: dict[Key, Household] = field(default_factory=dict)
    entries: list[Fact] = field(default_factory=list)
    redemptions: list[Fact] = field(default_factory=list)

    @property
    def facts(self) -> list[Fact]:
        """Every line of points."""
        return [*self.entries, *self.redemptions]

    @property
    def months(self) -> list[str]:
        """The months the village has lines in, in their order."""
        return sorted({fact.month for fact in self.facts})

    def of_month(self, month: str) -> tuple[list[Fact], list[Fact]]:
        """Entries and redemptions of a month, each by day and then as the file has them."""
        entries, redemptions = (
            sorted((f for f in facts if f.month == month), key=lambda fact: fact.line.day)
            for facts in (self.entries, self.redemptions)
        )
        return entries, redemptions

    def figures(self) -> PointsFigures:
        """What the workbook alone amounts to."""
        gross = sum(fact.points for fact in self.entries if fact.points > 0)
        minus = sum(fact.points for fact in self.entries if fact.points < 0)
        redeemed = -sum(fact.points for fact in self.redemptions)
        return PointsFigures(
            households=len(self.households),
            entries=len(self.entries),
            redemptions=len(self.redemptions),
            gross=gross,
            minus=minus,
            redeemed=redeemed,
            spendable=gross + minus - redeemed,
            months=tuple(self.months),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """A workbook checked: nothing may be entered while a row is refused."""

    villages: list[VillagePlan]
    refused: list[RowProblem]


def villages_named(*, book: PointsBook, villages: Sequence[Village]) -> dict[str, Village]:
    """The villages that the workbook's spellings mean; a spelling that means none is left out."""
    names = {village.name: village for village in villages}
    spellings = {line.village for line in _lines(book)}
    found = {spelling: matching_village(spelling, names) for spelling in spellings}
    return {spelling: names[name] for spelling, name in found.items() if name}


def plan_book(*, book: PointsBook, villages: Sequence[Village]) -> Plan:
    """Check every line against the files of these villages; all refusals in the file's order."""
    checking = _Checking(book, villages_named(book=book, villages=villages))
    checking.match()
    for planned in checking.plans.values():
        checking.refuse_what_cannot_follow(planned)
    order = {title: place for place, title in enumerate(_titles(book))}
    refused = sorted(
        [*book.refused, *checking.refused], key=lambda bad: (order.get(bad.sheet, 0), bad.row)
    )
    plans = sorted(checking.plans.values(), key=lambda planned: planned.village.code)
    return Plan(villages=plans, refused=refused)


class _Checking:
    def __init__(self, book: PointsBook, villages: dict[str, Village]) -> None:
        self._book = book
        self._villages = villages
        self.refused: list[RowProblem] = []
        self.plans = {v.pk: VillagePlan(v) for v in villages.values()}
        self._directory = Directory(on_file.households_of(village_ids=list(self.plans)))

    def match(self) -> None:
        """Find the household of every line."""
        for line in self._book.households:
            if village := self._village(line):
                found = self._directory.register(line, village_id=village.pk)
                self._accept(line, village, found)
        for entry in self._book.entries:
            if fact := self._fact(entry, entry.points):
                self.plans[fact.household.key.village_id].entries.append(fact)
        for redemption in self._book.redemptions:
            if fact := self._fact(redemption, -redemption.points):
                self.plans[fact.household.key.village_id].redemptions.append(fact)

    def refuse_what_cannot_follow(self, planned: VillagePlan) -> None:
        """Refuse a village whose ledger goes on already, and goods nobody had points for."""
        if not planned.facts:
            return
        found = on_file.standing(
            village_id=planned.village.pk, source_prefix=self._book.source_prefix
        )
        if found.from_file:
            return
        first = min(planned.facts, key=lambda fact: fact.line.day)
        if problem := _cannot_begin(found, first, self._book.begins_on):
            line = first.line
            cell = line.at.cell(Column.DAY, line.day, problem)
            self.refused.append(line.at.refusal(cell))
        self._refuse_overspent(planned)

    def _refuse_overspent(self, planned: VillagePlan) -> None:
        stored = on_file.spendable_of(village_id=planned.village.pk)
        left: dict[Key, int] = defaultdict(int)
        for key, household in planned.households.items():
            left[key] = stored.get(household.pk or 0, 0)
        for month in planned.months:
            entries, redemptions = planned.of_month(month)
            for fact in entries:
                left[fact.household.key] += fact.points
            for fact in redemptions:
                rest = left[fact.household.key]
                if rest + fact.points < 0:
                    self._refuse(fact.line, _not_enough(rest))
                else:
                    left[fact.household.key] = rest + fact.points

    def _fact(self, line: EntryLine | RedemptionLine, points: int) -> Fact | None:
        village = self._village(line)
        if village is None:
            return None
        found = self._directory.find(line, village_id=village.pk)
        household = self._accept(line, village, found)
        return Fact(household, line, points) if household else None

    def _accept(
        self, line: HouseholdLine, village: Village, found: Household | NoMatch
    ) -> Household | None:
        if isinstance(found, NoMatch):
            self._refuse(line, found)
            return None
        self.plans[village.pk].households[found.key] = found
        return found

    def _village(self, line: HouseholdLine) -> Village | None:
        village = self._villages.get(line.village)
        if village is None:
            problem = Problem("village_unknown", _("这个乡镇没有这个村"), _("请核对村名和乡镇。"))
            self._refuse(line, NoMatch(Column.VILLAGE, problem))
        return village

    def _refuse(self, line: HouseholdLine, why: NoMatch) -> None:
        value: str | int = line.village
        if why.column is Column.NUMBER:
            value = line.number
        elif why.column is Column.HEAD:
            value = line.head
        elif isinstance(line, RedemptionLine) and why.column is Column.SPENT:
            value = line.points
        cell = line.at.cell(why.column, str(value), why.problem)
        self.refused.append(line.at.refusal(cell))


def _cannot_begin(found: Standing, first: Fact, rules_begin: date) -> Problem | None:
    if found.last_month and (found.open_month or first.month <= found.last_month):
        reason = _("这个村已经记账到 %(month)s，再导入会重复记分") % {"month": found.last_month}
        fix = _("请核对是不是导入过别的版本；台账要接在已锁定的月份以后。")
        return Problem("village_has_a_ledger", reason, fix)
    if found.rules_since and (found.rules_are_adopted or found.rules_since >= rules_begin):
        reason = _("这个村从 %(day)s 起已有生效的积分细则") % {"day": found.rules_since}
        fix = _("照录台账要在细则表决以前导入，请与镇里核对。")
        return Problem("village_has_rules", reason, fix)
    return None


def _not_enough(rest: int) -> NoMatch:
    reason = _("可兑积分不够，当时只有 %(rest)s 分") % {"rest": rest}
    fix = _("请核对户号、日期和积分，看台账有没有漏记。")
    return NoMatch(Column.SPENT, Problem("not_enough_points", reason, fix))


def _lines(book: PointsBook) -> Iterable[HouseholdLine]:
    yield from book.households
    yield from book.entries
    yield from book.redemptions


def _titles(book: PointsBook) -> dict[str, None]:
    named = [line.at.table.title for line in _lines(book)]
    return dict.fromkeys([*named, *(bad.sheet for bad in book.refused)])
