"""Five wrong tries close an account for a while; a network waits after many more."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from zlib import crc32

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import LogInTry, User
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import record
from trail.sealing import lookup_digest

T = TypeVar("T")
KEPT = timedelta(days=1)
# "door" in the upper half, the account in the lower one.
LOCK_SPACE = 0x646F6F72 << 32


class AccountRests(DomainError):
    """Too many wrong tries for this name, whether or not it is anybody's."""

    code = "account_rests"


class NetworkRests(DomainError):
    """Too many wrong tries from one address."""

    code = "network_rests"


def tried(
    *, username: str, network: str, attempt: Callable[[], T | None], by: Actor, at: datetime
) -> T | None:
    """What `attempt` finds, or None after noting one more failure.

    Tries for one name stand in line, so that many at once are not more than five. Raises
    AccountRests or NetworkRests without trying; the refusal itself is on the trail.
    """
    digest = lookup_digest(username, purpose="accounts.log_in")
    with transaction.atomic():
        _stand_in_line(digest)
        refusal = _refusal(digest, network, at)
        if refusal is None:
            found = attempt()
            if found is None:
                _note(digest, network, username, by, at)
        else:
            _note_refusal(refusal, network, username, by, at)
    if refusal is not None:
        raise refusal
    return found


@transaction.atomic
def forgive(*, username: str, by: Actor, at: datetime) -> None:
    """After a whole log-in: the failures before it no longer count."""
    digest = lookup_digest(username, purpose="accounts.log_in")
    LogInTry.objects.filter(name_digest=digest).delete()


@transaction.atomic
def forget_old_tries(*, at: datetime) -> int:
    """Take away what no longer counts; how many."""
    return LogInTry.objects.filter(at__lt=at - KEPT).delete()[0]


def _stand_in_line(digest: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_SPACE | crc32(digest)])


def _refusal(digest: bytes, network: str, at: datetime) -> DomainError | None:
    minutes = int(settings.LOG_IN_WINDOW.total_seconds()) // 60
    if _rests(digest, at):
        return AccountRests(
            _("连续输错%(tries)s次，这个账号要停%(minutes)s分钟。过一会儿再试，或者找管理员。")
            % {"tries": settings.LOG_IN_TRIES, "minutes": minutes}
        )
    failures = LogInTry.objects.filter(network=network, at__gt=at - settings.LOG_IN_WINDOW)
    if failures.count() >= settings.LOG_IN_TRIES_OF_A_NETWORK:
        return NetworkRests(_("您这里的网络输错的次数太多，请%s分钟以后再试。") % minutes)
    return None


def _rests(digest: bytes, at: datetime) -> bool:
    """Whether the last five failures lie within the window and the newest is not yet past it."""
    newest = LogInTry.objects.filter(
        name_digest=digest, at__gt=at - 2 * settings.LOG_IN_WINDOW
    ).order_by("-at")
    times = list(newest.values_list("at", flat=True)[: settings.LOG_IN_TRIES])
    return (
        len(times) == settings.LOG_IN_TRIES
        and times[0] - times[-1] <= settings.LOG_IN_WINDOW
        and at < times[0] + settings.LOG_IN_WINDOW
    )


def _note(digest: bytes, network: str, username: str, by: Actor, at: datetime) -> None:
    LogInTry.objects.create(name_digest=digest, network=network, at=at)
    locks = _rests(digest, at)
    what = "denied.account_locked" if locks else "denied.log_in"
    record(by=by, at=at, what=what, about=_about(username))


def _note_refusal(
    refusal: DomainError, network: str, username: str, by: Actor, at: datetime
) -> None:
    """A refusal counts for the network too, so that its rows of the trail have an end."""
    if isinstance(refusal, AccountRests):
        LogInTry.objects.create(network=network, at=at)
        record(by=by, at=at, what="denied.account_rests", about=_about(username))
    elif not _network_was_told(network, at):
        LogInTry.objects.create(network=network, at=at)
        record(by=by, at=at, what="denied.network_rests", about="accounts.user")


def _network_was_told(network: str, at: datetime) -> bool:
    failures = LogInTry.objects.filter(network=network, at__gt=at - settings.LOG_IN_WINDOW)
    return failures.count() > settings.LOG_IN_TRIES_OF_A_NETWORK


def _about(username: str) -> str:
    """The account that was meant; a name of nobody is kept nowhere."""
    pk = User.objects.filter(username=username).values_list("pk", flat=True).first()
    return "accounts.user" if pk is None else f"accounts.user:{pk}"
