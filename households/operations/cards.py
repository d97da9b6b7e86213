"""Cards of households: handing out, withdrawing, and opening a file with the PIN."""

import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from households.models import CardTry, Subject, new_token
from households.queries import cards
from trail.actor import Actor
from trail.changes import Change, as_it_is, differences
from trail.errors import DomainError
from trail.operations import part, record
from trail.sealing import lookup_digest

PIN_DIGITS = 6
KEEP_UNKNOWN = timedelta(days=1)
# "card" in the upper half, the network in the lower one.
LOCK_SPACE = 0x63617264 << 32


class NoCardForThis(DomainError):
    """Cards are for households with an open file."""

    code = "no_card_for_this"


class NotADemo(DomainError):
    """A card that others know in advance exists in the demo only."""

    code = "not_a_demo"


class PinIsNoPin(DomainError):
    """What was typed are not six digits; it is not counted as a try."""

    code = "pin_is_no_pin"


class PinIsWrong(DomainError):
    """Not the PIN of this card."""

    code = "pin_is_wrong"


class CardRests(DomainError):
    """Too many wrong PINs: no PIN is looked at until `facts["until"]`."""

    code = "card_rests"


class CardIsSpent(DomainError):
    """Too many wrong PINs in all; only a new card helps."""

    code = "card_is_spent"


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed on a card; the PIN is known here once and never again."""

    token: str
    pin: str


def issue_card(*, subject: Subject, by: Actor, at: datetime) -> Card:
    """Hand out a card with a new address and a new PIN; the card before opens nothing any more.

    Raises NoCardForThis for anything but a household with an open file.
    """
    return _issue(subject, _new_card(), by=by, at=at)


def issue_demo_card(*, subject: Subject, card: Card, by: Actor, at: datetime) -> Card:
    """Hand out a card that is known in advance; raises NotADemo where no demo runs."""
    if not settings.DEMO:
        raise NotADemo(_("只有演示里才能用事先定好的码。"))
    return _issue(subject, card, by=by, at=at)


def _new_card() -> Card:
    pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"
    return Card(token=new_token(), pin=pin)


@part
def one_of_many(*, subject: Subject, at: datetime) -> tuple[Card, bool]:
    """A new card as a part of handing out many, and whether there was one before.

    Raises NoCardForThis.
    """
    card = _new_card()
    _, before = _stored(subject, card, at=at)
    return card, before["card_issued_at"] is not None


@transaction.atomic
def _issue(subject: Subject, card: Card, *, by: Actor, at: datetime) -> Card:
    locked, before = _stored(subject, card, at=at)
    changes = differences(locked, before)
    _record(locked, what="households.card_issued", by=by, at=at, changes=changes)
    return card


def _stored(subject: Subject, card: Card, *, at: datetime) -> tuple[Subject, dict[str, object]]:
    """The household with its new card, and the day of the one before."""
    locked = Subject.objects.select_for_update().get(pk=subject.pk)
    if locked.kind != Subject.Kind.HOUSEHOLD or locked.state == Subject.State.CLOSED:
        raise NoCardForThis(_("只给在册的农户发卡。"))
    before = as_it_is(locked, "card_issued_at")
    locked.qr_token, locked.card_issued_at = card.token, at
    locked.pin_hash = _digest(locked, card.pin)
    locked.save(update_fields=["qr_token", "card_issued_at", "pin_hash"])
    _forget_tries(locked)
    return locked, before


@transaction.atomic
def withdraw_card(*, subject: Subject, by: Actor, at: datetime) -> None:
    """End the household's card: its address and PIN open nothing any more. Twice is once."""
    locked = Subject.objects.select_for_update().get(pk=subject.pk)
    if locked.card_issued_at is None:
        return
    before = as_it_is(locked, "card_issued_at")
    locked.qr_token, locked.card_issued_at, locked.pin_hash = new_token(), None, ""
    locked.save(update_fields=["qr_token", "card_issued_at", "pin_hash"])
    _forget_tries(locked)
    changes = differences(locked, before)
    _record(locked, what="households.card_withdrawn", by=by, at=at, changes=changes)


def open_with_pin(*, subject: Subject, pin: str, network: str, by: Actor, at: datetime) -> None:
    """Let whoever knows the PIN in; a wrong one is counted before it is answered.

    Raises PinIsNoPin, PinIsWrong, CardRests or CardIsSpent. Tries of one card, and of one network,
    are looked at one after another, so that many at once are no more than so many in a row.
    """
    typed = "".join(unicodedata.normalize("NFKC", pin[:40]).split())
    if not (typed.isascii() and typed.isdigit() and len(typed) == PIN_DIGITS):
        raise PinIsNoPin(_("请填卡片上的6位数字"))
    # The refusal is raised outside: the try must stay when the answer is no.
    with transaction.atomic():
        refusal = _try(subject, typed, network, by=by, at=at)
    if refusal is not None:
        raise refusal


def _try(
    subject: Subject, pin: str, network: str, *, by: Actor, at: datetime
) -> DomainError | None:
    _enter(network)
    locked = Subject.objects.select_for_update().get(pk=subject.pk)
    if refusal := _standing_refusal(locked, network, at):
        return refusal
    if hmac.compare_digest(_digest(locked, pin), locked.pin_hash):
        _forget_tries(locked)
        _record(locked, what="households.card_opened", by=by, at=at)
        return None
    CardTry.objects.create(village_id=locked.village_id, subject=locked, network=network, at=at)
    if refusal := _standing_refusal(locked, network, at):
        _record(locked, what="households.card_locked", by=by, at=at, why=refusal.code)
        return refusal
    return PinIsWrong(_("验证码不对，请看卡片再填一次"))


def _standing_refusal(subject: Subject, network: str, at: datetime) -> DomainError | None:
    if cards.card_is_spent(subject=subject):
        return CardIsSpent(_("试错太多次，这张卡不能再验证了。请到村里换一张新卡"))
    until = cards.card_rests_until(subject=subject, at=at)
    until = until or cards.network_rests_until(network=network, at=at)
    if until is None:
        return None
    return CardRests(_("试错次数多了，请过15分钟再试"), until=until)


@transaction.atomic
def note_unknown_address(*, network: str, by: Actor, at: datetime) -> None:
    """Count that somebody asked for an address no card has; the one too many is audited."""
    _enter(network)
    if cards.guesses_addresses(network=network, at=at):
        return
    CardTry.objects.filter(subject__isnull=True, at__lt=at - KEEP_UNKNOWN).delete()
    CardTry.objects.create(network=network, at=at)
    if cards.guesses_addresses(network=network, at=at):
        record(by=by, at=at, what="households.addresses_guessed", about="households.card")


def _enter(network: str) -> None:
    """Until the transaction ends, one try of a network at a time; always before the card's row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_SPACE + crc32(network.encode())])


def _digest(subject: Subject, pin: str) -> str:
    """What is kept of a PIN: keyed, of this very card.

    A million PINs are soon tried out against any hash, slow or not; without the key, which no
    backup of the data has, there is nothing to try them against. So 161 cards take no minute.
    """
    card = f"{subject.pk}:{subject.qr_token}:{pin}"
    return lookup_digest(card, purpose="households.card.pin").hex()


def _forget_tries(subject: Subject) -> None:
    CardTry.objects.filter(village_id=subject.village_id, subject=subject).delete()


def _record(
    subject: Subject,
    *,
    what: str,
    by: Actor,
    at: datetime,
    why: str = "",
    changes: Sequence[Change] = (),
) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=f"households.subject:{subject.pk}",
        village_id=subject.village_id,
        detail={"why": why} if why else {},
        changes=changes,
    )
