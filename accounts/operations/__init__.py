"""Proposals: one person asks, another decides, the owning app carries out."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import queries
from accounts.models import Proposal
from trail.actor import Actor
from trail.changes import Change, differences
from trail.errors import DomainError
from trail.operations import part, record

VALID_FOR = timedelta(days=14)


class NeedsAPerson(DomainError):
    """Only a person may propose or decide; the system carries out."""

    code = "needs_a_person"


class SamePersonTwice(DomainError):
    """The second person must be another person, whatever the accounts."""

    code = "same_person_twice"


class AlreadyDecided(DomainError):
    """The proposal no longer waits for a decision."""

    code = "already_decided"


class NoApproval(DomainError):
    """No approved and unexpired proposal covers exactly this content."""

    code = "no_approval"


class NoReasonGiven(DomainError):
    """Who refuses, and who asks for what cannot be undone, says why."""

    code = "no_reason_given"


class LogInFromTheFirst(DomainError):
    """Who asks has handed the second person the log-in, and may still hold it (T-14)."""

    code = "log_in_from_the_first"


class NotYours(DomainError):
    """Only who asked takes a proposal back."""

    code = "not_yours"


class Asked(TypedDict, total=False):
    """What else a proposal keeps: its home, a village or a township, and words for two persons."""

    village_id: int | None
    township_id: int | None
    summary: str
    because: str


class Asking(NamedTuple):
    """The proposal that waits now, and whether it was not there before."""

    proposal: Proposal
    is_new: bool


SAYS_WHY = {
    Proposal.Kind.ADOPTION,
    Proposal.Kind.REVERSAL,
    Proposal.Kind.ROLE,
    Proposal.Kind.EXPORT,
    Proposal.Kind.ACCOUNT,
}


def content_digest(content: str) -> bytes:
    """The digest under which a content is approved."""
    return hashlib.sha256(content.encode()).digest()


@transaction.atomic
def propose(
    *,
    kind: Proposal.Kind,
    about: str,
    content: str,
    by: Actor,
    at: datetime,
    **asked: Unpack[Asked],
) -> Proposal:
    """Ask a second person for `about`; an older waiting proposal of other content gives way.

    `village_id` or `township_id` is its home; `summary` says in one line what is asked, `because`
    why. Raises NeedsAPerson when the system asks, NoReasonGiven where a reason is due.
    """
    asking = ask(kind=kind, about=about, content=content, by=by, at=at, **asked)
    if asking.is_new:
        _record(asking.proposal, what=f"proposal.{kind}.proposed", by=by, at=at)
    return asking.proposal


@part
def ask(
    *,
    kind: Proposal.Kind,
    about: str,
    content: str,
    by: Actor,
    at: datetime,
    **asked: Unpack[Asked],
) -> Asking:
    """Ask as a part of the operation that writes down what is asked for; raises as `propose`."""
    if by.person_id is None:
        raise NeedsAPerson(_("这件事要由人提出，系统只能准备好。"))
    because = asked.get("because", "").strip()
    if kind in SAYS_WHY and not because:
        raise NoReasonGiven(_("请写明为什么要这样办。"))
    village_id, township_id = asked.get("village_id"), asked.get("township_id")
    waiting = (
        Proposal.objects.select_for_update()
        .at_home(village_id=village_id, township_id=township_id)
        .filter(
            kind=kind,
            about=about,
            decision=Proposal.Decision.WAITING,
        )
    )
    digest = content_digest(content)
    for old in waiting:
        if _is_the_same(old, digest=digest, by=by, at=at):
            return Asking(old, is_new=False)
        old.decision = Proposal.Decision.WITHDRAWN
        old.save(update_fields=["decision"])
    proposal = Proposal.objects.create(
        village_id=village_id,
        township_id=township_id,
        kind=kind,
        about=about,
        content=content,
        content_sha256=digest,
        summary=asked.get("summary", ""),
        asked_because=because,
        proposed_by_id=by.person_id,
        proposed_at=at,
        expires_at=at + VALID_FOR,
    )
    return Asking(proposal, is_new=True)


def _is_the_same(old: Proposal, *, digest: bytes, by: Actor, at: datetime) -> bool:
    same = bytes(old.content_sha256) == digest and old.proposed_by_id == by.person_id
    return same and old.waits(at)


@transaction.atomic
def decide(
    *, proposal: Proposal, approve: bool, by: Actor, at: datetime, reason: str = ""
) -> Proposal:
    """Approve or refuse as the second person; who refuses says why.

    Raises NeedsAPerson, SamePersonTwice, LogInFromTheFirst, AlreadyDecided or NoReasonGiven.
    """
    decided = _decide(proposal, approve=approve, by=by, at=at, reason=reason.strip())
    _record(
        decided,
        what=f"proposal.{decided.kind}.{decided.decision}",
        by=by,
        at=at,
        changes=_decided(decided),
    )
    return decided


def _decided(proposal: Proposal) -> list[Change]:
    return differences(proposal, {"decision": Proposal.Decision.WAITING})


@part
def agree(*, proposal: Proposal, by: Actor, at: datetime) -> Proposal:
    """Approve as a part of the operation that carries it out at once; raises as `decide`."""
    return _decide(proposal, approve=True, by=by, at=at, reason="")


def _decide(proposal: Proposal, *, approve: bool, by: Actor, at: datetime, reason: str) -> Proposal:
    if by.person_id is None:
        raise NeedsAPerson(_("要由第二个人来决定。"))
    locked = _waiting(proposal, at=at)
    if locked.proposed_by_id == by.person_id:
        raise SamePersonTwice(_("要另一个人来确认，提出的人不能自己确认。"))
    if queries.link_given_by(user_id=by.user_id) == locked.proposed_by_id:
        raise LogInFromTheFirst(
            _(
                "您现在的密码，是用提出的人给的链接定的，这件事要由另一个人确认。"
                "也可以请别的管理员再给您发一个链接，重新定密码。"
            )
        )
    if not approve and not reason:
        raise NoReasonGiven(_("请填不同意的理由。"))
    locked.decision = Proposal.Decision.APPROVED if approve else Proposal.Decision.REFUSED
    locked.decided_by_id, locked.decided_at, locked.reason = by.person_id, at, reason
    locked.save(update_fields=["decision", "decided_by", "decided_at", "reason"])
    return locked


@transaction.atomic
def withdraw(*, proposal: Proposal, by: Actor, at: datetime, reason: str = "") -> Proposal:
    """Take back what one asked for oneself and nobody has decided.

    Raises AlreadyDecided, or NotYours.
    """
    locked = _waiting(proposal, at=at)
    if by.person_id != locked.proposed_by_id:
        raise NotYours(_("只有提出的人能撤回；不同意请按不同意。"))
    locked.decision, locked.reason = Proposal.Decision.WITHDRAWN, reason.strip()
    locked.save(update_fields=["decision", "reason"])
    what, changes = f"proposal.{locked.kind}.withdrawn", _decided(locked)
    _record(locked, what=what, by=by, at=at, changes=changes)
    return locked


def _waiting(proposal: Proposal, *, at: datetime) -> Proposal:
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if not locked.waits(at):
        raise AlreadyDecided(_("这件事已经办过了，或者过了有效期。"))
    return locked


@part
def consume(
    *,
    kind: Proposal.Kind,
    about: str,
    content: str,
    at: datetime,
    village_id: int | None = None,
    township_id: int | None = None,
) -> Proposal:
    """Use up the approval of exactly this content, as a part of the operation that carries it out.

    Raises NoApproval when there is none, it has expired, or the content has changed since.
    """
    approved = (
        Proposal.objects.select_for_update()
        .at_home(village_id=village_id, township_id=township_id)
        .filter(
            kind=kind,
            about=about,
            content_sha256=content_digest(content),
            decision=Proposal.Decision.APPROVED,
            consumed_at__isnull=True,
            expires_at__gt=at,
        )
        .first()
    )
    if approved is None:
        raise NoApproval(_("还没有两个人确认，或者确认之后内容有了变化，请重新提出。"))
    approved.consumed_at = at
    approved.save(update_fields=["consumed_at"])
    return approved


def facts_of(proposal: Proposal) -> dict[str, object]:
    """What the event of an act says of the proposal that it carries out."""
    return {"proposal": proposal.pk, "content_sha256": bytes(proposal.content_sha256).hex()}


def _record(
    proposal: Proposal, *, what: str, by: Actor, at: datetime, changes: Sequence[Change] = ()
) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=proposal.about,
        village_id=proposal.village_id,
        detail={
            **facts_of(proposal),
            **({"township": proposal.township_id} if proposal.township_id else {}),
        },
        changes=changes,
    )
