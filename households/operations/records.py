"""Records of collection arrive: each exactly once, checked, and never chosen between silently."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Action
from files.operations import hold
from households.engine.answers import check, photos_of
from households.engine.canonical import digest
from households.engine.forms import read
from households.models import (
    Assignment,
    Channel,
    CollectionForm,
    CollectionRecord,
    CollectionRound,
    SpokenBy,
    Subject,
)
from households.operations.phones import refuse_revoked
from households.operations.record_standing import keep_consent, settle, settle_task
from households.queries import collecting
from trail.actor import Actor
from trail.clock import business_date
from trail.errors import DomainError
from trail.operations import record

# Whoever holds a household's card or its one-time link; no person known to the site.
HOUSEHOLD = "household"
CLOCK_OFF_BY = timedelta(days=1)
State, Outcome = CollectionRecord.State, CollectionRecord.Outcome


class OtherContent(DomainError):
    """The number and revision already stand for something else that was said."""

    code = "other_content"


class NotAssigned(DomainError):
    """Whoever sent it has no task for this household."""

    code = "not_assigned"


class FormIsUnknown(DomainError):
    """The file's township has no such form, round, or none for files of this kind."""

    code = "form_is_unknown"


class SayingIsWrong(DomainError):
    """What stands round the answers does not fit together."""

    code = "saying_is_wrong"


class AnswersAreWrong(DomainError):
    """Answers the form does not take; `facts["answers"]` says what is wrong with which."""

    code = "answers_are_wrong"


@dataclass(frozen=True, slots=True)
class Said:
    """A record as its sender wrote it (docs/collection-api.md)."""

    uuid: UUID
    revision: int
    form_id: int
    channel: str
    spoken_by: str
    filled_at: datetime
    round_id: int | None = None
    base: tuple[UUID, int] | None = None
    is_check: bool = False
    on_behalf_reason: str = ""
    outcome: str = "filled"
    outcome_reason: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    device: UUID | None = None
    consent: bool = False

    def digest(self, subject_id: int) -> bytes:
        """By which the same content is known again."""
        rows = {name: getattr(self, name) for name in self.__slots__}
        plain = {name: value if name == "answers" else str(value) for name, value in rows.items()}
        return digest({**plain, "subject": subject_id})


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
    _check_sender(subject, said, collector, by=by, at=at)
    form, round_ = form_and_round(subject=subject, form_id=said.form_id, round_id=said.round_id)
    answers, photos = _checked(subject, form, said, at)
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
    _record(new, what="collection.record_arrived", by=by, at=at)
    return new, True


def look_through(*, form: CollectionForm | None, answers: Mapping[str, Any]) -> None:
    """Practice: the answers are checked and forgotten. Raises FormIsUnknown or AnswersAreWrong."""
    if form is None:
        raise FormIsUnknown(_("没有这张采集表，请联网更新后再填"))
    _clean(form, answers, set())


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
        _record(waiting, what="collection.record_completed", by=by, at=at)


def _check_sender(
    subject: Subject, said: Said, collector: int | None, *, by: Actor, at: datetime
) -> None:
    """A household for itself, a clerk for paper and a phone's file, a collector for a task."""
    if by.role == HOUSEHOLD:
        if said.channel != Channel.SELF or said.is_check:
            raise SayingIsWrong(_("自己填的只能作为自主申报"))
        return
    by_clerk = _posted(by.person_id, subject, Action.CHECK_COLLECTION, at)
    if by_clerk and said.channel == Channel.PAPER:
        return
    if by.person_id is not None and collector == by.person_id and said.device is not None:
        refuse_revoked(person_id=by.person_id, device=said.device)
    by_collector = collector == by.person_id and _posted(by.person_id, subject, Action.COLLECT, at)
    if not (by_clerk or by_collector) or not _has_task(subject, said, collector):
        raise NotAssigned(_("这户没有派给您。请让村里把这户派给您，再发送"))


def _posted(person_id: int | None, subject: Subject, action: Action, at: datetime) -> bool:
    return person_id is not None and collecting.is_posted(
        person_id=person_id, village_id=subject.village_id, action=action, on=business_date(at)
    )


def _has_task(subject: Subject, said: Said, collector: int | None) -> bool:
    if collector is None:
        return False
    purpose = Assignment.Purpose.CHECK if said.is_check else Assignment.Purpose.COLLECT
    tasks = collecting.assignments_of(subject=subject, person_id=collector).filter(purpose=purpose)
    return (tasks.filter(round_id=said.round_id) if said.round_id else tasks).exists()


def refuse_without_task(*, subject: Subject, person_id: int) -> None:
    """Raises NotAssigned when the person has no task for this file."""
    if not collecting.assignments_of(subject=subject, person_id=person_id).exists():
        raise NotAssigned(_("这户没有派给您。请让村里把这户派给您，再办"))


def form_and_round(
    *, subject: Subject, form_id: int, round_id: int | None
) -> tuple[CollectionForm, CollectionRound | None]:
    """The form and round named for this file. Raises FormIsUnknown."""
    form = collecting.form_for(subject=subject, form_id=form_id)
    if form is None:
        raise FormIsUnknown(_("没有这张采集表，请联网更新后再填"))
    if round_id is None:
        return form, None
    round_ = collecting.round_for(form=form, round_id=round_id)
    if round_ is None:
        raise FormIsUnknown(_("没有这一轮采集，或者这一轮不填这张表，请联网更新后再填"))
    return form, round_


def _checked(
    subject: Subject, form: CollectionForm, said: Said, at: datetime
) -> tuple[dict[str, Any], list[str]]:
    """The answers as they are kept, and their photos."""
    if said.outcome != Outcome.FILLED and (said.answers or not said.outcome_reason):
        raise SayingIsWrong(_("没有填成的，只写原因，不带答案"))
    if said.spoken_by == SpokenBy.ON_BEHALF and not said.on_behalf_reason:
        raise SayingIsWrong(_("代录要写明原因"))
    if said.filled_at > at + CLOCK_OFF_BY:
        raise SayingIsWrong(_("填写时间在以后，请把手机的日期调准，再存一次"))
    if said.outcome != Outcome.FILLED:
        return {}, []
    return _clean(form, said.answers, collecting.member_ids(subject))


def _clean(
    form: CollectionForm, given: Mapping[str, Any], members: set[int]
) -> tuple[dict[str, Any], list[str]]:
    asked = read(form.content)
    answers, problems = check(asked, given, member_ids=members)
    if problems:
        raise AnswersAreWrong(
            _("有%(count)s处填得不对，请改好再发送") % {"count": len(problems)},
            answers={problem.question: problem.words for problem in problems},
        )
    return answers, photos_of(answers, asked)


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
        attachments=photos,
        body_sha256=said.digest(subject.pk),
        state=State.PARTIAL,
        filled_at=said.filled_at,
        arrived_at=at,
        collector_id=collector,
        sent_by_id=by.user_id,
        device=said.device,
    )


def _record(about: CollectionRecord, *, what: str, by: Actor, at: datetime) -> None:
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
        },
    )
