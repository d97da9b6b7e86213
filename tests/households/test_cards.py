"""Cards: what they open, for how many tries, and what is left when they are taken back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from households.models import CardTry, Subject
from households.operations import cards as operations
from households.operations.cards import (
    Card,
    CardIsSpent,
    CardRests,
    NoCardForThis,
    NotADemo,
    PinIsNoPin,
    PinIsWrong,
)
from households.queries import cards as queries
from tests.factories import NOON, make_actor, make_household, make_township, make_village
from tests.races import together
from trail.actor import Actor
from trail.errors import DomainError
from trail.models import AuditEvent
from trail.networks import network_of

VISITOR = Actor(name="household card", role="household", address="192.0.2.7")
HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"


def household_of(**more) -> Subject:
    return make_household(village=make_village(township=make_township()), **more)


@pytest.fixture
def home(db) -> Subject:
    return household_of()


@pytest.fixture
def card(home) -> Card:
    return operations.issue_card(subject=home, by=make_actor(), at=NOON)


def wrong(card: Card) -> str:
    return f"{(int(card.pin) + 1) % 10**6:06}"


def attempt(home: Subject, pin: str, *, network: str = HERE, at=NOON) -> None:
    operations.open_with_pin(subject=home, pin=pin, network=network, by=VISITOR, at=at)


def refusals(home: Subject, pin: str, times: int, **more) -> list[str]:
    """The code of the answer to each of so many tries; '' for one that opened."""
    answers = []
    for _ in range(times):
        try:
            attempt(home, pin, **more)
            answers.append("")
        except DomainError as refusal:
            answers.append(refusal.code)
    return answers


def events() -> list[str]:
    return list(
        AuditEvent.objects.filter(what__startswith="households.")
        .order_by("pk")
        .values_list("what", flat=True)
    )


def test_a_card_opens_its_household(home, card):
    assert queries.household_with_card(card.token) == home
    attempt(home, card.pin)
    assert events() == ["households.card_issued", "households.card_opened"]


@pytest.mark.parametrize("typed", ["{a} {b}", " {a}{b} ", "{wide}"])
def test_a_pin_may_be_typed_or_pasted_in_any_form(home, card, typed):
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in card.pin)
    attempt(home, typed.format(a=card.pin[:3], b=card.pin[3:], wide=wide))


def test_neither_pin_nor_token_is_kept_readable(home, card):
    home.refresh_from_db()
    assert card.pin not in home.pin_hash
    assert len(bytes.fromhex(home.pin_hash)) == 32
    written = str(list(AuditEvent.objects.values_list()))
    assert card.token not in written
    assert card.pin not in written.replace(str(NOON), "")


def test_a_new_card_ends_the_one_before(home, card):
    renewed = operations.issue_card(subject=home, by=make_actor(), at=NOON)
    assert renewed.token != card.token
    assert queries.household_with_card(card.token) is None
    home.refresh_from_db()
    if renewed.pin != card.pin:
        with pytest.raises(PinIsWrong):
            attempt(home, card.pin)
    attempt(home, renewed.pin)


def test_a_withdrawn_card_opens_nothing(home, card):
    operations.withdraw_card(subject=home, by=make_actor(), at=NOON)
    operations.withdraw_card(subject=home, by=make_actor(), at=NOON)
    assert queries.household_with_card(card.token) is None
    home.refresh_from_db()
    assert queries.household_with_card(home.qr_token) is None
    assert refusals(home, card.pin, 1) == ["pin_is_wrong"]
    assert events().count("households.card_withdrawn") == 1


def test_a_household_without_a_card_has_no_address(home):
    assert queries.household_with_card(home.qr_token) is None


@pytest.mark.parametrize("change", [str.lower, lambda token: token[:-1], lambda token: token + "0"])
def test_p_29_only_the_exact_token_is_found(home, change):
    card = Card(token="DEM0CARD01", pin="271828")
    Subject.objects.filter(pk=home.pk).update(
        qr_token=card.token, pin_hash="x", card_issued_at=NOON
    )
    assert queries.household_with_card(card.token) == home
    assert queries.household_with_card(change(card.token)) is None


@pytest.mark.parametrize(
    "fields", [{"state": Subject.State.CLOSED}, {"kind": Subject.Kind.OPERATOR}]
)
def test_cards_are_for_households_on_file(home, card, fields):
    Subject.objects.filter(pk=home.pk).update(**fields)
    assert queries.household_with_card(card.token) is None
    with pytest.raises(NoCardForThis):
        operations.issue_card(subject=home, by=make_actor(), at=NOON)


def test_a_card_known_in_advance_is_for_the_demo_alone(home, settings):
    known = Card(token="DEM0CARD01", pin="271828")
    settings.DEMO = False
    with pytest.raises(NotADemo):
        operations.issue_demo_card(subject=home, card=known, by=make_actor(), at=NOON)
    settings.DEMO = True
    operations.issue_demo_card(subject=home, card=known, by=make_actor(), at=NOON)
    assert queries.household_with_card(known.token) == home


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "12345a", "½23456", "-12345", "9" * 9000]
)
def test_what_is_no_pin_is_no_try(home, card, typed):
    with pytest.raises(PinIsNoPin):
        attempt(home, typed)
    assert not CardTry.objects.exists()


def test_p_30_the_fifth_wrong_pin_lets_the_card_rest(home, card):
    assert refusals(home, wrong(card), 6) == ["pin_is_wrong"] * 4 + ["card_rests"] * 2
    # Not even the right one, and nothing more is counted.
    assert refusals(home, card.pin, 1, network=ELSEWHERE) == ["card_rests"]
    assert CardTry.objects.count() == 5
    assert events().count("households.card_locked") == 1
    assert queries.card_rests_until(subject=home, at=NOON) == NOON + timedelta(minutes=15)
    attempt(home, card.pin, at=NOON + timedelta(minutes=15))


def test_the_rest_lasts_from_the_last_try_on(home, card):
    for minutes in (0, 3, 6, 9):
        refusals(home, wrong(card), 1, at=NOON + timedelta(minutes=minutes))
    last = NOON + timedelta(minutes=14)
    assert refusals(home, wrong(card), 1, at=last) == ["card_rests"]
    assert refusals(home, card.pin, 1, at=last + timedelta(minutes=14)) == ["card_rests"]
    assert refusals(home, card.pin, 1, at=last + timedelta(minutes=15)) == [""]


def test_slow_tries_do_not_add_up_to_a_rest(home, card):
    for number in range(8):
        at = NOON + timedelta(minutes=5 * number)
        assert refusals(home, wrong(card), 1, at=at) == ["pin_is_wrong"]


def test_the_right_pin_forgets_the_wrong_ones(home, card):
    assert refusals(home, wrong(card), 4) == ["pin_is_wrong"] * 4
    attempt(home, card.pin)
    assert refusals(home, wrong(card), 4) == ["pin_is_wrong"] * 4


def test_a_card_tried_a_hundred_times_needs_a_new_one(home, card):
    CardTry.objects.bulk_create(
        CardTry(
            village_id=home.village_id, subject=home, network=ELSEWHERE,
            at=NOON - timedelta(hours=number),
        )
        for number in range(1, 100)
    )  # fmt: skip
    assert refusals(home, wrong(card), 1) == ["card_is_spent"]
    with pytest.raises(CardIsSpent):
        attempt(home, card.pin, at=NOON + timedelta(days=400))
    renewed = operations.issue_card(subject=home, by=make_actor(), at=NOON)
    home.refresh_from_db()
    attempt(home, renewed.pin)


def test_a_network_that_tries_many_cards_rests(home, card):
    neighbours = [make_household(village=home.village) for _ in range(5)]
    for neighbour in neighbours:
        other = operations.issue_card(subject=neighbour, by=make_actor(), at=NOON)
        neighbour.refresh_from_db()
        refusals(neighbour, wrong(other), 4)
    assert queries.network_rests_until(network=HERE, at=NOON) == NOON + timedelta(minutes=15)
    with pytest.raises(CardRests):
        attempt(home, card.pin)
    attempt(home, card.pin, network=ELSEWHERE)


def test_the_eleventh_unknown_address_of_a_minute_is_one_too_many(db):
    for _ in range(9):
        operations.note_unknown_address(network=HERE, by=VISITOR, at=NOON)
    assert not queries.guesses_addresses(network=HERE, at=NOON)
    for _ in range(3):
        operations.note_unknown_address(network=HERE, by=VISITOR, at=NOON)
    assert queries.guesses_addresses(network=HERE, at=NOON)
    assert not queries.guesses_addresses(network=ELSEWHERE, at=NOON)
    assert not queries.guesses_addresses(network=HERE, at=NOON + timedelta(minutes=1))
    assert CardTry.objects.count() == 10
    assert events() == ["households.addresses_guessed"]


def test_unknown_addresses_are_forgotten_after_a_day_and_wrong_pins_are_not(home, card):
    refusals(home, wrong(card), 1)
    operations.note_unknown_address(network=HERE, by=VISITOR, at=NOON)
    later = NOON + timedelta(days=1, seconds=1)
    operations.note_unknown_address(network=ELSEWHERE, by=VISITOR, at=later)
    kept = CardTry.objects.order_by("pk").values_list("network", "subject_id")
    assert list(kept) == [(HERE, home.pk), (ELSEWHERE, None)]


def test_many_tries_at_once_are_no_more_than_in_a_row(committed_db):
    home = household_of()
    card = operations.issue_card(subject=home, by=make_actor(), at=NOON)
    answers = together(*[lambda: refusals(home, wrong(card), 2)] * 6)
    assert sorted(code for found in answers for code in found) == (
        ["card_rests"] * 8 + ["pin_is_wrong"] * 4
    )
    assert CardTry.objects.count() == 5


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_a_network_is_as_coarse_as_an_attacker_is_rich(address, network):
    assert network_of(address) == network


def refused_by(constraint: str, sql: str, values: list[object]) -> None:
    with (
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)


def test_the_database_keeps_card_and_pin_together(home, card):
    change = "UPDATE households_subject SET {} WHERE id = %s"
    for half in ("pin_hash = ''", "card_issued_at = NULL"):
        refused_by("households_subject_card_has_a_pin", change.format(half), [home.pk])


def test_the_database_keeps_a_try_in_its_village_i_05(home, card):
    add = (
        "INSERT INTO households_cardtry (village_id, subject_id, network, at)"
        " VALUES (%s, %s, '', now())"
    )
    other = make_village(township=home.village.township, name="刘庄村", number=201)
    refused_by("households_cardtry_card_has_its_village", add, [None, home.pk])
    refused_by("households_cardtry_card_has_its_village", add, [other.pk, None])
    refused_by("households_cardtry_subject_same_village", add, [other.pk, home.pk])
