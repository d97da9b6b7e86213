"""Reading accounts."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Invitation, Proposal, User
from trail.scope import Scope
from villages import queries as village_queries


def users_within(scope: Scope, action: str) -> QuerySet[User]:
    """Accounts of the persons whose postings `scope` reaches with `action`."""
    return User.objects.filter(person__in=village_queries.people_within(scope, action))


def user_by_name(username: str) -> User | None:
    """The log-in of this name with its person, or None."""
    return User.objects.select_related("person").filter(username=username).first()


def invitation_by_digest(digest: bytes) -> Invitation | None:
    """The link kept under this digest with its person, spent or not."""
    return Invitation.objects.select_related("person").filter(token_digest=digest).first()


def anybody() -> bool:
    """Whether the site has any account yet."""
    return User.objects.exists()


def live_proposal(
    *,
    kind: Proposal.Kind,
    about: str,
    at: datetime,
    village_id: int | None = None,
    township_id: int | None = None,
) -> Proposal | None:
    """The newest one that waits for its second person, or is approved and not yet carried out."""
    return (
        Proposal.objects.at_home(village_id=village_id, township_id=township_id)
        .filter(
            kind=kind,
            about=about,
            decision__in=[Proposal.Decision.WAITING, Proposal.Decision.APPROVED],
            consumed_at__isnull=True,
            expires_at__gt=at,
        )
        .select_related("proposed_by", "decided_by")
        .first()
    )


def last_refusal(*, kind: Proposal.Kind, about: str, village_id: int) -> Proposal | None:
    """The newest proposal about this, if its second person has refused it."""
    newest = Proposal.objects.filter(village_id=village_id, kind=kind, about=about).first()
    if newest is None or newest.decision != Proposal.Decision.REFUSED:
        return None
    return newest


def waiting_within(
    scope: Scope, action: str, *, kind: Proposal.Kind, at: datetime
) -> QuerySet[Proposal]:
    """Proposals of a kind that wait for a second person, those that expire first in front."""
    return (
        Proposal.objects.within(scope, action)
        .filter(kind=kind, decision=Proposal.Decision.WAITING, expires_at__gt=at)
        .select_related("village")
        .order_by("expires_at", "pk")
    )
