"""What follows from a record: it becomes current or meets another one, its task and consent."""

from datetime import datetime
from uuid import uuid5

from households.engine.canonical import digest
from households.models import Assignment, CollectionRecord, Consent, SpokenBy
from households.queries import collecting
from trail.actor import Actor
from trail.clock import business_date
from trail.crockford import random_text
from trail.operations import record

RECEIPT_LENGTH = 4
State, Outcome = CollectionRecord.State, CollectionRecord.Outcome
_BECAME = ("state", "state_reason", "is_current", "receipt", "received_at", "opened_at")


def settle(*, record: CollectionRecord, at: datetime) -> None:
    """Where the record stands now that more of it may be there; the caller holds its file.

    Without its photos it stays partial. With them it is the file's content, goes together with
    what arrived in between, or waits for a person: nothing is chosen here.
    """
    if collecting.missing_photos(record):
        return
    current = collecting.current_of(subject=record.subject, form_code=record.form_code)
    if collecting.later_revision(record).exclude(state=State.PARTIAL).exists():
        received(record=record, at=at)
        keep(record)
        return
    if record.outcome != Outcome.FILLED or record.is_check or _is_on_top_of(record, current):
        _take(record, over=current, at=at)
    elif current is not None:
        _meet(record, current, at=at)
    _close_earlier(record, at=at)


def keep(record: CollectionRecord) -> None:
    """Write what became of the record; what was said in it is never written again."""
    record.save(update_fields=_BECAME)


def received(*, record: CollectionRecord, at: datetime) -> None:
    """Give the record its receipt, which never changes."""
    record.state, record.state_reason = State.RECEIVED, ""
    record.receipt = record.receipt or random_text(RECEIPT_LENGTH)
    record.received_at = record.received_at or at


def _is_on_top_of(record: CollectionRecord, current: CollectionRecord | None) -> bool:
    """Whether nobody else said anything since: then it simply follows."""
    return current is None or current.pk == record.base_id or current.uuid == record.uuid


def _take(record: CollectionRecord, *, over: CollectionRecord | None, at: datetime) -> None:
    received(record=record, at=at)
    if record.outcome == Outcome.FILLED and not record.is_check:
        _step_down(over)
        record.is_current = True
    keep(record)


def _step_down(current: CollectionRecord | None) -> None:
    if current is not None:
        current.is_current = False
        keep(current)


def _meet(record: CollectionRecord, current: CollectionRecord, *, at: datetime) -> None:
    together = collecting.merging_of(record, current)
    if together.hard:
        record.state = State.CONFLICT
        keep(record)
        return
    received(record=record, at=at)
    keep(record)
    if together.answers == current.answers:
        return
    if together.answers == record.answers:
        _step_down(current)
        record.is_current = True
        keep(record)
        return
    join(record=record, current=current, answers=together.answers, at=at)


def join(
    *,
    record: CollectionRecord,
    current: CollectionRecord,
    answers: dict[str, object],
    at: datetime,
    user_id: int | None = None,
    reason: str = "",
) -> CollectionRecord:
    """A third record that says what the two say together; both stay as they were said.

    `reason` is why a person chose as it did.
    """
    _step_down(current)
    number = uuid5(record.uuid, f"{record.revision} and {current.uuid} {current.revision}")
    photos = [*record.attachments, *current.attachments]
    return CollectionRecord.objects.create(
        village_id=record.village_id,
        subject=record.subject,
        round=record.round,
        form=record.form,
        form_code=record.form_code,
        uuid=number,
        base=current,
        merged=record,
        channel=record.channel,
        spoken_by=record.spoken_by,
        on_behalf_reason=record.on_behalf_reason,
        answers=answers,
        choice_reason=reason,
        attachments=[sha for sha in dict.fromkeys(photos) if _is_named(sha, answers)],
        body_sha256=digest(answers),
        state=State.RECEIVED,
        is_current=True,
        receipt=random_text(RECEIPT_LENGTH),
        filled_at=record.filled_at,
        arrived_at=at,
        received_at=at,
        collector_id=record.collector_id,
        sent_by_id=user_id or record.sent_by_id,
        device=record.device,
    )


