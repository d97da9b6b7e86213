"""What a record says, who may send it, and whether its answers fit its form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.roles import Action
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
from households.queries import collecting
from trail.actor import Actor
from trail.clock import business_date
from trail.errors import DomainError

# Whoever holds a household's card or its one-time link; no person known to the site.
HOUSEHOLD = "household"
CLOCK_OFF_BY = timedelta(days=1)
Outcome = CollectionRecord.Outcome


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


class PhotoOfNoVillage(DomainError):
    """Nothing says yet to which of several villages a photo belongs."""

    code = "record_first"


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
    choice_reason: str = ""

    def digest(self, subject_id: int) -> bytes:
        """By which the same content is known again; as before there was a reason, without one."""
        rows = {name: getattr(self, name) for name in self.__slots__}
        if not self.choice_reason:
            del rows["choice_reason"]
        plain = {name: value if name == "answers" else str(value) for name, value in rows.items()}
        return digest({**plain, "subject": subject_id})


def look_through(*, form: CollectionForm | None, answers: Mapping[str, Any]) -> None:
    """Practice: the answers are checked and forgotten. Raises FormIsUnknown or AnswersAreWrong."""
    if form is None:
        raise FormIsUnknown(_("没有这张采集表，请联网更新后再填"))
    _clean(form, answers, set())


def check_sender(
    *, subject: Subject, said: Said, collector: int | None, by: Actor, at: datetime
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


def checked(
    *, subject: Subject, form: CollectionForm, said: Said, at: datetime
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
