"""Giving a person a log-in."""

import re
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import record
from villages.models import Person

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


class UnfitUsername(DomainError):
    """The name cannot be typed the same way by everybody."""

    code = "unfit_username"


class UsernameTaken(DomainError):
    """Another log-in has this name."""

    code = "username_taken"


class WeakPassword(DomainError):
    """The password would be guessed; the message says what is missing."""

    code = "weak_password"


def check_username(username: str) -> None:
    """Raises UnfitUsername unless everybody can type the name."""
    if not USERNAME.fullmatch(username):
        raise UnfitUsername(_("账号用3到40个小写字母、数字、点或横线，以字母或数字开头。"))


def check_password_strength(password: str, user: User) -> None:
    """Raises WeakPassword, saying what is missing, when the password would be guessed."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise WeakPassword("".join(weak.messages)) from weak


@transaction.atomic
def create_user(*, username: str, person: Person, password: str, by: Actor, at: datetime) -> User:
    """Give `person` one more log-in; what it may do follows from the person's postings.

    Raises UnfitUsername, WeakPassword or UsernameTaken.
    """
    check_username(username)
    user = User(username=username, person=person)
    check_password_strength(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:
        raise UsernameTaken(
            _("账号“%(username)s”已经有人用了，请换一个。") % {"username": username}
        ) from taken
    record(
        by=by,
        at=at,
        what="accounts.user_created",
        about=f"accounts.user:{user.pk}",
        detail={"person": person.pk},
    )
    return user
