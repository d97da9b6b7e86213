"""A role that is gone is gone at the next request, and less never allows more (I-32)."""

from datetime import date
from itertools import combinations

import pytest
from django.db import IntegrityError, transaction

from accounts import scope
from accounts.roles import OF_A_TOWNSHIP, ROLES, Action
from tests.authorization.asking import ask, told
from tests.authorization.ground import Ground, lay_ground, logged_in
from tests.authorization.routes import Line, filled, table
from tests.factories import NOON, make_person, make_posting, make_township, make_user, make_village
from villages.models import Posting

YESTERDAY = date(2026, 10, 31)


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


def _pages(role: str) -> list[Line]:
    """Those lines of the role's own pages that a link leads to."""
    return [
        line
        for line in table()
        if "GET" in line.methods
        and not line.address.startswith("admin/")
        and line.actions
        and line.expected(role, "own") in ("page", "moved")
    ]


def _answers(ground: Ground, client, lines: list[Line]) -> list[str]:
    place = ground.places["own"]
    answers = []
    for line in lines:
        values = place.values(line.address)
        query = f"?{filled(line.body, values)}" if line.body else ""
        answers.append(told(ask(client, "GET", f"/{filled(line.address, values)}{query}")))
    return answers


def test_i_32_an_ended_posting_opens_nothing_at_the_next_request(db):
    ground, wrong = lay_ground(), []
    for role, user in ground.users.items():
        lines = _pages(role)
        if not lines:
            continue
        client = logged_in(user)
        before = _answers(ground, client, lines[:1])
        Posting.objects.filter(person=user.person).update(to_on=YESTERDAY)
        after = _answers(ground, client, lines)
        if before == ["missing"] or set(after) != {"missing"}:
            wrong.append(f"{role}: {before}, then {after}")
        if told(ask(client, "GET", "/admin/")) != "login":
            wrong.append(f"{role}: the records desk is open")
    assert wrong == []


def test_i_32_a_log_in_that_is_switched_off_ends_at_the_next_request(db):
    ground = lay_ground()
    user = ground.users["township_administrator"]
    client = logged_in(user)
    assert told(ask(client, "GET", "/staff/")) == "page"
    user.is_active = False
    user.save()
    assert told(ask(client, "GET", "/staff/")) == "login"
    assert told(ask(client, "GET", "/api/v1/me/")) == "login"


def test_i_32_one_role_less_never_allows_more(db):
    """Over every pair of roles that one person can hold."""
    village = make_village(township=make_township())
    pairs = 0
    for roles in combinations(ROLES, 2):
        user = make_user(person=make_person(name="两职"))
        try:
            with transaction.atomic():
                for role in roles:
                    wide = role in OF_A_TOWNSHIP
                    place = {"township": village.township} if wide else {"village": village}
                    make_posting(person=user.person, role=role, **place)
        except IntegrityError:
            continue
        pairs += 1
        both = scope.of(user)
        for role in roles:
            with transaction.atomic():
                rows = Posting.objects.filter(person=user.person, post__code=role)
                rows.update(to_on=YESTERDAY)
                left = scope.of(user)
                transaction.set_rollback(True)
            for action in Action:
                assert left.village_ids(action) <= both.village_ids(action), (roles, action)
                assert left.township_ids(action) <= both.township_ids(action), (roles, action)
    assert pairs > len(ROLES)
