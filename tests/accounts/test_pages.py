"""The role under which an act is signed is one that allows it, in that village, today."""

from datetime import date

import pytest

from accounts import scope
from accounts.roles import Action
from tests.factories import make_person, make_posting, make_township, make_user, make_village


@pytest.fixture
def place(db):
    return make_village(township=make_township())


def test_an_act_is_signed_in_the_role_that_allows_it(place):
    person = make_person()
    make_posting(person=person, role="auditor", village=place)
    make_posting(person=person, role="committee_member", village=place)
    user = make_user(person=person)
    assert scope.role_for(user, action=Action.APPROVE_LOCK, village_id=place.pk) == (
        "committee_member"
    )
    assert scope.role_for(user, action=Action.PROPOSE_LOCK, village_id=place.pk) is None


def test_a_role_elsewhere_or_ended_signs_nothing(place):
    person = make_person()
    other = make_village(township=place.township, number=201)
    make_posting(person=person, role="village_clerk", village=other)
    make_posting(person=person, role="village_clerk", village=place, to_on=date(2026, 6, 30))
    user = make_user(person=person)
    asked = {"action": Action.PROPOSE_LOCK, "village_id": place.pk}
    assert scope.role_for(user, **asked, on=date(2026, 6, 30)) == "village_clerk"
    assert scope.role_for(user, **asked, on=date(2026, 7, 1)) is None
    user.is_active = False
    assert scope.role_for(user, **asked, on=date(2026, 6, 30)) is None
