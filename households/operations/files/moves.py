"""People change households inside a village: one person, a part of a household, all of it.

Points are no part of this: `scoring.operations.household_moves` moves them with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from households.errors import (
    AnotherVillage,
    NobodyChosen,
    NotAHousehold,
    NotOnTheList,
    TheSameFile,
)
from households.importing.verdicts import HEADS
from households.models import FileChange, Member, Subject
from households.operations.files.heads import take_as_head
from households.operations.files.homes import Address, checked_address, shut
from households.operations.files.keeping import (
    Recorded,
    Told,
    When,
    checked,
    keep,
    locked,
    members_on,
    refuse_closed,
    settle,
    tell,
)
from households.operations.files.listed import refuse_as_head, write
from trail.actor import Actor
from trail.changes import Change

Kind = FileChange.Kind
Detail = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NewHome:
    """The household that some members make of their own."""

    address: Address
    member_ids: Sequence[int]
    head_id: int
    relations: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Joining:
    """The household that takes all of another, and what they are to its head."""

    into: Subject
    relations: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of it: the other file, the line of the history, and whether it was done now."""

    subject: Subject
    change: FileChange
    fresh: bool


@transaction.atomic
def move_member(
    *, member: Member, into: Subject, relation: str, when: When, by: Actor, at: datetime
) -> Member:
    """Put a person on another household's list; twice is once. The points stay.

    Raises TheSameFile, AnotherVillage, FileIsClosed or NotOnTheList.
    """
    mine, other = _two_households(member.subject, into)
    refuse_closed(mine)
    refuse_closed(other)
    living = members_on(mine, other)
    known = next((one for one in living if one.pk == member.pk), None)
    if known is None:
        raise NotOnTheList(_("这个人不在这一户，或者已经不在册。请回到户里再看一遍。"))
    if known.subject_id == other.pk:
        return known
    when = checked(when=when, at=at, about=living)
    changes = _rehome([known], other, {known.pk: relation})
    settle(mine)
    settle(other)
    tell(subject=other, told=Told(Kind.JOINED, when, other=mine, member=known), at=at)
    keep(
        subject=mine,
        told=Told(Kind.MOVED, when, other=other, member=known),
        recorded=Recorded("households.member_moved", changes),
        by=by,
        at=at,
    )
    return known


@transaction.atomic
def split(
    *, subject: Subject, new: NewHome, when: When, detail: Detail, by: Actor, at: datetime
) -> Moved:
    """Open a file of their own for some members; the same once more answers the file there is.

    Raises NobodyChosen, NumberTaken, NoSuchGroup, NotOldEnough.
    """
    [mine] = locked(subject)
    refuse_closed(mine)
    done = _split_before(mine, new)
    if done is not None:
        return done
    living = members_on(mine)
    leaving = [one for one in living if one.pk in set(new.member_ids)]
    heads = [one for one in leaving if one.pk == new.head_id]
    if len(leaving) != len(set(new.member_ids)) or not heads or len(leaving) == len(living):
        raise NobodyChosen(_("请选要分出去的人和新户主，原来的户里至少留一个人。"))
    refuse_as_head(heads[0])
    when = checked(when=when, at=at, about=living)
    opened = _open(mine, new, name=heads[0].name, at=at)
    changes = [*_rehome(leaving, opened, {}), *take_as_head(leaving, heads[0], new.relations)]
    settle(mine)
    settle(opened)
    tell(subject=opened, told=Told(Kind.OPENED, when, other=mine), at=at)
    counted = {"people": len(leaving), **detail}
    change = keep(
        subject=mine,
        told=Told(Kind.SPLIT, when, other=opened),
        recorded=Recorded("households.file_split", changes, counted),
        by=by,
        at=at,
    )
    return Moved(opened, change, fresh=True)


@transaction.atomic
def merge(
    *, gone: Subject, joining: Joining, when: When, detail: Detail, by: Actor, at: datetime
) -> Moved:
    """Put everybody of `gone` on the other's list and close `gone`; twice is once.

    Raises TheSameFile, AnotherVillage, FileIsClosed.
    """
    from_, other = _two_households(gone, joining.into)
    done = _merged_before(from_, other)
    if done is not None:
        return done
    refuse_closed(from_)
    refuse_closed(other)
    leaving = members_on(from_)
    when = checked(when=when, at=at, about=[*leaving, *members_on(other)])
    changes = _rehome(leaving, other, joining.relations)
    changes.append(shut(from_))
    settle(other)
    tell(subject=other, told=Told(Kind.MERGED, when, other=from_), at=at)
    change = keep(
        subject=from_,
        told=Told(Kind.MERGED, when, other=other),
        recorded=Recorded("households.files_merged", changes, {"people": len(leaving), **detail}),
        by=by,
        at=at,
    )
    return Moved(other, change, fresh=True)


def _two_households(subject: Subject, into: Subject) -> tuple[Subject, Subject]:
    """Both locked; raises TheSameFile or AnotherVillage."""
    if subject.pk == into.pk:
        raise TheSameFile(_("选的是同一户，请选另一户。"))
    if subject.village_id != into.village_id:
        raise AnotherVillage(_("不是同一个村的户。先办迁出，再到那个村登记。"))
    if {subject.kind, into.kind} != {Subject.Kind.HOUSEHOLD}:
        raise NotAHousehold(_("只有农户之间能换户、并户。"))
    mine, other = locked(subject, into)
    return mine, other


def _open(mine: Subject, new: NewHome, *, name: str, at: datetime) -> Subject:
    number = checked_address(
        village_id=mine.village_id, kind=Subject.Kind.HOUSEHOLD, address=new.address
    )
    # It has made no choice of its own yet, so it is shown by its number.
    return Subject.objects.create(
        village=mine.village, unit=new.address.unit, number=number, name=name, created_at=at
    )


def _rehome(
    members: Sequence[Member], other: Subject, relations: Mapping[int, str]
) -> list[Change]:
    """On the other's list; whoever was head is none there. What each agreed to goes along."""
    has_head = any(one.relation in HEADS for one in members_on(other))
    changes = []
    for one in members:
        relation = relations.get(one.pk, one.relation)
        if relation in HEADS and has_head:
            relation = ""
        changes.append(Change("households.member.subject", one.subject_id, other.pk))
        if relation != one.relation:
            changes.append(
                Change("households.member.relation", one.relation, relation, personal=True)
            )
        write(one, subject=other, relation=relation)
    return changes


def _split_before(mine: Subject, new: NewHome) -> Moved | None:
    done = FileChange.objects.filter(
        village_id=mine.village_id,
        subject=mine,
        kind=Kind.SPLIT,
        other__unit=new.address.unit,
        other__number=new.address.number,
    )
    change = done.select_related("other").last()
    if change is None or change.other is None:
        return None
    there = {one.pk for one in members_on(change.other)}
    return Moved(change.other, change, fresh=False) if set(new.member_ids) <= there else None


def _merged_before(gone: Subject, into: Subject) -> Moved | None:
    if gone.state != Subject.State.CLOSED:
        return None
    done = FileChange.objects.filter(village_id=gone.village_id, subject=gone)
    change = done.filter(kind__in=[Kind.MERGED, Kind.CLOSED, Kind.REOPENED]).order_by("pk").last()
    if change is None or change.kind != Kind.MERGED or change.other_id != into.pk:
        return None
    return Moved(into, change, fresh=False)
