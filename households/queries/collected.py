"""Records as clerks look for them: by state, village, collector and round."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.roles import Action
from households.models import Assignment, CollectionRecord, CollectionRound, CollectorPhone, Subject
from households.queries import collecting
from trail.scope import Scope
from villages.models import Person, Village


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to."""

    state: str = ""
    village_id: int | None = None
    collector_id: int | None = None
    round_id: int | None = None


def listed(scope: Scope, wanted: Wanted) -> QuerySet[CollectionRecord]:
    """The last revision of each record, the newest first."""
    found = collecting.records_within(scope, Action.CHECK_COLLECTION)
    found = collecting.without_later_revision(found).select_related("village")
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.village_id is not None:
        found = found.filter(village_id=wanted.village_id)
    if wanted.collector_id is not None:
        found = found.filter(collector_id=wanted.collector_id)
    if wanted.round_id is not None:
        found = found.filter(round_id=wanted.round_id)
    return found.order_by("-arrived_at", "-id")


def record_within(scope: Scope, *, number: int) -> CollectionRecord | None:
    """One record with all it refers to; None outside the scope as for none at all."""
    found = collecting.records_within(scope, Action.CHECK_COLLECTION).filter(pk=number)
    return found.select_related("village__township", "sent_by__person").first()


def revisions_of(record: CollectionRecord) -> list[CollectionRecord]:
    """Everything that was said under this number, and what it was put together into."""
    mine = CollectionRecord.objects.filter(village_id=record.village_id)
    same = mine.filter(uuid=record.uuid) | mine.filter(merged__uuid=record.uuid)
    return list(same.select_related("collector", "form").order_by("id"))


def collectors_in(scope: Scope) -> list[Person]:
    """Who has collected in these villages."""
    reached = scope.village_ids(Action.CHECK_COLLECTION)
    ids = CollectionRecord.objects.filter(village_id__in=reached).values("collector_id")
    return list(Person.objects.filter(pk__in=ids).order_by("name", "pk"))


def rounds_in(scope: Scope) -> list[CollectionRound]:
    """The rounds of the townships of these villages."""
    reached = scope.village_ids(Action.CHECK_COLLECTION)
    townships = Village.objects.filter(pk__in=reached).values("township_id")
    return list(CollectionRound.objects.filter(township_id__in=townships).order_by("-opens_on"))


def phones_within(scope: Scope) -> QuerySet[CollectorPhone]:
    """The phones of whoever has a task in these villages, the last seen first."""
    reached = scope.village_ids(Action.CHECK_COLLECTION)
    found = CollectorPhone.objects.filter(person__assignments__village_id__in=reached)
    return found.select_related("person", "township").distinct().order_by("-seen_at", "-id")


def phone_within(scope: Scope, *, number: int) -> CollectorPhone | None:
    """One of them."""
    return phones_within(scope).filter(pk=number).first()


def village_of_phone(scope: Scope, phone: CollectorPhone) -> int:
    """A village of the scope in which the phone's person has a task."""
    reached = scope.village_ids(Action.CHECK_COLLECTION)
    tasks = Assignment.objects.filter(collector_id=phone.person_id, village_id__in=reached)
    return tasks.order_by("village_id").values_list("village_id", flat=True)[0]


def named_files(scope: Scope, ids: Collection[int]) -> dict[int, Subject]:
    """The files of these numbers within the scope, by number."""
    found = Subject.objects.within(scope, Action.CHECK_COLLECTION).filter(pk__in=ids)
    return {one.pk: one for one in found.select_related("unit", "village")}


def record_numbers(scope: Scope, uuids: Collection[UUID]) -> dict[tuple[UUID, int], int]:
    """The rows of these records within the scope, by number and revision."""
    found = CollectionRecord.objects.within(scope, Action.CHECK_COLLECTION)
    rows = found.filter(uuid__in=uuids).values_list("uuid", "revision", "pk")
    return {(uuid, revision): pk for uuid, revision, pk in rows}
