"""The households that a points workbook brings along."""

from datetime import datetime

from django.db import transaction

from households.importing.places import group_key, group_label
from households.models import Subject
from households.operations.searching import keep_found
from scoring.importing.matching import Key
from scoring.operations.points_plan import VillagePlan
from scoring.queries import points_import as on_file
from trail.actor import Actor
from trail.operations import record
from villages.operations import ensure_units


@transaction.atomic
def open_files(*, planned: VillagePlan, digest: str, by: Actor, at: datetime) -> dict[Key, int]:
    """Open a file for each household that has none; answers the ids of all, by key.

    A new household publishes its number only, until it has chosen otherwise.
    """
    village = planned.village
    found = {key: known.pk for key, known in planned.households.items() if known.pk}
    missing = [known for known in planned.households.values() if known.pk is None]
    if not missing:
        return found
    called = {group_key(name): name for name in on_file.group_names(village_id=village.pk)}
    groups = {known.key.group: group_label(known.group) for known in missing} | called
    units = ensure_units(
        village=village, names=dict.fromkeys(groups[known.key.group] for known in missing)
    )
    opened = Subject.objects.bulk_create(
        Subject(
            village=village,
            unit=units[groups[known.key.group]],
            number=known.number,
            name=known.head,
            created_at=at,
        )
        for known in missing
    )
    keep_found(village_id=village.pk, subject_ids=[one.pk for one in opened])
    record(
        by=by,
        at=at,
        what="households.opened_from_points",
        about=f"villages.village:{village.pk}",
        village_id=village.pk,
        detail={"file": digest, "households": len(opened)},
    )
    return found | {known.key: made.pk for known, made in zip(missing, opened, strict=True)}
