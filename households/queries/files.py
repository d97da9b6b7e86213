"""Files of households as staff look them up."""

from collections.abc import Collection, Iterator

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from households.models import Member, Subject
from trail.scope import Scope


def files_within(
    scope: Scope, action: str, *, village_id: int | None = None, typed: str = ""
) -> QuerySet[Subject]:
    """Files by village, group and number; `typed` is a number, a group or the start of a name."""
    found = Subject.objects.within(scope, action).select_related("village", "unit")
    if village_id is not None:
        found = found.filter(village_id=village_id)
    if typed:
        found = found.filter(Q(number=typed) | Q(unit__name=typed) | Q(name__startswith=typed))
    order = ("village__code", Length("unit__name"), "unit__name", Length("number"), "number", "pk")
    return found.order_by(*order)


def file_within(scope: Scope, action: str, *, number: int) -> Subject | None:
    """One file with its village and group; None outside the scope as for none at all."""
    found = Subject.objects.within(scope, action).filter(pk=number)
    return found.select_related("village__township", "unit").first()


def members_of(subject: Subject) -> list[Member]:
    """Everybody on the file, those who left behind the others."""
    mine = Member.objects.filter(village_id=subject.village_id, subject=subject)
    return sorted(mine.order_by("pk"), key=lambda member: member.state == Member.State.LEFT)


def member_of(subject: Subject, *, number: int) -> Member | None:
    """One member of the file; None for one of another."""
    mine = Member.objects.filter(village_id=subject.village_id, subject=subject)
    return mine.filter(pk=number).first()


def living_in(*, village_id: int) -> Iterator[Member]:
    """The members of a village by group, number and place in the household, with their homes."""
    found = _living([village_id]).select_related("village", "subject__unit")
    order = ("subject__unit__name", "subject__number", "subject_id", "pk")
    return found.order_by(*order).iterator(chunk_size=2_000)


def persons_in(*, village_ids: Collection[int]) -> int:
    """How many persons the registers of these villages hold."""
    return _living(village_ids).count()


def _living(village_ids: Collection[int]) -> QuerySet[Member]:
    return Member.objects.filter(village_id__in=village_ids).exclude(state=Member.State.LEFT)
