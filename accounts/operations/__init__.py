"""Proposals: one person asks, another decides, the owning app carries out."""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Proposal
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import record

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


def content_digest(content: str) -> bytes:
    """The digest under which a content is approved."""
    return hashlib.sha256(content.encode()).digest()


@transaction.atomic
def propose(
    *, kind: Proposal.Kind, about: str, village_id: int, content: str, by: Actor, at: datetime
) -> Proposal:
    """Ask a second person for `about`; an older waiting proposal of other content gives way.

    Raises NeedsAPerson when the system asks.
    """
    if by.person_id is None:
        raise NeedsAPerson(_("这件事要由人提出，系统只能准备好。"))
    waiting = Proposal.objects.select_for_update().filter(
        village_id=village_id, kind=kind, about=about, decision=Proposal.Decision.WAITING
    )
    digest = content_digest(content)
    for old in waiting:
        if (
            bytes(old.content_sha256) == digest
            and old.proposed_by_id == by.person_id
            and old.expires_at > at
        ):
            return old
        old.decision = Proposal.Decision.WITHDRAWN
        old.save(update_fields=["decision"])
    proposal = Proposal.objects.create(
        village_id=village_id,
        kind=kind,
        about=about,
        content_sha256=digest,
        proposed_by_id=by.person_id,
        proposed_at=at,
        expires_at=at + VALID_FOR,
    )
    _record(proposal, what=f"proposal.{kind}.proposed", by=by, at=at)
    return proposal


@transaction.atomic
def decide(
    *, proposal: Proposal, approve: bool, by: Actor, at: datetime, reason: str = ""
) -> Proposal:
    """Approve or refuse as the second person.

    Raises NeedsAPerson, SamePersonTwice or AlreadyDecided.
    """
    if by.person_id is None:
        raise NeedsAPerson(_("要由第二个人来决定。"))
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.decision != Proposal.Decision.WAITING or locked.expires_at <= at:
        raise AlreadyDecided(_("这件事已经办过了，或者过了有效期。"))
    if locked.proposed_by_id == by.person_id:
        raise SamePersonTwice(_("要另一个人来确认，提出的人不能自己确认。"))
    locked.decision = Proposal.Decision.APPROVED if approve else Proposal.Decision.REFUSED
    locked.decided_by_id, locked.decided_at, locked.reason = by.person_id, at, reason
    locked.save(update_fields=["decision", "decided_by", "decided_at", "reason"])
    _record(locked, what=f"proposal.{locked.kind}.{locked.decision}", by=by, at=at)
    return locked


@transaction.atomic
def consume(
    *, kind: Proposal.Kind, about: str, village_id: int, content: str, at: datetime
) -> Proposal:
    """Use up the approval of exactly this content, inside the transaction that carries it out.

    Raises NoApproval when there is none, it has expired, or the content has changed since.
    """
    approved = (
        Proposal.objects.select_for_update()
        .filter(
            village_id=village_id,
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


def _record(proposal: Proposal, *, what: str, by: Actor, at: datetime) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=proposal.about,
        village_id=proposal.village_id,
        detail={
            "proposal": proposal.pk,
            "content_sha256": bytes(proposal.content_sha256).hex(),
        },
    )
