"""One-time links with which a person chooses the password of a log-in."""

import secrets
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Invitation, User
from accounts.operations import passwords
from accounts.registration import (
    UsernameTaken,
    check_username,
    open_log_in,
)
from accounts.roles import answers_for_others
from trail.actor import Actor
from trail.changes import as_it_is, differences
from trail.clock import business_date
from trail.errors import DomainError
from trail.operations import record
from villages import queries as village_queries
from villages.models import Person

VALID_FOR = timedelta(hours=72)
TOKEN_BYTES = 24


class InvitationIsSpent(DomainError):
    """The link was used, withdrawn, has expired, or never was."""

    code = "invitation_is_spent"


def token_digest(token: str) -> bytes:
    """Under what a link is kept: whoever reads the table cannot follow it."""
    return sha256(b"invitation:" + token.encode()).digest()


class NeedsSecondPerson(DomainError):
    """The holder answers for others' acts: who opens the log-in alone could be both persons."""

    code = "needs_second_person"


@transaction.atomic
def invite(
    *, person: Person, username: str, by: Actor, at: datetime, valid_for: timedelta = VALID_FOR
) -> tuple[Invitation, str]:
    """A link for somebody who answers for nobody's acts, at the word of one person.

    Raises NeedsSecondPerson, UnfitUsername or UsernameTaken.
    """
    if needs_two(person=person, on=business_date(at)):
        raise NeedsSecondPerson(
            _("%(name)s的职务要确认别人办的事，开账号要两个人：请写明理由提出，另一个人同意。")
            % {"name": person.name}
        )
    return make_link(person=person, username=username, by=by, at=at, valid_for=valid_for)


def needs_two(*, person: Person, on: date) -> bool:
    """Whether a log-in of this person is opened by two persons."""
    roles = village_queries.roles_left(person_id=person.pk, on=on)
    return any(answers_for_others(role) for role in roles)


@transaction.atomic
def make_link(
    *, person: Person, username: str, by: Actor, at: datetime, valid_for: timedelta = VALID_FOR
) -> tuple[Invitation, str]:
    """A link for `person` to open the log-in `username`, or to choose its password anew.

    An older unused link for the same log-in is void. The token is told here once, never kept.
    Raises UnfitUsername, or UsernameTaken when the log-in belongs to somebody else.
    """
    again = check_free(person=person, username=username)
    Invitation.objects.filter(username=username, used_at__isnull=True, void_at__isnull=True).update(
        void_at=at
    )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        person=person,
        username=username,
        token_digest=token_digest(token),
        invited_by_id=by.person_id,
        invited_at=at,
        expires_at=at + valid_for,
    )
    record(
        by=by,
        at=at,
        what="accounts.invited",
        about=f"accounts.invitation:{invitation.pk}",
        detail={"person": person.pk, "again": again},
    )
    return invitation, token


def check_free(*, person: Person, username: str) -> bool:
    """Whether the person has this log-in already. Raises UnfitUsername or UsernameTaken."""
    check_username(username)
    user = User.objects.filter(username=username).first()
    if user is not None and user.person_id != person.pk:
        raise UsernameTaken(
            _("账号“%(username)s”已经有人用了，请换一个。") % {"username": username}
        )
    return user is not None


@transaction.atomic
def withdraw(*, invitation: Invitation, by: Actor, at: datetime) -> None:
    """Make an unused link void; raises InvitationIsSpent when there is nothing left to void."""
    locked = _live(invitation, at)
    before = as_it_is(locked, "void_at")
    locked.void_at = at
    locked.save(update_fields=["void_at"])
    record(
        by=by,
        at=at,
        what="accounts.invitation_withdrawn",
        about=f"accounts.invitation:{locked.pk}",
        detail={"person": locked.person_id},
        changes=differences(locked, before),
    )


@transaction.atomic
def accept(*, invitation: Invitation, password: str, by: Actor, at: datetime) -> User:
    """Use the link up: open the log-in, or give the one there is this password.

    Raises InvitationIsSpent, WeakPassword or UsernameTaken; the link then stays as it was.
    """
    locked = _live(invitation, at)
    user = User.objects.select_for_update().filter(username=locked.username).first()
    opens = user is None
    if user is None:
        user = open_log_in(username=locked.username, person=locked.person, password=password, at=at)
    else:
        passwords.replace(user=user, password=password, at=at)
    locked.used_at = at
    locked.save(update_fields=["used_at"])
    record(
        by=by,
        at=at,
        what="accounts.invitation_accepted",
        about=f"accounts.user:{user.pk}",
        detail={"person": locked.person_id, "invitation": locked.pk, "opens": opens},
    )
    return user


def _live(invitation: Invitation, at: datetime) -> Invitation:
    locked = (
        Invitation.objects.select_for_update(of=["self"])
        .select_related("person")
        .get(pk=invitation.pk)
    )
    if not locked.is_live(at):
        raise InvitationIsSpent(_("这个链接已经用过或者过期了，请找管理员再发一个。"))
    return locked
