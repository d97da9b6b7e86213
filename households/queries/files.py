"""Files of households as staff look them up."""

from collections.abc import Collection, Iterator

from django.db.models import QuerySet
from django.db.models.functions import Length

from households.models import Member, Subject
from trail.scope import Scope


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
