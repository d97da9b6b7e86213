"""Exports: asked for with a purpose, approved by a second person when large, made by a worker."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import operations as approvals
from accounts.models import Proposal
from accounts.queries import live_proposal
from accounts.roles import Action
from accounts.scope import role_for
from desk.exporting.reach import Place, action_for, village_ids
from files.models import Export
from files.queries import find_export
from households.queries.files import persons_in
from jobs import operations as jobs
from jobs.models import Job
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import record
from trail.revealing import checked_reason

MOST_ALONE = 200
KIND = "desk.export_file"
LONGEST_PURPOSE = 100


class NotAllowedAnyMore(DomainError):
    """Who asked holds no posting any more that allows it."""

    code = "not_allowed_any_more"


class NoPurpose(DomainError):
    """A file leaves for a purpose only."""

    code = "no_purpose"


class Home(TypedDict, total=False):
    """The village of an export, or its township."""

    village_id: int
    township_id: int


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for."""

    what: str
    form: str
    purpose: str
    month: str = ""
    full: bool = False
    reason: str = ""


@transaction.atomic
def ask_for_export(*, place: Place, order: Order, by: Actor, at: datetime) -> Export:
    """Write the order down; start it, or ask a second person when it holds more than 200 persons.

    The caller has seen to it that `by` may. Raises NoPurpose, NoReason or NeedsAPerson.
    """
    if by.user_id is None:
        raise approvals.NeedsAPerson(_("导出要由人提出。"))
    purpose = order.purpose.strip()[:LONGEST_PURPOSE]
    if not purpose:
        raise NoPurpose(_("请写明导出去做什么用。"))
    reason = str(checked_reason(reason=order.reason, note="")["reason"]) if order.full else ""
    export = Export(
        township=place.township,
        village=place.village,
        user_id=by.user_id,
        what=order.what,
        form=order.form,
        month=order.month,
        full=order.full,
        reason=reason,
        purpose=purpose,
        asked_at=at,
    )
    export.persons = _persons(export)
    export.save()
    detail: dict[str, object] = {"persons": export.persons, "purpose": purpose}
    if export.full:
        detail["reason"] = reason
    if export.persons > MOST_ALONE:
        detail |= approvals.facts_of(_ask_another(export, by=by, at=at))
    else:
        _start(export, by=by, at=at)
    _record(export, what="export.asked", by=by, at=at, detail=detail)
    return export


@transaction.atomic
def start_export(*, export: Export, by: Actor, at: datetime) -> Export:
    """Begin a large export that a second person has approved; raises NoApproval."""
    locked = Export.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if locked.started_at is None:
        approval = approvals.consume(
            kind=Proposal.Kind.EXPORT,
            about=reference(locked),
            content=content_to_export(locked),
            at=at,
            **_home(locked),
        )
        _start(locked, by=by, at=at)
        detail = {"persons": locked.persons, **approvals.facts_of(approval)}
        _record(locked, what="export.started", by=by, at=at, detail=detail)
    return locked


@transaction.atomic
def cancel_export(*, export: Export, by: Actor, at: datetime) -> None:
    """Stop it; a worker that is at it is fenced at its next write."""
    job = Job.objects.filter(kind=KIND, key=reference(export)).first()
    if job is not None:
        jobs.cancel(job_id=job.pk, at=at)
    _record(export, what="export.cancelled", by=by, at=at, detail={})


def reference(export: Export) -> str:
    """How proposals, jobs and the audit trail name it."""
    return f"files.export:{export.pk}"


def wanted_by(proposal: Proposal) -> Export | None:
    """The export a proposal asks for; None when it is about something else."""
    label, _colon, number = proposal.about.partition(":")
    return find_export(int(number)) if label == "files.export" else None


def approval(*, export: Export, at: datetime) -> Proposal | None:
    """The proposal of a large export that waits or is approved."""
    return live_proposal(kind=Proposal.Kind.EXPORT, about=reference(export), at=at, **_home(export))


def actor_of(*, export: Export) -> Actor:
    """Who asked, in a role that allows it today; raises NotAllowedAnyMore.

    Asked again by the worker and at each download: a posting that has ended hands out nothing.
    """
    user, home = export.user, _home(export)
    role = role_for(user, action=action_for(export.what), **home)
    if export.full and role_for(user, action=Action.REVEAL_PERSONAL, **home) is None:
        role = None
    if role is None:
        raise NotAllowedAnyMore(_("您现在没有导出的权限，文件不能做也不能下载。"))
    return Actor(name=user.person.name, role=role, person_id=user.person_id, user_id=user.pk)


def _start(export: Export, *, by: Actor, at: datetime) -> None:
    export.started_at = at
    export.save(update_fields=["started_at"])
    jobs.ask(
        kind=KIND,
        key=reference(export),
        payload={"export": export.pk},
        asked_by=by.name,
        at=at,
        village_id=export.village_id,
        township_id=export.township_id,
    )


def _ask_another(export: Export, *, by: Actor, at: datetime) -> Proposal:
    place = export.village or export.township
    facts = {"place": place.name, "what": export.get_what_display(), "n": export.persons}
    words = _("导出%(place)s的%(what)s，涉及%(n)s人，号码只有几位")
    if export.full:
        words = _("导出%(place)s的%(what)s，涉及%(n)s人，有完整的身份证号和电话")
    return approvals.ask(
        kind=Proposal.Kind.EXPORT,
        about=reference(export),
        content=content_to_export(export),
        summary=words % facts,
        because=export.purpose,
        by=by,
        at=at,
        **_home(export),
    ).proposal


def content_to_export(export: Export) -> str:
    """What two persons approve: places, kind, purpose, and how many persons as of now."""
    places = ",".join(map(str, sorted(village_ids(export))))
    parts = [export.what, places, export.month, export.form, int(export.full), export.purpose]
    return "\n".join(map(str, [*parts, _persons(export)]))


def _persons(export: Export) -> int:
    if export.what == Export.What.AUDIT:
        return 0
    return persons_in(village_ids=village_ids(export))


def _home(export: Export) -> Home:
    if export.village_id is not None:
        return {"village_id": export.village_id}
    return {"township_id": export.township_id}


def _record(
    export: Export, *, what: str, by: Actor, at: datetime, detail: dict[str, object]
) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=reference(export),
        village_id=export.village_id,
        detail=detail,
    )