def _is_named(sha: str, answers: dict[str, object]) -> bool:
    values = [one.get("value") for one in answers.values() if isinstance(one, dict)]
    return any(isinstance(value, list) and sha in value for value in values)


def _close_earlier(record: CollectionRecord, *, at: datetime) -> None:
    """A conflict that its sender has answered with a new revision waits for nobody."""
    mine = CollectionRecord.objects.filter(village_id=record.village_id, uuid=record.uuid)
    for one in mine.filter(revision__lt=record.revision, state=State.CONFLICT):
        received(record=one, at=at)
        keep(one)


def fall_back(record: CollectionRecord) -> None:
    """The record is the file's content no more: what stood before it is again."""
    before = collecting.newest_standing(subject=record.subject, form_code=record.form_code)
    if before is not None:
        before.is_current = True
        keep(before)


def settle_task(*, record: CollectionRecord, at: datetime) -> None:
    """The collector's task for the file in this round, as its records have it now."""
    if record.round is None:
        return
    purpose = Assignment.Purpose.CHECK if record.is_check else Assignment.Purpose.COLLECT
    task = Assignment.objects.filter(
        village_id=record.village_id, round=record.round, subject=record.subject, purpose=purpose
    ).first()
    if task is None:
        return
    arrived = collecting.outcomes_in(
        round_=record.round, subject=record.subject, is_check=record.is_check
    )
    task.state, task.unreached_reason = _standing(record, arrived)
    task.done_at = (task.done_at or at) if task.state == Assignment.State.DONE else None
    task.save(update_fields=["state", "unreached_reason", "done_at"])


def _standing(
    record: CollectionRecord, arrived: list[CollectionRecord]
) -> tuple[Assignment.State, str]:
    whole = [one for one in arrived if one.state == State.RECEIVED]
    if any(one.outcome == Outcome.DECLINED for one in whole):
        return Assignment.State.DONE, ""
    filled = {one.form_code for one in whole if one.outcome == Outcome.FILLED}
    due = collecting.form_codes_due(round_=record.round, subject=record.subject)
    if due and due <= filled:
        return Assignment.State.DONE, ""
    if arrived and arrived[-1].outcome == Outcome.UNREACHED:
        return Assignment.State.UNREACHED, arrived[-1].outcome_reason
    return (Assignment.State.STARTED if arrived else Assignment.State.DUE), ""


def keep_consent(*, record: CollectionRecord, at: datetime) -> None:
    """The household agreed to be asked, unless it has already; never on somebody's behalf."""
    if record.spoken_by == SpokenBy.ON_BEHALF:
        return
    standing = Consent.objects.filter(
        village_id=record.village_id,
        subject=record.subject,
        member=None,
        purpose=Consent.Purpose.FILE,
        withdrawn_on=None,
    )
    if standing.exists():
        return
    by_self = record.spoken_by == SpokenBy.SELF
    Consent.objects.create(
        village_id=record.village_id,
        subject=record.subject,
        purpose=Consent.Purpose.FILE,
        channel=record.channel,
        given_by=Consent.GivenBy.SELF if by_self else Consent.GivenBy.HEAD,
        given_on=min(business_date(record.filled_at), business_date(at)),
        recorded_at=at,
    )


def tell(*, about: CollectionRecord, what: str, by: Actor, at: datetime, **detail: object) -> None:
    """Record an act on the record with how it now stands, without what it says."""
    record(
        by=by,
        at=at,
        what=what,
        about=f"households.collectionrecord:{about.pk}",
        village_id=about.village_id,
        detail={
            "uuid": str(about.uuid),
            "revision": about.revision,
            "subject": about.subject_id,
            "form": about.form_id,
            "state": about.state,
            "channel": about.channel,
            "sha256": bytes(about.body_sha256).hex(),
            **detail,
        },
    )
