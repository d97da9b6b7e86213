"""Writing the audit trail. Called inside the transaction of the act it records."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

from trail.actor import Actor
from trail.changes import Change
from trail.models import AuditEvent

# Of one statement: a month of a county is some hundred thousand events.
MOST_AT_ONCE = 20_000

P = ParamSpec("P")
R = TypeVar("R")


def part(work: Callable[P, R]) -> Callable[P, R]:
    """Mark a part of operations: it changes rows and leaves the event to the operation (I-30).

    Only operations call it, and what it answers goes into their event.
    """
    return transaction.atomic(work)


def record(  # noqa: PLR0913 (an event has that many sides)
    *,
    by: Actor,
    at: datetime,
    what: str,
    about: str,
    village_id: int | None = None,
    detail: Mapping[str, object] | None = None,
    changes: Iterable[Change] = (),
) -> None:
    """Add one event: what was done, to what (`scoring.month:12`), by whom, when.

    `detail` holds counts, ids and digests; never a name, an ID number or a phone. `changes` are
    kept in it from what to what, personal fields as digests.
    """
    kept = dict(detail or {})
    changed = [change.kept() for change in changes]
    if changed:
        kept["changes"] = changed
    AuditEvent.objects.create(
        at=at,
        actor=by.name,
        role=by.role,
        person_id=by.person_id,
        user_id=by.user_id,
        what=what,
        about=about,
        village_id=village_id,
        detail=kept,
        request_id=by.request_id,
        address=by.address,
    )


@dataclass(frozen=True, slots=True)
class Purged:
    """What one statement took away."""

    count: int
    first_id: int
    last_id: int
    sha256: str


@transaction.atomic
def purge(*, keep_days: int, by: Actor, at: datetime) -> int:
    """Delete the events that are older than `keep_days`; how many they were.

    What went is told by one event: count, ids and digests. The database refuses fewer than 183
    days, and every single event that is younger, whatever it is asked.
    """
    pieces = []
    while (piece := _purge_some(keep_days)) is not None:
        pieces.append(piece)
    if not pieces:
        return 0
    gone = sum(piece.count for piece in pieces)
    detail = {
        "count": gone,
        "first_id": pieces[0].first_id,
        "last_id": pieces[-1].last_id,
        "sha256": [piece.sha256 for piece in pieces],
        "keep_days": keep_days,
    }
    record(by=by, at=at, what="trail.purged", about="trail.auditevent", detail=detail)
    return gone


def _purge_some(keep_days: int) -> Purged | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gone, first_id, last_id, sha256 FROM vc_guard.purge_audit(%s, %s)",
            [keep_days, MOST_AT_ONCE],
        )
        gone, first_id, last_id, digest = cursor.fetchone()
    return Purged(gone, first_id, last_id, bytes(digest).hex()) if gone else None
