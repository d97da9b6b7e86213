"""Giving a person a log-in."""

import re
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import passwords
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import part, record
from villages.models import Person

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


class UnfitUsername(DomainError):
    """The name cannot be typed the same way by everybody."""

    code = "unfit_username"


class UsernameTaken(DomainError):
    """Another log-in has this name."""

    code = "username_taken"


def check_username(username: str) -> None:
    """Raises UnfitUsername unless everybody can type the name."""
    if not USERNAME.fullmatch(username):
        raise UnfitUsername(_("账号用3到40个小写字母、数字、点或横线，以字母或数字开头。"))


@transaction.atomic
def create_user(*, username: str, person: Person, password: str, by: Actor, at: datetime) -> User:
    """Give `person` one more log-in; what it may do follows from the person's postings.

    Raises UnfitUsername, WeakPassword or UsernameTaken.
    """
    user = open_log_in(username=username, person=person, password=password, at=at)
    record(
        by=by,
        at=at,
        what="accounts.user_created",
        about=f"accounts.user:{user.pk}",
        detail={"person": person.pk},
    )
    return user


@part
def open_log_in(*, username: str, person: Person, password: str, at: datetime) -> User:
    """The same as a part of the operation that uses a link up."""
    check_username(username)
    user = User(username=username, person=person)
    passwords.set_first(user=user, password=password, at=at)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:
        raise UsernameTaken(
            _("账号“%(username)s”已经有人用了，请换一个。") % {"username": username}
        ) from taken
    passwords.remember(user=user, at=at)
    return user
