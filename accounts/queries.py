"""Reading accounts."""

from datetime import date, datetime
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from accounts.models import Invitation, OldPassword, Proposal, Session, User
from accounts.roles import ROLES, TWO_PERSONS, Action, actions_of
from trail.scope import Scope
from villages import queries as village_queries
from villages.models import Posting, Township, Village

# Proposals that give something to the person named first in what they are about.
FOR_A_PERSON = (Proposal.Kind.ROLE, Proposal.Kind.ACCOUNT)


def postings_of(user: User, *, on: date) -> QuerySet[Posting]:
    """What gives the user its roles on a day, with post, township and village."""
    return village_queries.postings_in_force(person_id=user.person_id, on=on)


def users_within(scope: Scope, action: str) -> QuerySet[User]:
    """Accounts of the persons whose postings `scope` reaches with `action`."""
    return User.objects.filter(person__in=village_queries.people_within(scope, action))


def user_by_name(username: str) -> User | None:
    """The log-in of this name with its person, or None."""
    return User.objects.select_related("person").filter(username=username).first()


def log_ins_of(*, person_id: int) -> list[User]:
    """The log-ins of a person, in the order they were opened."""
    return list(User.objects.filter(person_id=person_id).order_by("pk"))


def invitation_by_digest(digest: bytes) -> Invitation | None:
    """The link kept under this digest with its person, spent or not."""
    return Invitation.objects.select_related("person").filter(token_digest=digest).first()


def link_given_by(*, user_id: int | None) -> int | None:
    """Who saw the link with which the password of this log-in was chosen; None for nobody."""
    names = User.objects.filter(pk=user_id or 0).values("username")
    used = Invitation.objects.filter(username__in=names, used_at__isnull=False)
    return used.order_by("-used_at", "-pk").values_list("invited_by_id", flat=True).first()


def log_in_of(*, person_id: int, user_id: int) -> User | None:
    """One log-in of this person; None for one of another."""
    found = User.objects.filter(person_id=person_id, pk=user_id)
    return found.select_related("person").first()


def with_second_factor(*, person_id: int) -> set[int]:
    """Which log-ins of a person have codes of a phone."""
    rows = Authenticator.objects.filter(user__person_id=person_id, type=Authenticator.Type.TOTP)
    return set(rows.values_list("user_id", flat=True))


def has_second_factor(*, user_id: int) -> bool:
    """Whether the user has set up codes of a phone."""
    codes = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP)
    return bool(codes.exists())


def old_passwords(*, user_id: int, most: int) -> list[str]:
    """Hashes of the passwords this user chose, the newest first."""
    rows = OldPassword.objects.filter(user_id=user_id)
    return list(rows.values_list("password", flat=True)[:most])


def open_sessions(*, user_id: int, at: datetime) -> list[Session]:
    """Where this user is logged in, the one used last in front."""
    rows = Session.objects.filter(user_id=user_id, expire_date__gt=at)
    return list(rows.defer("session_data").order_by("-seen_at"))


def role_granters(*, township_id: int, on: date, at: datetime) -> int:
    """How many persons can grant roles in a township, or will with the link they have."""
    roles = [role for role in ROLES if Action.APPROVE_ROLE in actions_of(role)]
    holders = village_queries.holders_of(township_id=township_id, roles=roles, on=on)
    return (
        holders.filter(
            Q(users__is_active=True)
            | Q(
                invitations__used_at__isnull=True,
                invitations__void_at__isnull=True,
                invitations__expires_at__gt=at,
            )
        )
        .distinct()
        .count()
    )


def lock_township(*, township_id: int) -> None:
    """Hold the township's row until the end of the transaction."""
    Township.objects.select_for_update().get(pk=township_id)


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


class Stage(StrEnum):
    """Where a proposal stands, as a page asks for it."""

    WAITING = "waiting"
    APPROVED = "approved"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def proposals_within(scope: Scope) -> QuerySet[Proposal]:
    """Every proposal that the postings let ask for, decide or audit, with the names it shows."""
    looks = {
        kind: (pair.asks, pair.decides, Action.VIEW_AUDIT) for kind, pair in TWO_PERSONS.items()
    }
    return Proposal.objects.within_by_kind(scope, looks).select_related(
        "village", "township", "proposed_by", "decided_by"
    )


def asked_about(scope: Scope, *, person_id: int) -> list[str]:
    """What the proposals about a post or a log-in of the person are about, of those one may see."""
    found = proposals_within(scope).filter(
        kind__in=FOR_A_PERSON, about__startswith=_person(person_id)
    )
    return list(found.order_by("about").values_list("about", flat=True).distinct())


def to_decide(scope: Scope, *, person_id: int, at: datetime) -> QuerySet[Proposal]:
    """What waits for this person as the second one, those that expire first in front."""
    decides = {kind: (pair.decides,) for kind, pair in TWO_PERSONS.items()}
    waiting = Proposal.objects.within_by_kind(scope, decides).filter(_stands(Stage.WAITING, at))
    for_oneself = Q(kind__in=FOR_A_PERSON, about__startswith=_person(person_id))
    return (
        waiting.exclude(proposed_by_id=person_id)
        .exclude(for_oneself)
        .select_related("village", "township", "proposed_by", "decided_by")
        .order_by("expires_at", "pk")
    )


def is_for(proposal: Proposal, *, person_id: int) -> bool:
    """Whether it would give this person a post or a log-in."""
    return proposal.kind in FOR_A_PERSON and proposal.about.startswith(_person(person_id))


def _person(person_id: int) -> str:
    return f"villages.person:{person_id}:"


def asked_by(scope: Scope, *, person_id: int) -> QuerySet[Proposal]:
    """What this person has asked for, the newest first."""
    return proposals_within(scope).filter(proposed_by_id=person_id)


def settled(scope: Scope, *, at: datetime) -> QuerySet[Proposal]:
    """What nobody needs to decide any more, the newest first."""
    return proposals_within(scope).exclude(_stands(Stage.WAITING, at))


def at_stage(found: QuerySet[Proposal], stage: Stage, *, at: datetime) -> QuerySet[Proposal]:
    """Those of them that stand there."""
    return found.filter(_stands(stage, at))


def villages_of_proposals(scope: Scope) -> QuerySet[Village]:
    """The villages of the proposals one may see."""
    reached = proposals_within(scope).order_by().values("village_id")
    return Village.objects.filter(pk__in=reached).order_by("code")


def stage_of(proposal: Proposal, at: datetime) -> Stage:
    """Where it stands now; an approval that nobody carried out in time has expired."""
    if proposal.consumed_at:
        return Stage.DONE
    open_ones = (Proposal.Decision.WAITING, Proposal.Decision.APPROVED)
    if proposal.decision in open_ones and proposal.expires_at <= at:
        return Stage.EXPIRED
    return Stage(proposal.decision)


def _stands(stage: Stage, at: datetime) -> Q:
    if stage is Stage.DONE:
        return Q(consumed_at__isnull=False)
    if stage is Stage.EXPIRED:
        decisions = [Proposal.Decision.WAITING, Proposal.Decision.APPROVED]
        return Q(decision__in=decisions, consumed_at__isnull=True, expires_at__lte=at)
    of_stage = Q(decision=stage, consumed_at__isnull=True)
    return of_stage & Q(expires_at__gt=at) if stage in (Stage.WAITING, Stage.APPROVED) else of_stage
