"""The stage of the ledger's tests: a village, its rules, a household, a clerk, a second person."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count

from accounts import operations as approvals
from accounts.models import Proposal
from households.models import Subject
from scoring.models import Adoption, Balance, Entry, Item, Month, RuleBook
from scoring.operations import adoptions, closing, ledger, rulebooks
from scoring.operations.adoptions import Minutes
from scoring.operations.ledger import NewEntry, Posted
from scoring.operations.rulebooks import ItemLine, PaperBook
from scoring.queries import months
from tests.factories import (
    NOON,
    YEAR_BEGINS,
    make_actor,
    make_household,
    make_person,
    make_township,
    make_village,
)
from trail import clock
from trail.actor import Actor
from villages.models import Township, Village

CATEGORY = "人居环境整治"
OTHER_CATEGORY = "家庭美德"
_sources = count(1)


def line(code: str, **fields) -> ItemLine:
    """An item of 1 to 1,000 points without a cap; any field can be given."""
    values = {
        "category": CATEGORY,
        "name": f"条目{code}",
        "list": Item.List.POSITIVE,
        "low": 1,
        "high": 1000,
        "route": Item.Route.PANEL,
        **fields,
    }
    return ItemLine(code=code, **values)


LINES = (
    line("plus"),
    line("minus", list=Item.List.NEGATIVE),
    line("kind", category=OTHER_CATEGORY, low=2, high=8),
    line("month", cap_period="month", cap_times=2),
    line("quarter", cap_period="quarter", cap_points=20),
    line("year", cap_period="year", cap_times=1),
    line("litter", list=Item.List.NEGATIVE, cap_period="month", cap_points=10),
    line("veto", list=Item.List.VETO, low=0, high=0),
)


@dataclass
class Stage:
    """Everything a post needs; `row` fills in what a test does not name."""

    village: Village
    book: RuleBook
    clerk: Actor
    second: Actor
    home: Subject
    items: dict[str, int] = field(default_factory=dict)

    def row(
        self,
        points: int = 5,
        *,
        item: str | None = "plus",
        on: date = date(2026, 10, 12),
        kind: Entry.Kind | None = None,
        home: Subject | None = None,
        source: str = "",
        reverses: int | None = None,
    ) -> NewEntry:
        """An award, or with negative points a deduction, of the item with this code."""
        sign = Entry.Kind.AWARD if points > 0 else Entry.Kind.DEDUCTION
        return NewEntry(
            subject_id=(home or self.home).pk,
            kind=kind or sign,
            points=points,
            occurred_on=on,
            source=source or f"test:{next(_sources)}",
            item_id=self.items[item] if item else None,
            reverses_id=reverses,
        )

    def spend(self, points: int, *, kind: Entry.Kind = Entry.Kind.REDEMPTION, **more) -> NewEntry:
        """A redemption of so many points."""
        return self.row(-points, item=None, kind=kind, **more)

    def reversal(self, entry_id: int, **changes) -> NewEntry:
        """What reverses the entry; `changes` make it wrong."""
        entry = Entry.objects.get(pk=entry_id)
        plain = NewEntry(
            subject_id=entry.subject_id,
            kind=Entry.Kind.REVERSAL,
            points=-entry.points,
            occurred_on=entry.occurred_on,
            source=self.agreed_reversal(entry_id),
            reverses_id=entry_id,
        )
        return replace(plain, **changes)

    def agreed_reversal(self, entry_id: int) -> str:
        """The source of a reversal on which the clerk and the second person agreed."""
        at, asked = clock.now(), {"kind": Proposal.Kind.REVERSAL, "content": str(entry_id)}
        matter = {**asked, "about": f"scoring.entry:{entry_id}", "village_id": self.village.pk}
        words = {"summary": "冲正", "because": "记错了"}
        proposal = approvals.propose(**matter, **words, by=self.clerk, at=at)
        approvals.decide(proposal=proposal, approve=True, by=self.second, at=at)
        approvals.consume(**matter, at=at)
        return f"reversal:{proposal.pk}"

    def post(self, *rows: NewEntry) -> list[Posted]:
        return ledger.post(village_id=self.village.pk, rows=rows, by=self.clerk)

    def enter(self, points: int = 5, **more) -> int:
        """The id of one posted award or deduction."""
        return self.post(self.row(points, **more))[0].entry_id

    def draft_book(
        self, *, lines: tuple[ItemLine, ...] = (), since: date | None = None
    ) -> RuleBook:
        """A new version of the rules; its items begin today unless told."""
        return rulebooks.draft(
            village=self.village,
            title="新细则",
            lines=lines or LINES,
            since=since or clock.today(),
            by=self.clerk,
            at=clock.now(),
        )

    def submit_book(self, book: RuleBook | None = None) -> RuleBook:
        return rulebooks.submit(book=book or self.draft_book(), by=self.clerk, at=clock.now())

    def adopt_book(self, book: RuleBook, *, from_on: date | None = None, **minutes) -> RuleBook:
        """Adopt from tomorrow on, as 20 of 30 representatives agreeing today, unless told."""
        values = {
            "body": Adoption.Body.REPRESENTATIVES,
            "adopted_on": clock.today(),
            "bases": {"members": 30},
            "yes": 20,
            "no": 0,
            "abstain": 0,
            **minutes,
        }
        act = {
            "book": book,
            "minutes": Minutes(**values),
            "effective_from": from_on or clock.today() + timedelta(1),
            "at": clock.now(),
        }
        asked = adoptions.propose(**act, because="代表会议通过", by=self.clerk)
        approvals.decide(proposal=asked, approve=True, by=self.second, at=clock.now())
        return adoptions.adopt(**act, by=self.second)

    def balance(self, home: Subject | None = None) -> tuple[int, int, int]:
        """Gross, earned and spendable."""
        found = Balance.objects.get(village=self.village, subject=home or self.home)
        return found.gross, found.earned, found.spendable

    def month(self, name: str) -> Month:
        found = months.by_name(village_id=self.village.pk, month=name)
        assert found is not None
        return found

    def states(self) -> dict[str, str]:
        """The months of the village and their states."""
        found = Month.objects.filter(village=self.village).order_by("month")
        return dict(found.values_list("month", "state"))

    def approve_lock(self, name: str, *, at: datetime = NOON) -> None:
        proposal = closing.propose_lock(month=self.month(name), by=self.clerk, at=at)
        approvals.decide(proposal=proposal, approve=True, by=self.second, at=at)

    def close(self, name: str) -> Month:
        """Lock the month as two persons do."""
        self.approve_lock(name)
        return closing.close(village=self.village, month=name, at=NOON)


def set_stage(
    *, township: Township | None = None, number: int = 200, lines: tuple[ItemLine, ...] = LINES
) -> Stage:
    """A village whose paper rules have been in force since the year began."""
    village = make_village(
        township=township or make_township(), name=f"窦庄{number}村", number=number
    )
    clerk = make_actor()
    book = rulebooks.transcribe(
        village=village,
        paper=PaperBook(title="积分细则", effective_from=YEAR_BEGINS, source="村积分台账"),
        lines=lines,
        by=clerk,
        at=NOON,
    )
    return Stage(
        village=village,
        book=book,
        clerk=clerk,
        second=make_actor(person=make_person(name="魏监督"), role="supervision_member"),
        home=make_household(village=village),
        items=dict(Item.objects.filter(rulebook=book).values_list("code", "pk")),
    )


def beside(stage: Stage) -> Stage:
    """A second village of the same township, with rules and a household of its own."""
    return set_stage(township=stage.village.township, number=201)
