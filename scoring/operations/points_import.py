"""Enters a points workbook: its rules, then month by month through the one way in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from households.importing.problems import Problem, RowProblem
from scoring.errors import LedgerRefusal
from scoring.importing.headings import Column
from scoring.importing.matching import Key
from scoring.importing.results import EntryLine, PointsBook
from scoring.importing.rules import RuleKey, RuleSeen, rule_key, rules_seen
from scoring.models import Entry, Item, RuleBook, TranscribedLine
from scoring.operations import closing, ledger, months, rulebooks
from scoring.operations.ledger import NewEntry
from scoring.operations.points_households import open_files
from scoring.operations.points_plan import Fact, Plan, VillagePlan, plan_book, villages_named
from scoring.queries import points_import as on_file
from trail.actor import Actor
from trail.errors import DomainError
from trail.failpoints import failpoint
from trail.operations import record
from villages import queries as villages
from villages.models import Township

POST_AT_ONCE = 10_000
_NAME_AT_MOST = 120


class BookRefused(DomainError):
    """Rows of the workbook are wrong; nothing of it was entered. `refused` names them all."""

    code = "book_refused"

    def __init__(self, refused: Sequence[RowProblem]) -> None:
        super().__init__(_("有 %(count)s 行有问题，整个文件没有导入。") % {"count": len(refused)})
        self.refused = list(refused)


@dataclass(frozen=True, slots=True)
class Entered:
    """A workbook entered: `written` counts the lines that were not in the ledger before."""

    plan: Plan
    written: int


def check_points(*, book: PointsBook, township: Township) -> Plan:
    """Say what an import would enter and refuse, writing nothing."""
    return plan_book(book=book, villages=villages.villages_of(township_id=township.pk))


@transaction.atomic
def import_points(*, book: PointsBook, township: Township, by: Actor, at: datetime) -> Entered:
    """Enter the whole workbook or nothing of it; the same file again changes nothing (I-35).

    Each village gets the rules its book was kept by. Its months are closed as transcribed in
    their order, except the last, which is left to the ordinary close. Raises BookRefused.
    """
    within = villages.villages_of(township_id=township.pk)
    named = villages_named(book=book, villages=within)
    for village_id in sorted({village.pk for village in named.values()}):
        ledger.enter(village_id=village_id, alone=True)
    plan = plan_book(book=book, villages=within)
    if plan.refused:
        raise BookRefused(plan.refused)
    seen = rules_seen(book.entries)
    written = 0
    for planned in plan.villages:
        entering = _Entering(book, planned, by, at)
        written += entering.enter(seen)
    return Entered(plan, written)


class _Entering:
    """The entering of one village's part, under its lock."""

    def __init__(self, book: PointsBook, planned: VillagePlan, by: Actor, at: datetime) -> None:
        self._book, self._planned, self._by, self._at = book, planned, by, at
        self._village = planned.village
        self._households: dict[Key, int] = {}
        self._items: dict[str, int] = {}
        self._codes: dict[RuleKey, str] = {}

    def enter(self, seen: Sequence[RuleSeen]) -> int:
        """Enter everything; answers how many lines were new."""
        self._households = open_files(
            planned=self._planned, digest=self._book.digest, by=self._by, at=self._at
        )
        found = self._planned.months
        if not found:
            return 0
        rules = self._rules(seen)
        self._items = on_file.items_by_code(rulebook_id=rules.pk)
        self._codes = {rule.key: rule.code for rule in seen}
        self._keep_words()
        return sum(self._month(month, is_last=month == found[-1]) for month in found)

    def _rules(self, seen: Sequence[RuleSeen]) -> RuleBook:
        book = self._book
        known = on_file.transcribed_book(village_id=self._village.pk, digest=book.digest)
        if known:
            return known
        return rulebooks.transcribe(
            village=self._village,
            paper=rulebooks.PaperBook(
                title=_("%(village)s积分细则（照录台账）") % {"village": self._village.name},
                effective_from=book.begins_on,
                source=f"{book.name[:_NAME_AT_MOST]} sha256 {book.digest}",
            ),
            lines=[_item_line(rule) for rule in seen],
            by=self._by,
            at=self._at,
        )

    def _month(self, month: str, *, is_last: bool) -> int:
        """Enter a month, points before goods, and close it unless it is the last."""
        village_id = self._village.pk
        opened = None
        if not is_last:
            opened = months.open_transcribed(village_id=village_id, month=month)
        entries, redemptions = self._planned.of_month(month)
        written = self._post(entries) + self._post(redemptions)
        if written:
            self._record(month, entries, redemptions, written=written)
        if opened:
            closing.close_transcribed(month=opened, by=self._by, at=self._at)
        failpoint("import:month")
        return written

    def _post(self, facts: Sequence[Fact]) -> int:
        fresh = 0
        for batch in _batches(facts):
            rows = [self._new_entry(fact) for fact in batch]
            try:
                posted = ledger.post(village_id=self._village.pk, rows=rows, by=self._by)
            except LedgerRefusal as refusal:
                raise BookRefused([_refused_by_ledger(batch, refusal)]) from refusal
            fresh += sum(answer.fresh for answer in posted)
        return fresh

    def _new_entry(self, fact: Fact) -> NewEntry:
        kind, item_id = Entry.Kind.REDEMPTION, None
        if isinstance(fact.line, EntryLine):
            kind = Entry.Kind.AWARD if fact.points > 0 else Entry.Kind.DEDUCTION
            item_id = self._items[self._codes[rule_key(fact.line)]]
        return NewEntry(
            subject_id=self._households[fact.household.key],
            kind=kind,
            points=fact.points,
            occurred_on=fact.line.day,
            source=self._book.source(fact.line),
            item_id=item_id,
        )

    def _keep_words(self) -> None:
        """Keep who handled a line, and how and what, beside the ledger: once per line."""
        kept = on_file.sources_with_words(
            village_id=self._village.pk, source_prefix=self._book.source_prefix
        )
        lines = ((self._book.source(fact.line), fact) for fact in self._planned.facts)
        TranscribedLine.objects.bulk_create(
            (
                _words(self._village.pk, source, fact)
                for source, fact in lines
                if source not in kept
            ),
            batch_size=POST_AT_ONCE,
        )

    def _record(
        self, month: str, entries: Sequence[Fact], redemptions: Sequence[Fact], *, written: int
    ) -> None:
        record(
            by=self._by,
            at=self._at,
            what="points.imported",
            about=f"villages.village:{self._village.pk}",
            village_id=self._village.pk,
            detail={
                "file": self._book.digest,
                "month": month,
                "entries": len(entries),
                "redemptions": len(redemptions),
                "points": sum(fact.points for fact in entries),
                "redeemed": -sum(fact.points for fact in redemptions),
                "written": written,
            },
        )


