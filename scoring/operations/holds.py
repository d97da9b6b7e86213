"""Holds: what must be settled before a month can be closed, or be final."""

from datetime import datetime

from django.db import transaction

from scoring.models import Hold, Month
from trail.actor import Actor
from trail.operations import record


@transaction.atomic
def open_hold(
    *, month: Month, source: str, kind: Hold.Kind, reason: str, by: Actor, at: datetime
) -> Hold:
    """Hold the month for `source`, once; a source that holds it already stays as it is."""
    hold, created = Hold.objects.get_or_create(
        village_id=month.village_id,
        source=source,
        defaults={"month": month, "kind": kind, "reason": reason, "opened_at": at},
    )
    if created:
        _record(hold, what="hold.opened", by=by, at=at)
    return hold


@transaction.atomic
def release(*, hold: Hold, by: Actor, at: datetime) -> Hold:
    """The matter is settled; releasing twice changes nothing."""
    locked = Hold.objects.select_for_update().get(pk=hold.pk)
    if locked.released_at is None:
        locked.released_at = at
        locked.save(update_fields=["released_at"])
        _record(locked, what="hold.released", by=by, at=at)
    return locked


def _record(hold: Hold, *, what: str, by: Actor, at: datetime) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=f"scoring.month:{hold.month_id}",
        village_id=hold.village_id,
        detail={"source": hold.source, "kind": hold.kind},
    )
