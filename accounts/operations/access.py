"""Log-ins from the first to the last: in, out, everywhere out, suspended, unused."""

from collections.abc import Sequence
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce, Greatest

from accounts.models import Session, User
from trail.actor import Actor
from trail.changes import Change
from trail.operations import record


@transaction.atomic
def note(*, what: str, user: User, by: Actor, at: datetime) -> None:
    """Put on the trail what a person did with the own log-in (`accounts.logged_in`)."""
    record(by=by, at=at, what=what, about=f"accounts.user:{user.pk}")


@transaction.atomic
def end_sessions(*, user: User, by: Actor, at: datetime, but: str | None = None) -> int:
    """Log the user out on every device, save on the one whose session key is `but`; how many."""
    if not Session.objects.filter(user=user).exclude(session_key=but or "").exists():
        return 0
    return _ended(user, what="accounts.sessions_ended", by=by, at=at, but=but)


@transaction.atomic
def suspend(*, user: User, by: Actor, at: datetime) -> User:
    """Switch the log-in off; what is open ends at its next request. Twice changes nothing."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_active:
        return locked
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    switched = Change("accounts.user.is_active", before=True, after=False)
    _ended(locked, what="accounts.suspended", by=by, at=at, changes=[switched])
    return locked


@transaction.atomic
def resume(*, user: User, by: Actor, at: datetime) -> User:
    """Switch the log-in on again; its unused days are counted from now. Twice changes nothing."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.is_active:
        return locked
    locked.is_active, locked.counts_from = True, at
    locked.save(update_fields=["is_active", "counts_from"])
    switched = Change("accounts.user.is_active", before=False, after=True)
    record(
        by=by,
        at=at,
        what="accounts.resumed",
        about=f"accounts.user:{locked.pk}",
        changes=[switched],
    )
    return locked


@transaction.atomic
def reset_second_factor(*, user: User, by: Actor, at: datetime) -> bool:
    """Take the codes off a log-in whose phone is lost, and end what is open; whether there were.

    With the next password the codes are set up anew, where the post asks for them.
    """
    count = Authenticator.objects.filter(user=user).delete()[0]
    if not count:
        return False
    _ended(user, what="accounts.second_factor_reset", by=by, at=at)
    return True


def _ended(  # noqa: PLR0913 (an event has that many sides)
    user: User,
    *,
    what: str,
    by: Actor,
    at: datetime,
    but: str | None = None,
    changes: Sequence[Change] = (),
) -> int:
    """End the log-in's sessions, save the one of the key `but`, and record it; how many ended."""
    count = Session.objects.filter(user=user).exclude(session_key=but or "").delete()[0]
    record(
        by=by,
        at=at,
        what=what,
        about=f"accounts.user:{user.pk}",
        detail={"sessions": count},
        changes=changes,
    )
    return count


@transaction.atomic
def suspend_dormant(*, by: Actor, at: datetime) -> int:
    """Switch off every log-in that nobody used for too long; how many."""
    unused = (
        User.objects.select_for_update()
        .filter(is_active=True)
        .annotate(used_at=Greatest("counts_from", Coalesce("last_login", "counts_from")))
        .filter(used_at__lt=at - settings.DORMANT_AFTER)
        .order_by("pk")
    )
    for user in unused:
        suspend(user=user, by=by, at=at)
    return len(unused)


@transaction.atomic
def forget_ended_sessions(*, at: datetime) -> int:
    """Take away the rows of sessions that have run out; how many."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]
