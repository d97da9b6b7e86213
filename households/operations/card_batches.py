"""Cards of many households at once, with the one sheet that tells their PINs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from households.models import Subject
from households.operations.cards import Card, one_of_many, withdraw_card
from jobs.operations import answer_once
from trail.actor import Actor
from trail.changes import batch_digest
from trail.errors import DomainError
from trail.operations import record

MOST_AT_ONCE = 40


class TooManyCards(DomainError):
    """One sheet is for so many households and no more."""

    code = "too_many_cards"


class NoneChosen(DomainError):
    """There is no household to hand out a card to."""

    code = "none_chosen"


class CardsHaveChanged(DomainError):
    """One of the households got another card since the page was shown."""

    code = "cards_have_changed"


@dataclass(frozen=True, slots=True)
class Issued:
    """A household and what its new card says."""

    subject: Subject
    card: Card


def check_choice(subjects: Sequence[Subject]) -> None:
    """Whether so many cards can be handed out at once; raises NoneChosen or TooManyCards."""
    if not subjects:
        raise NoneChosen(_("请先勾选要印卡的户。"))
    if len(subjects) > MOST_AT_ONCE:
        raise TooManyCards(_("一次最多印%s户，请少勾一些，分几次印。") % MOST_AT_ONCE)


def standing_of(subjects: Sequence[Subject]) -> str:
    """A digest of which cards these households have; another one when any has changed."""
    cards = sorted((subject.pk, subject.qr_token, subject.pin_hash) for subject in subjects)
    return sha256(repr(cards).encode()).hexdigest()


@transaction.atomic
def issue_cards(
    *,
    subjects: Sequence[Subject],
    seen: str,
    question: str,
    set_sheet: Callable[[Sequence[Issued]], bytes],
    by: Actor,
    at: datetime,
) -> bytes:
    """Hand out a card to each household and give back the sheet; all of them or none, one event.

    `seen` is the standing of the cards when the person was asked, `question` the number of that
    asking. Raises AlreadyAnswered, CardsHaveChanged, NoneChosen, TooManyCards or NoCardForThis.
    """
    check_choice(subjects)
    answer_once(
        actor=f"user:{by.user_id}",
        key=f"cards:{question}",
        body=seen.encode(),
        reply={"cards": len(subjects)},
        at=at,
    )
    # In the order of their keys, so that two sheets with the same households never wait in a ring.
    ids = [subject.pk for subject in subjects]
    locked = Subject.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    if standing_of(list(locked)) != seen:
        raise CardsHaveChanged(_("这些户里有的刚换过卡，请再看一遍。"))
    issued, renewed = [], 0
    for subject in subjects:
        card, had_one = one_of_many(subject=subject, at=at)
        issued.append(Issued(subject=subject, card=card))
        renewed += had_one
    _record(subjects, renewed=renewed, by=by, at=at)
    # Inside the transaction: a sheet that cannot be set leaves the old cards as they were.
    return set_sheet(issued)


def _record(subjects: Sequence[Subject], *, renewed: int, by: Actor, at: datetime) -> None:
    """About the village they are all of; the history of each household finds its number there."""
    ids = sorted(subject.pk for subject in subjects)
    [village_id] = {subject.village_id for subject in subjects}
    record(
        by=by,
        at=at,
        what="households.cards_issued",
        about=f"villages.village:{village_id}",
        village_id=village_id,
        detail={**batch_digest(ids), "renewed": renewed, "subjects": ids},
    )


@transaction.atomic
def withdraw_shown(*, subject: Subject, seen: str, by: Actor, at: datetime) -> None:
    """End the card that the person was shown and no later one; raises CardsHaveChanged."""
    locked = Subject.objects.select_for_update().get(pk=subject.pk)
    if standing_of([locked]) != seen:
        raise CardsHaveChanged(_("这户刚换过卡，请再看一遍。"))
    withdraw_card(subject=locked, by=by, at=at)
