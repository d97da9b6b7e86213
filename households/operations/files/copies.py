"""Handing a person the own data."""

from datetime import datetime

from django.db import transaction

from households.models import Member
from households.queries.own_data import Line, own_data
from trail.actor import Actor
from trail.operations import record


@transaction.atomic
def copy_own_data(*, member: Member, form: str, by: Actor, at: datetime) -> list[Line]:
    """All that is kept of a person; that it was handed out is on record, not what."""
    lines = own_data(member)
    record(
        by=by,
        at=at,
        what="households.own_data_copied",
        about=f"households.subject:{member.subject_id}",
        village_id=member.village_id,
        detail={"member": member.pk, "form": form, "rows": len(lines)},
    )
    return lines
