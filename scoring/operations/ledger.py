"""The ledger's one way in, and its lock."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from django.db import DatabaseError, connection, transaction

from scoring.errors import BY_SQLSTATE, SourceReused
from scoring.models import Entry
from trail.actor import Actor

# "ledg" in the upper half; the lower half is the village. `ledger_post` uses the same number.
LOCK_SPACE = 0x6C656467 << 32
# The one other way in which two posts of one source can meet: for different subjects at once.
UNIQUE_SOURCE = "scoring_entry_source_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """A fact to enter. Its source makes it unique in the village, so a retry is harmless.

    Category and rule book come from the item, or from the entry that is reversed.
    """

    subject_id: int
    kind: Entry.Kind
    points: int
    occurred_on: date
    source: str
    item_id: int | None = None
    reverses_id: int | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a fact stands in the ledger; `fresh` is False when it stood there already."""

    entry_id: int
    fresh: bool


def enter(*, village_id: int, alone: bool = False) -> None:
    """Take the village's ledger lock until the transaction ends: shared, or alone.

    Who seals or closes enters alone from the first statement on and never upgrades.
    """
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s)", [LOCK_SPACE + village_id])


def post(*, village_id: int, rows: Sequence[NewEntry], by: Actor) -> list[Posted]:
    """Enter all rows or none, in one round trip; answers in the order of `rows`.

    The caller records the audit event. Raises a `LedgerRefusal` that names the row.
    """
    if not rows:
        return []
    # One savepoint in the caller's transaction, so that a refusal leaves the rest of it usable;
    # one transaction where there is none.
    payload = json.dumps([_as_json(row) for row in rows], ensure_ascii=False)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT row_index, entry_id, fresh FROM public.ledger_post(%s, %s, %s)",
                [village_id, payload, by.person_id],
            )
            answers = {index: Posted(entry_id, fresh) for index, entry_id, fresh in cursor}
    except DatabaseError as error:
        _refuse(error)
    return [answers[index] for index in range(len(rows))]


def _as_json(row: NewEntry) -> dict[str, object]:
    return {
        "subject": row.subject_id,
        "kind": row.kind.value,
        "points": row.points,
        "item": row.item_id,
        "occurred_on": row.occurred_on.isoformat(),
        "source": row.source,
        "reverses": row.reverses_id,
    }


def _refuse(error: DatabaseError) -> NoReturn:
    cause = error.__cause__
    state = getattr(cause, "pgcode", None) or ""
    facts = getattr(cause, "diag", None)
    if getattr(facts, "constraint_name", None) == UNIQUE_SOURCE:
        raise SourceReused from error
    if state not in BY_SQLSTATE:
        raise error
    row = int(getattr(facts, "message_detail", None) or 0)
    month = getattr(facts, "message_hint", None) or ""
    raise BY_SQLSTATE[state](row=row, month=month) from error