def _item_line(rule: RuleSeen) -> rulebooks.ItemLine:
    return rulebooks.ItemLine(
        category=rule.key.category,
        code=rule.code,
        name=rule.key.item,
        list=Item.List.POSITIVE if rule.key.gives else Item.List.NEGATIVE,
        low=rule.low,
        high=rule.high,
        route=rule.route,
    )


def _words(village_id: int, source: str, fact: Fact) -> TranscribedLine:
    line = fact.line
    if isinstance(line, EntryLine):
        return TranscribedLine(
            village_id=village_id,
            source=source,
            handled_by=line.handled_by,
            confirmed_how=line.confirmed_how,
        )
    return TranscribedLine(
        village_id=village_id, source=source, goods=line.goods, quantity=line.quantity
    )


def _batches(facts: Sequence[Fact]) -> Iterator[Sequence[Fact]]:
    for start in range(0, len(facts), POST_AT_ONCE):
        yield facts[start : start + POST_AT_ONCE]


def _refused_by_ledger(batch: Sequence[Fact], refusal: LedgerRefusal) -> RowProblem:
    """The ledger checks once more what was checked before; its refusal names the file's row."""
    line = batch[int(str(refusal.facts["row"]))].line
    column = Column.POINTS if isinstance(line, EntryLine) else Column.SPENT
    problem = Problem(refusal.code, str(refusal), _("请核对这一行，再重新导入。"))
    return line.at.refusal(line.at.cell(column, str(line.points), problem))
