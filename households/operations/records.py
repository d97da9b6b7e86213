"""Records of collection arrive: each exactly once, checked, and never chosen between silently."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from files.operations import hold
from households.models import (
    CollectionForm,
    CollectionRecord,
    CollectionRound,
    Subject,
)
from households.operations.record_saying import (
    OtherContent,
    Said,
    check_sender,
    checked,
    form_and_round,
)
from households.operations.record_standing import keep_consent, settle, settle_task, tell
from households.queries import collecting
from trail.actor import Actor

State = CollectionRecord.State


@transaction.atomic
def receive(
    *, subject: Subject, said: Said, by: Actor, at: datetime, collector_id: int | None = None
) -> tuple[CollectionRecord, bool]:
    """The record as it stands now, and whether it is new; the same content is taken once for ever.

    `collector_id` is who collected it, when a clerk hands it in. Raises OtherContent, NotAssigned,
    FormIsUnknown, SayingIsWrong, AnswersAreWrong or PhoneIsRevoked; then nothing is kept and the
    sender keeps all of it.
    """
    collector = collector_id or by.person_id
    known = _known(subject, said)
    if known is not None:
        hold(known.attachments)
        _entered(subject)
        return _again(_anew(known), said, collector, by=by, at=at), False
    check_sender(subject=subject, said=said, collector=collector, by=by, at=at)
    form, round_ = form_and_round(subject=subject, form_id=said.form_id, round_id=said.round_id)
    answers, photos = checked(subject=subject, form=form, said=said, at=at)
    hold(photos)
    locked = _entered(subject)
    known = _known(locked, said)
    if known is not None:
        return _again(known, said, collector, by=by, at=at), False
    if collecting.is_of_another(subject=locked, form=form, uuid=said.uuid):
        raise OtherContent(_("这个编号已经用在别的户或别的表上了，请重新打开这户再填"))
    new = _add(locked, said, form, round_, answers, photos, collector, by=by, at=at)
    if said.consent:
        keep_consent(record=new, at=at)
    settle(record=new, at=at)
    settle_task(record=new, at=at)
    tell(about=new, what="collection.record_arrived", by=by, at=at)
    return new, True


@transaction.atomic
def photo_is_there(*, village_id: int, sha256: str, by: Actor, at: datetime) -> None:
    """Records that waited for this photo and miss nothing else are received now."""
    hold([sha256])
    for waiting in collecting.waiting_for(village_id=village_id, sha256=sha256):
        _entered(waiting.subject)
        fresh = _anew(waiting)
        if fresh.state == State.PARTIAL:
            _complete(fresh, by=by, at=at)


def _entered(subject: Subject) -> Subject:
    """The file, held: of two phones one comes after the other."""
    held = Subject.objects.select_for_update(of=("self",)).select_related("village")
    return held.get(village_id=subject.village_id, pk=subject.pk)


def _known(subject: Subject, said: Said) -> CollectionRecord | None:
    return collecting.record_of(
        village_id=subject.village_id, uuid=said.uuid, revision=said.revision
    )


def _anew(record: CollectionRecord) -> CollectionRecord:
    """As it stands now that its file is held; it may have been completed meanwhile."""
    record.refresh_from_db(fields=["state", "state_reason", "is_current", "receipt", "received_at"])
    return record


def _again(
    known: CollectionRecord, said: Said, collector: int | None, *, by: Actor, at: datetime
) -> CollectionRecord:
    """What was taken once is answered for ever, also when the task or the form is no more."""
    same = bytes(known.body_sha256) == said.digest(known.subject_id)
    if not same or known.collector_id != collector:
        raise OtherContent(_("这个编号已经收过别的内容。改过的内容请作为下一次发送"))
    if known.state == State.PARTIAL:
        _complete(known, by=by, at=at)
    return known


def _complete(waiting: CollectionRecord, *, by: Actor, at: datetime) -> None:
    settle(record=waiting, at=at)
    if waiting.state != State.PARTIAL:
        settle_task(record=waiting, at=at)
        tell(about=waiting, what="collection.record_completed", by=by, at=at)


def _add(  # noqa: PLR0913 (a record has that many sides)
    subject: Subject,
    said: Said,
    form: CollectionForm,
    round_: CollectionRound | None,
    answers: dict[str, Any],
    photos: list[str],
    collector: int | None,
    *,
    by: Actor,
    at: datetime,
) -> CollectionRecord:
    base = said.base and collecting.record_of(
        village_id=subject.village_id, uuid=said.base[0], revision=said.base[1]
    )
    fits = base and (base.subject_id, base.form_code) == (subject.pk, form.code)
    return CollectionRecord.objects.create(
        village_id=subject.village_id,
        subject=subject,
        round=round_,
        form=form,
        form_code=form.code,
        is_check=said.is_check,
        uuid=said.uuid,
        revision=said.revision,
        base=base if fits else None,
        channel=said.channel,
        spoken_by=said.spoken_by,
        on_behalf_reason=said.on_behalf_reason,
        outcome=said.outcome,
        outcome_reason=said.outcome_reason,
        answers=answers,
        choice_reason=said.choice_reason,
        attachments=photos,
        body_sha256=said.digest(subject.pk),
        state=State.PARTIAL,
        filled_at=said.filled_at,
        arrived_at=at,
        collector_id=collector,
        sent_by_id=by.user_id,
        device=said.device,
    )
