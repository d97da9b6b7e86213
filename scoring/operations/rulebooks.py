"""Rule books: drafted, submitted, adopted by a recorded meeting, in force, superseded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from scoring.models import Category, Item, RuleBook
from scoring.operations import ledger
from scoring.queries import rules
from trail.actor import Actor
from trail.changes import Change, as_it_is, differences
from trail.errors import DomainError
from trail.operations import record
from villages.models import Village


class NotADraft(DomainError):
    """A submitted rule book is never changed; a new version is drafted instead."""

    code = "not_a_draft"


class FrameIsNotInForce(DomainError):
    """A township's frame scores nothing by itself: each village adopts its own copy."""

    code = "frame_is_not_in_force"


class WorksBackwards(DomainError):
    """Rules cannot be in force before they were adopted and recorded (I-11)."""

    code = "works_backwards"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """One line of the rules. `low` and `high` are amounts without sign; no `cap_period`, no cap."""

    category: str
    code: str
    name: str
    list: str
    low: int
    high: int
    route: str
    unit: str = "次"
    cap_period: str = ""
    cap_times: int | None = None
    cap_points: int | None = None
    evidence: str = ""
    locked: bool = False


@transaction.atomic
def draft(
    *, village: Village, title: str, lines: Sequence[ItemLine], since: date, by: Actor, at: datetime
) -> RuleBook:
    """A new version of the village's rules, not yet in force."""
    book = _draft(
        RuleBook(village=village, title=title, origin=RuleBook.Origin.ADOPTED),
        lines=lines,
        since=since,
    )
    _record(book, what="rulebook.drafted", by=by, at=at, items=len(lines))
    return book


@transaction.atomic
def submit(*, book: RuleBook, by: Actor, at: datetime) -> RuleBook:
    """Put the draft before the assembly; from now on it is never changed. Raises NotADraft."""
    found = locked(book)
    if found.state != RuleBook.State.DRAFT:
        raise NotADraft(_("这版细则已经提交过了，要改请另起一版。"))
    before = as_it_is(found, "state")
    _move(found, RuleBook.State.SUBMITTED)
    changes = differences(found, before)
    _record(found, what="rulebook.submitted", by=by, at=at, changes=changes)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperBook:
    """A rule book that was in force on paper from a day on, and where it was copied from."""

    title: str
    effective_from: date
    source: str


@transaction.atomic
def transcribe(
    *, village: Village, paper: PaperBook, lines: Sequence[ItemLine], by: Actor, at: datetime
) -> RuleBook:
    """Copy a paper rule book that was in force before this system, naming its source.

    The only book that may begin in the past (I-11); `by` vouches for it. Raises WorksBackwards
    when it would reach into the time of rules in force, or follow rules that were adopted here.
    """
    if rules.has_adopted(village_id=village.pk):
        raise WorksBackwards(_("本村已经有表决通过的细则，改规矩要重新表决，不能照录纸质细则。"))
    book = _draft(
        RuleBook(
            village=village,
            title=paper.title,
            origin=RuleBook.Origin.TRANSCRIBED,
            transcribed_by=by.name,
            transcribed_from=paper.source,
        ),
        lines=lines,
        since=paper.effective_from,
    )
    _move(book, RuleBook.State.SUBMITTED)
    told = {"items": len(lines)}
    return put_in_force(book=book, effective_from=paper.effective_from, by=by, at=at, told=told)


def _draft(book: RuleBook, *, lines: Sequence[ItemLine], since: date) -> RuleBook:
    newest = RuleBook.objects.filter(village_id=own_village(book)).order_by("-version").first()
    book.version = newest.version + 1 if newest else 1
    book.save()
    names = list(dict.fromkeys(line.category for line in lines))
    categories = {
        name: Category(village_id=book.village_id, rulebook=book, name=name, position=position)
        for position, name in enumerate(names, start=1)
    }
    Category.objects.bulk_create(categories.values())
    Item.objects.bulk_create(
        _item(line, book=book, category=categories[line.category], since=since) for line in lines
    )
    return book


def _item(line: ItemLine, *, book: RuleBook, category: Category, since: date) -> Item:
    return Item(
        village_id=book.village_id,
        rulebook=book,
        category=category,
        code=line.code,
        name=line.name,
        list=line.list,
        low=line.low,
        high=line.high,
        unit=line.unit,
        cap_period=line.cap_period,
        cap_times=line.cap_times,
        cap_points=line.cap_points,
        evidence=line.evidence,
        route=line.route,
        locked=line.locked,
        since=since,
    )


@transaction.atomic
def put_in_force(
    *, book: RuleBook, effective_from: date, by: Actor, at: datetime, told: Mapping[str, object]
) -> RuleBook:
    """From this day on the book is the one that scores; one event, with what else is `told`.

    The event names the books that it follows. Raises WorksBackwards.
    """
    village_id = own_village(book)
    # Alone: no fact may be scored by the old rules while its day passes to the new ones (I-10).
    ledger.enter(village_id=village_id, alone=True)
    current = RuleBook.objects.select_for_update().filter(
        village_id=village_id, state=RuleBook.State.IN_FORCE
    )
    superseded: list[int] = []
    for old in current:
        if effective_from <= old.effective.lower:
            raise WorksBackwards(_("生效日期要在现行细则生效之后。"))
        if rules.scored_since(village_id=village_id, book=old, on=effective_from):
            raise WorksBackwards(_("那天以后已经按现行细则记过分，请换一个更晚的生效日期。"))
        old.effective = (old.effective.lower, effective_from)
        _move(old, RuleBook.State.SUPERSEDED)
        superseded.append(old.version)
    before = as_it_is(book, "state")
    book.effective = (effective_from, None)
    _move(book, RuleBook.State.IN_FORCE)
    facts = {"from": effective_from.isoformat(), "superseded": superseded, **told}
    changes = differences(book, before)
    _record(book, what="rulebook.in_force", by=by, at=at, changes=changes, **facts)
    return book


def _move(book: RuleBook, state: RuleBook.State) -> None:
    book.state = state
    book.save(update_fields=["state", "effective"])


def own_village(book: RuleBook) -> int:
    """The village of the book; raises FrameIsNotInForce for a township's frame."""
    if book.village_id is None:
        raise FrameIsNotInForce(_("乡镇框架要由各村表决成自己的细则才生效。"))
    return book.village_id


def locked(book: RuleBook) -> RuleBook:
    """The row, locked."""
    return RuleBook.objects.select_for_update().get(pk=book.pk)


def _record(
    book: RuleBook,
    *,
    what: str,
    by: Actor,
    at: datetime,
    changes: Sequence[Change] = (),
    **detail: object,
) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=f"scoring.rulebook:{book.pk}",
        village_id=book.village_id,
        detail={"version": book.version, "origin": book.origin, **detail},
        changes=changes,
    )
