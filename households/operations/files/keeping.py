"""What every act on a file does: lock it, note it in its history, record it, settle its head."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext as _

from households.errors import DateCannotBe, FileIsClosed, NotAHousehold, NoteNamesSomebody
from households.importing.verdicts import HEADS
from households.models import FileChange, Member, Subject
from households.operations.searching import keep_found
from trail.actor import Actor
from trail.changes import Change
from trail.clock import business_date
from trail.operations import record

HEAD = "户主"
LONGEST_NOTE = 200
_NUMBER = re.compile(r"[0-9]{6,}")


@dataclass(frozen=True, slots=True)
class When:
    """The day something happened, and what is said of it beside the act itself."""

    on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What of an act goes into the file's history."""

    kind: FileChange.Kind
    when: When
    other: Subject | None = None
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What of an act goes into the audit trail."""

    what: str
    changes: Iterable[Change] = ()
    detail: Mapping[str, object] = field(default_factory=dict)


def locked(*subjects: Subject) -> list[Subject]:
    """The files, locked one after another by number, with village and group.

    The township is shared first: an import, which has it alone, and an act on a file never read
    past each other.
    """
    village_id = subjects[0].village_id
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id FROM public.villages_township t JOIN public.villages_village v"
            " ON v.township_id = t.id WHERE v.id = %s FOR SHARE OF t",
            [village_id],
        )
    mine = Subject.objects.filter(village_id=village_id, pk__in=[one.pk for one in subjects])
    rows = mine.select_for_update(of=("self",), no_key=True).select_related("village", "unit")
    found = {row.pk: row for row in rows.order_by("pk")}
    return [found[one.pk] for one in subjects]


def locked_household(subject: Subject) -> Subject:
    """An open household; raises FileIsClosed or NotAHousehold."""
    [mine] = locked(subject)
    refuse_closed(mine)
    if mine.kind != Subject.Kind.HOUSEHOLD:
        raise NotAHousehold(_("这不是农户，没有成员。"))
    return mine


def refuse_closed(subject: Subject) -> None:
    """Raises FileIsClosed."""
    if subject.state == Subject.State.CLOSED:
        raise FileIsClosed(_("这一户已经销户。要改先恢复这一户。"))


def members_on(*subjects: Subject) -> list[Member]:
    """Everybody on the lists of the files, locked."""
    village_id, ids = subjects[0].village_id, [one.pk for one in subjects]
    mine = Member.objects.filter(village_id=village_id, subject_id__in=ids)
    return list(mine.exclude(state__in=Member.GONE).order_by("pk").select_for_update())


def checked(*, when: When, at: datetime, about: Iterable[Member] = ()) -> When:
    """The day and the note as they are kept; raises DateCannotBe or NoteNamesSomebody."""
    if when.on > business_date(at):
        raise DateCannotBe(_("日期在今天以后，请核对。"))
    note = " ".join(when.note.split())[:LONGEST_NOTE]
    named = [one.name for one in about if len(one.name) > 1 and one.name in note]
    if _NUMBER.search(note) or named:
        raise NoteNamesSomebody(_("说明会一直保留，请不要写姓名和号码。"))
    return When(when.on, note)


def head_of(members: Iterable[Member]) -> Member | None:
    """The head of those on the list, if there is one."""
    return next((one for one in members if one.relation in HEADS), None)


def settle(subject: Subject) -> None:
    """Name and state of the household follow who is its head now; what it is found by as well."""
    head = head_of(members_on(subject))
    if head is not None:
        subject.name = head.name
    subject.state = Subject.State.ACTIVE if head else Subject.State.HEADLESS
    subject.save(update_fields=["name", "state"])
    keep_found(village_id=subject.village_id, subject_ids=[subject.pk])


def tell(*, subject: Subject, told: Told, at: datetime) -> FileChange:
    """One line of the file's history."""
    return FileChange.objects.create(
        village_id=subject.village_id,
        subject=subject,
        other=told.other,
        member=told.member,
        kind=told.kind,
        happened_on=told.when.on,
        note=told.when.note,
        recorded_at=at,
    )


def keep(
    *, subject: Subject, told: Told, recorded: Recorded, by: Actor, at: datetime
) -> FileChange:
    """The line of the history, and the one event of the act."""
    change = tell(subject=subject, told=told, at=at)
    ids = {"member": told.member.pk} if told.member else {}
    other = {"other": told.other.pk} if told.other else {}
    record(
        by=by,
        at=at,
        what=recorded.what,
        about=f"households.subject:{subject.pk}",
        village_id=subject.village_id,
        detail={**ids, **other, **recorded.detail},
        changes=recorded.changes,
    )
    return change
