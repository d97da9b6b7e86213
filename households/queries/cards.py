"""Finding a household by the address on its card, and how often somebody tried in vain."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.db.models.functions import Length

from households.models import CardTry, Subject
from villages.models import Unit

# An address that no card has: so many a minute from one network.
UNKNOWN_TRIES, UNKNOWN_WINDOW = 10, timedelta(minutes=1)
# Wrong PINs of one card; after them it rests. All households of a hamlet may share a network.
PIN_TRIES, PIN_TRIES_OF_A_NETWORK, PIN_REST = 5, 20, timedelta(minutes=15)
# So many wrong PINs in all, however slowly: then only a new card helps.
PIN_TRIES_OF_A_CARD = 100


def household_with_card(token: str) -> Subject | None:
    """The household whose card bears this token, with its village and group; None for any other.

    A card that was withdrawn or renewed is any other: nothing of it is left to be found.
    """
    if not token.isalnum():
        # No card bears such signs, and PostgreSQL takes no NUL.
        return None
    return (
        Subject.objects.filter(
            qr_token=token,
            card_issued_at__isnull=False,
            kind=Subject.Kind.HOUSEHOLD,
        )
        .exclude(state=Subject.State.CLOSED)
        .select_related("village__township", "unit")
        .first()
    )


def households_for_cards(
    *, village_id: int, group: int | None = None, number: str = "", without_card: bool = False
) -> QuerySet[Subject]:
    """The households with an open file, by group and number; all of them, or only some."""
    found = _on_file(village_id)
    if group is not None:
        found = found.filter(unit_id=group)
    if number:
        found = found.filter(number__contains=number)
    if without_card:
        found = found.filter(card_issued_at=None)
    return found


def households_chosen(*, village_id: int, ids: Collection[int]) -> list[Subject]:
    """Those of the households with an open file; an id of any other is left out."""
    return list(_on_file(village_id).filter(pk__in=ids))


def groups_with_households(*, village_id: int) -> list[Unit]:
    """The groups to choose from, in the order of their names."""
    lived_in = Subject.objects.filter(village_id=village_id, kind=Subject.Kind.HOUSEHOLD)
    groups = Unit.objects.filter(village_id=village_id, pk__in=lived_in.values("unit_id"))
    return list(groups.order_by(Length("name"), "name"))


def _on_file(village_id: int) -> QuerySet[Subject]:
    mine = Subject.objects.filter(village_id=village_id, kind=Subject.Kind.HOUSEHOLD)
    # 2组 stands before 10组.
    order = (Length("unit__name"), "unit__name", Length("number"), "number", "pk")
    return mine.exclude(state=Subject.State.CLOSED).select_related("unit").order_by(*order)


def guesses_addresses(*, network: str, at: datetime) -> bool:
    """Whether this network has just asked for too many addresses that no card has."""
    tries = CardTry.objects.filter(
        network=network, subject__isnull=True, at__gt=at - UNKNOWN_WINDOW
    )
    return tries.count() >= UNKNOWN_TRIES


def card_rests_until(*, subject: Subject, at: datetime) -> datetime | None:
    """Until when no PIN of this card is looked at; None when one may be tried."""
    tries = CardTry.objects.filter(village_id=subject.village_id, subject=subject)
    return _rest(
        list(tries.order_by("-at")[:PIN_TRIES].values_list("at", flat=True)), PIN_TRIES, at
    )


def network_rests_until(*, network: str, at: datetime) -> datetime | None:
    """Until when no PIN from this network is looked at; None when one may be tried."""
    tries = CardTry.objects.filter(network=network, subject__isnull=False)
    latest = tries.order_by("-at")[:PIN_TRIES_OF_A_NETWORK].values_list("at", flat=True)
    return _rest(list(latest), PIN_TRIES_OF_A_NETWORK, at)


def card_is_spent(*, subject: Subject) -> bool:
    """Whether so many PINs were wrong since the last right one that only a new card helps."""
    tries = CardTry.objects.filter(village_id=subject.village_id, subject=subject)
    return tries.count() >= PIN_TRIES_OF_A_CARD


def _rest(latest: list[datetime], allowed: int, at: datetime) -> datetime | None:
    """The rest begins with the last of `allowed` tries that fell within one rest of each other."""
    if len(latest) < allowed or latest[0] - latest[-1] >= PIN_REST:
        return None
    until = latest[0] + PIN_REST
    return until if until > at else None
