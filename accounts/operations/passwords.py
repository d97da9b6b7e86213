"""Choosing a password: the one way in, whoever asks for it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import OldPassword, User
from accounts.passwords import MLPS, REMEMBERED
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import part, record

MOST_AGE = timedelta(days=180)


class WeakPassword(DomainError):
    """The password would be guessed; the message says what is missing."""

    code = "weak_password"


@transaction.atomic
def choose(*, user: User, password: str, by: Actor, at: datetime) -> None:
    """Give a stored user this password; every other session ends, because its digest is another.

    Raises WeakPassword.
    """
    replace(user=user, password=password, at=at)
    record(by=by, at=at, what="accounts.password_changed", about=f"accounts.user:{user.pk}")


@part
def replace(*, user: User, password: str, at: datetime) -> None:
    """The same as a part of the operation that uses a link up."""
    set_first(user=user, password=password, at=at)
    user.save(update_fields=["password", "password_set_at"])
    remember(user=user, at=at)


def set_first(*, user: User, password: str, at: datetime) -> None:
    """Put a strong password on a user that the caller stores; raises WeakPassword."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise WeakPassword(weak.messages[0]) from weak
    user.set_password(password)
    user.password_set_at = at


def remember(*, user: User, at: datetime) -> None:
    """Keep the hash among the last ones, and no more of them than are asked for."""
    OldPassword.objects.create(user=user, password=user.password, set_at=at)
    kept = OldPassword.objects.filter(user=user).values_list("pk", flat=True)[:REMEMBERED]
    OldPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()


def is_too_old(*, user: User, at: datetime) -> bool:
    """Whether the profile asks for a new password by now."""
    if settings.PASSWORD_PROFILE != MLPS or settings.DEMO or user.password_set_at is None:
        return False
    return at - user.password_set_at > MOST_AGE
