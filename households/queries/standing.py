"""What became of a record or a visit, as its sender is told."""

from typing import Any

from django.conf import settings

from households.models import CollectionRecord, Visit
from households.queries import collecting
from trail.sealing import derived_key

State = CollectionRecord.State
Row = dict[str, Any]


def standing_of(record: CollectionRecord) -> Row:
    """State, receipt, photos that are missing, and who else answered."""
    return {
        "uuid": str(record.uuid),
        "revision": record.revision,
        "state": record.state,
        "reason": record.state_reason,
        "receipt": record.receipt,
        "missing": collecting.missing_photos(record) if record.state == State.PARTIAL else [],
        "soft": _soft(record),
        "conflict": _conflict(record) if record.state == State.CONFLICT else None,
    }


def visit_standing_of(visit: Visit) -> Row:
    """Whole as soon as each of its photos is there."""
    missing = collecting.missing_photos(visit)
    state = State.PARTIAL if missing else State.RECEIVED
    return {"uuid": str(visit.uuid), "state": state.value, "missing": missing}


def store_key(*, person_id: int) -> bytes:
    """The key of what a person's phone keeps; another person's is another one."""
    return derived_key(purpose=f"households.collection.store:{person_id}")


def store_lasts() -> float:
    """For how many seconds a phone may keep that key: as long as a log-in lasts at most."""
    return float(settings.SESSION_ABSOLUTE.total_seconds())


def _soft(record: CollectionRecord) -> list[str]:
    """The questions on which somebody else's answer was taken over."""
    if record.state != State.RECEIVED:
        return []
    joined = collecting.joined_with(record)
    if joined is None:
        return []
    codes = {*joined.answers, *record.answers}
    return sorted(code for code in codes if joined.answers.get(code) != record.answers.get(code))


def _conflict(record: CollectionRecord) -> Row | None:
    theirs = collecting.current_of(subject=record.subject, form_code=record.form_code)
    if theirs is None:
        return None
    labels = {**collecting.clash_labels(theirs.form), **collecting.clash_labels(record.form)}
    return {
        "by": theirs.collector.name if theirs.collector else "",
        "at": theirs.filled_at.isoformat(),
        "base": {"uuid": str(theirs.uuid), "revision": theirs.revision},
        "clashes": [
            {
                "question": clash.question,
                "label": labels.get(clash.question, clash.question),
                "base": clash.base,
                "theirs": clash.theirs,
                "mine": clash.mine,
            }
            for clash in collecting.merging_of(record, theirs).hard
        ],
    }
