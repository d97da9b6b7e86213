"""From postings to villages per action: mine, my township's other village, and elsewhere."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import scope
from accounts.roles import Action
from tests.factories import (
    make_person,
    make_posting,
    make_staff,
    make_township,
    make_user,
    make_village,
)
from trail.scope import Scope

DAY = date(2026, 11, 1)


@pytest.fixture
def township(db):
    return make_township()


@pytest.fixture
def mine(township):
    return make_village(township=township, number=201)


@pytest.fixture
def neighbour(township):
    return make_village(township=township, number=202)


@pytest.fixture
def elsewhere(db):
    return make_village(township=make_township(code="440783104", name="苍城镇"), number=227)


def test_each_clerk_reaches_the_own_village(mine, neighbour, elsewhere):
    for village in (mine, neighbour, elsewhere):
        found = scope.of(make_staff(name="文书", role="village_clerk", village=village), on=DAY)
        assert found.village_ids(Action.VIEW_REGISTER) == {village.pk}
        assert found.village_ids(Action.APPROVE_LOCK) == frozenset()
        assert found.township_ids(Action.VIEW_REGISTER) == frozenset()


def test_a_township_posting_reaches_every_village_of_it(township, mine, neighbour, elsewhere):
    found = scope.of(make_staff(name="经办", role="township_clerk", township=township), on=DAY)
    assert found.village_ids(Action.VIEW_REGISTER) == {mine.pk, neighbour.pk}
    assert found.township_ids(Action.VIEW_REGISTER) == {township.pk}


def test_two_postings_give_each_action_where_its_role_is_held(mine, neighbour):
    person = make_person()
    make_posting(person=person, role="village_clerk", village=mine)
    make_posting(person=person, role="committee_member", village=neighbour)
    found = scope.of(make_user(person=person), on=DAY)
    assert found.village_ids(Action.VIEW_LEDGER) == {mine.pk, neighbour.pk}
    assert found.village_ids(Action.PROPOSE_LOCK) == {mine.pk}
    assert found.village_ids(Action.APPROVE_LOCK) == {neighbour.pk}


@pytest.mark.parametrize(
    ("from_on", "to_on", "reaches"),
    [
        (DAY, None, True),
        (DAY, DAY, True),
        (DAY - timedelta(days=9), DAY, True),
        (DAY - timedelta(days=9), DAY - timedelta(days=1), False),
        (DAY + timedelta(days=1), None, False),
    ],
)
def test_a_posting_counts_from_its_first_to_its_last_day(mine, from_on, to_on, reaches):
    person = make_person()
    make_posting(person=person, village=mine, from_on=from_on, to_on=to_on)
    assert scope.of(make_user(person=person), on=DAY).allows(Action.VIEW_REGISTER) is reaches


def test_no_posting_no_activity_no_login_reach_nothing(mine):
    assert scope.of(make_user(), on=DAY) == Scope()
    user = make_staff(name="文书", role="village_clerk", village=mine)
    user.is_active = False
    assert scope.of(user, on=DAY) == Scope()
    assert scope.of(AnonymousUser(), on=DAY) == Scope()


def test_scope_takes_two_queries_however_many_postings(
    township, mine, neighbour, django_assert_num_queries
):
    user = make_staff(name="经办", role="township_clerk", township=township)
    with django_assert_num_queries(2):
        scope.of(user, on=DAY)
    make_posting(person=user.person, village=mine)
    make_posting(person=user.person, village=neighbour)
    with django_assert_num_queries(2):
        scope.of(user, on=DAY)
