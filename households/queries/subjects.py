"""Reading files."""

from households.models import Subject


def household_ids(*, village_id: int) -> list[int]:
    """The households of a village with an open file, in the order they were opened."""
    mine = Subject.objects.filter(village_id=village_id, kind=Subject.Kind.HOUSEHOLD)
    return list(
        mine.exclude(state=Subject.State.CLOSED).order_by("pk").values_list("pk", flat=True)
    )
