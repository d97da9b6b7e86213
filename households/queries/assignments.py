"""Reading who goes to whom in a round."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Count, Q, QuerySet

from households.models import Assignment, CollectionRound, RoundForm, Subject
from villages.models import Person
from villages.queries import holding

ROLE = "collector"
OPEN = ~Q(state=Assignment.State.DONE)


def collectors_in(*, village_ids: Collection[int], on: date) -> dict[int, list[Person]]:
    """By village who is posted there as collector on a day, by name."""
    found: dict[int, dict[int, Person]] = {village_id: {} for village_id in village_ids}
    for posting in holding(role=ROLE, village_ids=village_ids, on=on):
        found[posting.village_id or 0][posting.person_id] = posting.person
    return {village_id: list(people.values()) for village_id, people in found.items()}


def loads(*, round_: CollectionRound, person_ids: Collection[int]) -> dict[int, int]:
    """How many files each of these persons goes to in the round, wherever; 0 for none."""
    rows = (
        Assignment.objects.filter(round=round_, collector_id__in=person_ids)
        .values_list("collector_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return dict.fromkeys(person_ids, 0) | dict(rows)


def check_loads(*, round_: CollectionRound) -> dict[int, int]:
    """How many second visits each person has in the round."""
    rows = Assignment.objects.filter(round=round_, purpose=Assignment.Purpose.CHECK)
    return dict(rows.values_list("collector_id").annotate(n=Count("pk")).order_by())


def kinds_of(round_: CollectionRound) -> list[str]:
    """Of which kinds of files the round asks anything."""
    asked = RoundForm.objects.filter(round=round_).order_by()
    return sorted(set(asked.values_list("form__subject_kind", flat=True)))


def files_of(*, round_: CollectionRound, village_id: int) -> QuerySet[Subject]:
    """The open files of a village that the round asks about, by group and number."""
    return (
        Subject.objects.filter(village_id=village_id, kind__in=kinds_of(round_))
        .exclude(state=Subject.State.CLOSED)
        .order_by("kind", "unit_id", "number", "pk")
    )


def unassigned(*, round_: CollectionRound, village_id: int) -> QuerySet[Subject]:
    """Those of them to whom nobody goes yet."""
    given = Assignment.objects.filter(
        village_id=village_id, round=round_, purpose=Assignment.Purpose.COLLECT
    )
    return files_of(round_=round_, village_id=village_id).exclude(pk__in=given.values("subject_id"))


def files_to_assign(
    *,
    round_: CollectionRound,
    village_id: int,
    unit_id: int | None = None,
    collector_id: int | None = None,
    nobody: bool = False,
) -> QuerySet[Subject]:
    """The files of a village with their groups: of one group, one collector, or nobody's."""
    if nobody:
        found = unassigned(round_=round_, village_id=village_id)
    else:
        found = files_of(round_=round_, village_id=village_id)
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    if collector_id is not None:
        mine = Assignment.objects.filter(
            village_id=village_id,
            round=round_,
            purpose=Assignment.Purpose.COLLECT,
            collector_id=collector_id,
        )
        found = found.filter(pk__in=mine.values("subject_id"))
    return found.select_related("unit")


def collectors_of(*, round_: CollectionRound, village_id: int) -> list[Person]:
    """Who goes to anybody in the village in this round, posted there still or not."""
    ids = Assignment.objects.filter(village_id=village_id, round=round_).values("collector_id")
    return list(Person.objects.filter(pk__in=ids).order_by("name", "pk"))


def assignments_by_subject(
    *, round_: CollectionRound, village_id: int, subject_ids: Collection[int]
) -> Mapping[int, Assignment]:
    """The first visits of these files in the round."""
    rows = Assignment.objects.filter(
        village_id=village_id,
        round=round_,
        purpose=Assignment.Purpose.COLLECT,
        subject_id__in=subject_ids,
    )
    return {row.subject_id: row for row in rows.select_related("collector")}
