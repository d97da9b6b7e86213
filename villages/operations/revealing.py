"""Showing the full phone of somebody who holds a post: for a reason, with one audit event."""

from datetime import datetime

from django.db import transaction

from trail.actor import Actor
from trail.operations import record
from trail.revealing import checked_reason
from villages.models import Person


@transaction.atomic
def reveal_phone(  # noqa: PLR0913 (each is named by the caller)
    *, person: Person, village_id: int | None, reason: str, note: str, by: Actor, at: datetime
) -> str:
    """The phone in full. To whom it was shown and why is on record, not the number.

    Raises NoReason.
    """
    why = checked_reason(reason=reason, note=note)
    record(
        by=by,
        at=at,
        what="villages.phone_revealed",
        about=f"villages.person:{person.pk}",
        village_id=village_id,
        detail={"field": "phone", **why},
    )
    return str(person.phone)
