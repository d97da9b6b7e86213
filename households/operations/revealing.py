"""Showing one full number of a member: for a reason, once, with one audit event."""

from datetime import datetime

from django.db import transaction

from households.models import Member
from trail.actor import Actor
from trail.operations import record
from trail.revealing import checked_reason

FIELDS = ("id_number", "phone")


@transaction.atomic
def reveal(*, member: Member, field: str, reason: str, note: str, by: Actor, at: datetime) -> str:
    """The number in full. Which one was shown, to whom and why is on record, not the number.

    Raises NoReason.
    """
    if field not in FIELDS:
        raise ValueError(field)
    why = checked_reason(reason=reason, note=note)
    record(
        by=by,
        at=at,
        what="households.number_revealed",
        about=f"households.subject:{member.subject_id}",
        village_id=member.village_id,
        detail={"member": member.pk, "field": field, **why},
    )
    return str(getattr(member, field))
