"""Reading files."""

from households.models import Subject
from trail.scope import Scope, ScopedQuerySet


def subjects_within(scope: Scope, action: str) -> ScopedQuerySet[Subject]:
    """The files of the villages in which `scope` allows `action`, with village and unit."""
    found = Subject.objects.within(scope, action).select_related("village", "unit")
    return found.order_by("village_id", "number", "pk")


def household_ids(*, village_id: int) -> list[int]:
    """The households of a village with an open file, in the order they were opened."""
    mine = Subject.objects.filter(village_id=village_id, kind=Subject.Kind.HOUSEHOLD)
    return list(
        mine.exclude(state=Subject.State.CLOSED).order_by("pk").values_list("pk", flat=True)
    )


def households_on_file(*, village_id: int) -> int:
    """How many households of the village have an open file."""
    households = Subject.objects.filter(village_id=village_id, kind=Subject.Kind.HOUSEHOLD)
    return households.exclude(state=Subject.State.CLOSED).count()


def subject_by_id(subject_id: int) -> Subject:
    """One file; raises Subject.DoesNotExist."""
    return Subject.objects.get(pk=subject_id)
