"""Opening files for households, collectives and operators, and recording how they are shown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from households.models import Subject
from households.operations.searching import keep_found
from trail.actor import Actor
from trail.changes import batch_digest
from trail.operations import record
from villages.models import Unit, Village

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class NewSubject:
    """A file to be opened: a household has a group, collectives and operators have none."""

    number: str
    name: str
    unit: Unit | None = None


@transaction.atomic
def add_subjects(
    *, village: Village, kind: Subject.Kind, subjects: Sequence[NewSubject], by: Actor, at: datetime
) -> list[Subject]:
    """Open files of one kind in a village, in their order; one audit event carries the count."""
    added = Subject.objects.bulk_create(
        [
            Subject(
                village=village,
                unit=new.unit,
                kind=kind,
                number=new.number,
                name=new.name,
                created_at=at,
            )
            for new in subjects
        ],
        batch_size=BATCH,
    )
    keep_found(village_id=village.pk, subject_ids=[one.pk for one in added])
    record(
        by=by,
        at=at,
        what="households.subjects_added",
        about=f"villages.village:{village.pk}",
        village_id=village.pk,
        detail={"kind": kind, "count": len(added)},
    )
    return added


@transaction.atomic
def record_publish_choice(
    *,
    village: Village,
    subject_ids: Sequence[int],
    choice: Subject.PublishChoice,
    by: Actor,
    at: datetime,
) -> int:
    """Record how these households chose to be shown in notices; answers how many changed."""
    mine = Subject.objects.filter(village=village, pk__in=subject_ids)
    others = mine.exclude(publish_choice=choice).order_by("pk")
    before = dict(others.values_list("pk", "publish_choice"))
    others.update(publish_choice=choice)
    record(
        by=by,
        at=at,
        what="households.publish_choice_recorded",
        about=f"villages.village:{village.pk}",
        village_id=village.pk,
        detail={
            "choice": choice,
            "before": dict(Counter(before.values())),
            "subjects": list(before),
            **batch_digest(before),
        },
    )
    return len(before)
