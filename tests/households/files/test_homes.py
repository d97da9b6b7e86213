"""Files opened, renumbered, closed and opened again; people between them."""

import pytest

from households.errors import (
    AnotherVillage,
    NoSuchGroup,
    NothingToChange,
    NotOnTheList,
    NumberTaken,
    StillInUse,
    TheSameFile,
)
from households.models import Member, Subject
from households.operations import cards
from households.operations.files import departures, moves
from households.operations.files import homes as files
from households.operations.files.homes import Address
from households.queries.cards import household_with_card
from tests.factories import make_household, make_unit, make_village
from tests.households.files.stage import TODAY


def test_a_household_moves_to_another_group_under_a_new_number(homes):
    address = Address(homes.unit("2组"), "001")
    files.renumber(subject=homes.home, address=address, when=TODAY, **homes.act())
    moved = Subject.objects.get(pk=homes.home.pk)
    assert (moved.unit.name, moved.number) == ("2组", "001")
    assert homes.changes() == [("renumbered", homes.home.pk)]
    with pytest.raises(NothingToChange):
        files.renumber(subject=homes.home, address=address, when=TODAY, **homes.act())


def test_a_number_is_given_once_also_as_1_for_001(homes):
    for number in ("002", "2"):
        with pytest.raises(NumberTaken):
            files.renumber(
                subject=homes.home,
                address=Address(homes.home.unit, number),
                when=TODAY,
                **homes.act(),
            )


def test_a_group_of_another_village_is_none(homes):
    far = make_village(township=homes.village.township, name="刘庄村", number=202)
    for unit in (None, make_unit(village=far)):
        with pytest.raises(NoSuchGroup):
            files.renumber(
                subject=homes.home, address=Address(unit, "009"), when=TODAY, **homes.act()
            )


def test_a_file_with_people_stays_open_and_an_empty_one_closes_with_its_card(homes):
    with pytest.raises(StillInUse):
        files.close_file(subject=homes.other, when=TODAY, **homes.act())
    card = cards.issue_card(subject=homes.other, **homes.act())
    departures.record_death(subject=homes.other, member=homes.wang, when=TODAY, **homes.act())
    for _twice in range(2):
        files.close_file(subject=homes.other, when=TODAY, **homes.act())
    assert Subject.objects.get(pk=homes.other.pk).state == Subject.State.CLOSED
    files.reopen_file(subject=homes.other, when=TODAY, **homes.act())
    assert Subject.objects.get(pk=homes.other.pk).state == Subject.State.HEADLESS
    assert household_with_card(card.token) is None
    assert [kind for kind, _ in homes.changes()] == ["deceased", "closed", "reopened"]


def test_a_member_moves_to_the_neighbours_and_twice_is_once(homes):
    for _twice in range(2):
        moves.move_member(
            member=homes.son, into=homes.other, relation="外甥", when=TODAY, **homes.act()
        )
    assert homes.listed(homes.other) == ["张小", "王五"]
    assert Member.objects.get(pk=homes.son.pk).relation == "外甥"
    assert homes.changes() == [("joined", homes.other.pk), ("moved", homes.home.pk)]
    assert homes.events() == ["households.member_moved"]


def test_nobody_moves_into_another_village_or_into_the_own_household(homes):
    far = make_household(village=make_village(township=homes.village.township, number=299))
    for into, refusal in ((far, AnotherVillage), (homes.home, TheSameFile)):
        with pytest.raises(refusal):
            moves.move_member(member=homes.son, into=into, relation="子", when=TODAY, **homes.act())
    departures.record_death(subject=homes.home, member=homes.son, when=TODAY, **homes.act())
    with pytest.raises(NotOnTheList):
        moves.move_member(
            member=homes.son, into=homes.other, relation="子", when=TODAY, **homes.act()
        )


def test_an_operator_has_a_file_without_a_group(homes):
    opened = files.open_file(
        village=homes.village,
        kind=Subject.Kind.OPERATOR,
        address=Address(None, "J01"),
        name="窦庄农机合作社",
        **homes.act(),
    )
    files.rename_file(subject=opened, name="窦庄农机专业合作社", **homes.act())
    assert Subject.objects.get(pk=opened.pk).name == "窦庄农机专业合作社"
    assert homes.events() == ["households.file_opened", "households.file_renamed"]
