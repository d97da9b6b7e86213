"""A file itself: opened, renamed, renumbered, closed, opened again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from households.errors import (
    FactsUnfit,
    NoSuchGroup,
    NothingToChange,
    NumberTaken,
    StillInUse,
)
from households.importing.cleaning import clean_name, clean_number
from households.importing.places import number_key
from households.importing.problems import Problem
from households.models import FileChange, Subject, new_token
from households.operations.files.keeping import (
    Recorded,
    Told,
    When,
    checked,
    head_of,
    keep,
    locked,
    members_on,
    refuse_closed,
)
from households.operations.searching import keep_found
from trail.actor import Actor
from trail.changes import Change
from trail.clock import business_date
from villages.models import Unit, Village

Kind = FileChange.Kind


@dataclass(frozen=True, slots=True)
class Address:
    """Where a file stands: a household in its group, anything else in none; and its number."""

    unit: Unit | None
    number: str


@transaction.atomic
def open_file(
    *, village: Village, kind: Subject.Kind, address: Address, name: str, by: Actor, at: datetime
) -> Subject:
    """Open a file; raises NumberTaken, NoSuchGroup, or FactsUnfit for a name that is none."""
    number = checked_address(village_id=village.pk, kind=kind, address=address)
    opened = Subject.objects.create(
        village=village, unit=address.unit, kind=kind, number=number, name=_named(name),
        created_at=at,
    )  # fmt: skip
    keep_found(village_id=village.pk, subject_ids=[opened.pk])
    keep(
        subject=opened,
        told=Told(Kind.OPENED, checked(when=When(business_date(at)), at=at)),
        recorded=Recorded("households.file_opened", detail={"kind": kind.value}),
        by=by,
        at=at,
    )
    return opened


@transaction.atomic
def rename_file(*, subject: Subject, name: str, by: Actor, at: datetime) -> Subject:
    """Another name for a collective or an operator; a household is called by its head."""
    [mine] = locked(subject)
    refuse_closed(mine)
    name = _named(name)
    if name == mine.name:
        raise NothingToChange(_("填的和档案里一样，没有要改的。"))
    change = Change("households.subject.name", mine.name, name, personal=True)
    mine.name = name
    mine.save(update_fields=["name"])
    keep_found(village_id=mine.village_id, subject_ids=[mine.pk])
    keep(
        subject=mine,
        told=Told(Kind.CORRECTED, checked(when=When(business_date(at)), at=at)),
        recorded=Recorded("households.file_renamed", [change]),
        by=by,
        at=at,
    )
    return mine


@transaction.atomic
def renumber(*, subject: Subject, address: Address, when: When, by: Actor, at: datetime) -> Subject:
    """Another number, or another group of the village; its rows in old notices stay its own.

    Raises NumberTaken, NoSuchGroup or NothingToChange.
    """
    [mine] = locked(subject)
    refuse_closed(mine)
    kind = Subject.Kind(mine.kind)
    number = checked_address(village_id=mine.village_id, kind=kind, address=address, but=mine)
    unit_id = address.unit.pk if address.unit else None
    if (unit_id, number) == (mine.unit_id, mine.number):
        raise NothingToChange(_("组和户号与档案里一样，没有要改的。"))
    changes = [
        Change("households.subject.unit", str(mine.unit or ""), str(address.unit or "")),
        Change("households.subject.number", mine.number, number),
    ]
    mine.unit, mine.number = address.unit, number
    mine.save(update_fields=["unit", "number"])
    keep(
        subject=mine,
        told=Told(Kind.RENUMBERED, checked(when=when, at=at, about=members_on(mine))),
        recorded=Recorded(
            "households.file_renumbered", [one for one in changes if one.before != one.after]
        ),
        by=by,
        at=at,
    )
    return mine


@transaction.atomic
def close_file(*, subject: Subject, when: When, by: Actor, at: datetime) -> Subject:
    """Close a file on whose list nobody is; its card opens nothing any more. Twice is once.

    Entries and points stay where they are. Raises StillInUse.
    """
    [mine] = locked(subject)
    if mine.state == Subject.State.CLOSED:
        return mine
    living = members_on(mine)
    if living:
        raise StillInUse(
            _("这一户还有%(count)d人在册。先办迁出、去世或者换户，再销户。")
            % {"count": len(living)}
        )
    change = shut(mine)
    keep(
        subject=mine,
        told=Told(Kind.CLOSED, checked(when=when, at=at)),
        recorded=Recorded("households.file_closed", [change]),
        by=by,
        at=at,
    )
    return mine


@transaction.atomic
def reopen_file(*, subject: Subject, when: When, by: Actor, at: datetime) -> Subject:
    """Open a closed file again, with what it had of points; it needs a new card. Twice is once."""
    [mine] = locked(subject)
    if mine.state != Subject.State.CLOSED:
        return mine
    household = mine.kind == Subject.Kind.HOUSEHOLD
    headless = household and head_of(members_on(mine)) is None
    mine.state = Subject.State.HEADLESS if headless else Subject.State.ACTIVE
    mine.save(update_fields=["state"])
    keep_found(village_id=mine.village_id, subject_ids=[mine.pk])
    keep(
        subject=mine,
        told=Told(Kind.REOPENED, checked(when=when, at=at)),
        recorded=Recorded(
            "households.file_reopened",
            [Change("households.subject.state", Subject.State.CLOSED, mine.state)],
        ),
        by=by,
        at=at,
    )
    return mine


def shut(subject: Subject) -> Change:
    """Close a locked file and end its card; answers what changed."""
    before = subject.state
    subject.state = Subject.State.CLOSED
    subject.qr_token, subject.card_issued_at, subject.pin_hash = new_token(), None, ""
    subject.save(update_fields=["state", "qr_token", "card_issued_at", "pin_hash"])
    keep_found(village_id=subject.village_id, subject_ids=[subject.pk])
    return Change("households.subject.state", before, subject.state)


def checked_address(
    *, village_id: int, kind: Subject.Kind, address: Address, but: Subject | None = None
) -> str:
    """The number as it is kept; raises FactsUnfit, NoSuchGroup or NumberTaken."""
    number, unit = clean_number(address.number), address.unit
    if isinstance(number, Problem):
        raise FactsUnfit(f"{number.reason}。{number.fix}", fields={"number": number.reason})
    if (unit is None) == (kind == Subject.Kind.HOUSEHOLD):
        raise NoSuchGroup(_("农户要选小组，村集体和经营主体不选。"))
    if unit is not None and (unit.village_id != village_id or unit.kind != Unit.Kind.GROUP):
        raise NoSuchGroup(_("这个村没有这个小组，请在列出的里选。"))
    same = Subject.objects.filter(village_id=village_id, kind=kind, unit=unit)
    taken = [
        known
        for pk, known in same.values_list("pk", "number")
        if number_key(known) == number_key(number) and (but is None or pk != but.pk)
    ]
    if taken:
        raise NumberTaken(
            _("这个组已经有%(number)s号，已经销户的户号也不再给别人用。请换一个号。")
            % {"number": taken[0]}
        )
    return number


def _named(name: str) -> str:
    found = clean_name(name)
    if isinstance(found, Problem):
        raise FactsUnfit(f"{found.reason}。{found.fix}", fields={"name": found.reason})
    return found
