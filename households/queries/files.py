"""Files of households as staff look them up."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from households.models import (
    CollectionRecord,
    Consent,
    FileChange,
    Member,
    Placement,
    Relation,
    Subject,
    Visit,
    VisitDuty,
)
from trail.scope import Scope


@dataclass(frozen=True, slots=True)
class Kinship:
    """A member of the file, the kin in another one, and what they are to each other."""

    mine: Member
    other: Member
    kin: str


def in_order(found: QuerySet[Subject]) -> QuerySet[Subject]:
    """By village, group and number: 2组 stands before 10组."""
    return found.order_by(
        "village__code", Length("unit__name"), "unit__name", Length("number"), "number", "pk"
    )


def file_within(scope: Scope, action: str, *, number: int) -> Subject | None:
    """One file with its village and group; None outside the scope as for none at all."""
    found = Subject.objects.within(scope, action).filter(pk=number)
    return found.select_related("village__township", "unit").first()


def members_of(subject: Subject) -> list[Member]:
    """Everybody on the file but who waits for a consent or was erased; those gone at the end."""
    mine = Member.objects.filter(village_id=subject.village_id, subject=subject)
    shown = mine.exclude(state__in=Member.HIDDEN).order_by("pk")
    return sorted(shown, key=lambda member: member.state in Member.GONE)


def member_of(subject: Subject, *, number: int) -> Member | None:
    """One member of the file; None for one of another, and for who waits for a consent."""
    mine = Member.objects.filter(village_id=subject.village_id, subject=subject, pk=number)
    return mine.exclude(state__in=Member.HIDDEN).first()


def person_of(subject: Subject, *, number: int) -> Member | None:
    """The same for whoever changes the file: also who waits for a consent, never the erased."""
    mine = Member.objects.filter(village_id=subject.village_id, subject=subject, pk=number)
    return mine.exclude(state=Member.State.ERASED).first()


def waiting_on(subject: Subject) -> int:
    """How many children of the file wait for their guardian's consent."""
    mine = Member.objects.filter(village_id=subject.village_id, subject=subject)
    return mine.filter(state=Member.State.AWAITING_CONSENT).count()


def history_of(subject: Subject, *, most: int) -> list[FileChange]:
    """What became of the file, newest first, with the other file and whoever it was about."""
    mine = FileChange.objects.filter(village_id=subject.village_id, subject=subject)
    return list(mine.select_related("subject", "other__unit", "member").order_by("-pk")[:most])


def consents_of(subject: Subject) -> list[Consent]:
    """What was agreed to on this file and taken back, newest first."""
    mine = Consent.objects.filter(village_id=subject.village_id, subject=subject)
    return list(mine.select_related("member").order_by("-pk"))


def records_of(subject: Subject, *, most: int) -> list[CollectionRecord]:
    """What was collected, newest first, without what it says."""
    mine = CollectionRecord.objects.filter(village_id=subject.village_id, subject=subject)
    rows = mine.defer("answers").select_related("form", "round", "collector")
    return list(rows.order_by("-pk")[:most])


def placed_in(subject: Subject) -> list[Placement]:
    """The grid, micro-grid and service area the household belongs to, beside its group."""
    mine = Placement.objects.filter(village_id=subject.village_id, subject=subject)
    return list(mine.select_related("unit").order_by("kind"))


def contacts_of(subject: Subject, *, on: date) -> list[VisitDuty]:
    """Who keeps in touch with the household now."""
    mine = VisitDuty.objects.filter(village_id=subject.village_id, subject=subject, from_on__lte=on)
    standing = mine.filter(Q(to_on__isnull=True) | Q(to_on__gte=on))
    return list(standing.select_related("person").order_by("kind", "pk"))


def visits_of(subject: Subject, *, most: int) -> list[Visit]:
    """Who called lately, newest first."""
    mine = Visit.objects.filter(village_id=subject.village_id, subject=subject)
    return list(mine.select_related("person").order_by("-visited_on", "-pk")[:most])


def living_in(*, village_id: int) -> Iterator[Member]:
    """The members of a village by group, number and place in the household, with their homes."""
    found = _living([village_id]).select_related("village", "subject__unit")
    order = ("subject__unit__name", "subject__number", "subject_id", "pk")
    return found.order_by(*order).iterator(chunk_size=2_000)


def persons_in(*, village_ids: Collection[int]) -> int:
    """How many persons the registers of these villages hold."""
    return _living(village_ids).count()


def _living(village_ids: Collection[int]) -> QuerySet[Member]:
    """Without who is gone, and without children whose guardian has not consented."""
    return Member.objects.filter(village_id__in=village_ids, state=Member.State.ACTIVE)


def kin_of(subject: Subject) -> list[Kinship]:
    """Whom of other households the members of a file are kin to, the oldest entry first."""
    mine = Q(member__subject=subject) | Q(other__subject=subject)
    rows = Relation.objects.filter(mine, village_id=subject.village_id)
    found = rows.select_related("member__subject__unit", "other__subject__unit").order_by("pk")
    return [
        Kinship(row.member, row.other, row.get_kin_display())
        if row.member.subject_id == subject.pk
        else Kinship(row.other, row.member, row.get_kin_display())
        for row in found
    ]
