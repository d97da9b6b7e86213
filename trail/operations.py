"""Writing the audit trail. Called inside the transaction of the act it records."""

from collections.abc import Mapping
from datetime import datetime

from trail.actor import Actor
from trail.models import AuditEvent


def record(
    *,
    by: Actor,
    at: datetime,
    what: str,
    about: str,
    village_id: int | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add one event: what was done, to what (`scoring.month:12`), by whom, when.

    `detail` holds counts, ids and digests; never a name, an ID number or a phone.
    """
    AuditEvent.objects.create(
        at=at,
        actor=by.name,
        role=by.role,
        person_id=by.person_id,
        user_id=by.user_id,
        what=what,
        about=about,
        village_id=village_id,
        detail=dict(detail or {}),
        request_id=by.request_id,
        address=by.address,
    )
