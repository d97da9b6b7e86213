"""T-01: whether a name is anybody's shows neither in the answer nor in the work it costs.

Hashes are counted, not timed: a clock on a busy machine proves nothing.
"""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.models import User
from tests.accounts.door import at_door, text
from tests.factories import make_staff, make_township, make_user, make_village

WRONG = "谷雨之后不种豆子了"
NAMES = ("lin", "suspended", "nobody-at-all")


@pytest.fixture
def hashes(monkeypatch) -> list[str]:
    """Every hash the site's own hasher computes from here on, as it computes it."""
    counted = []
    for name in ("encode", "verify"):
        whole = getattr(Argon2PasswordHasher, name)

        def counting(self, *args, whole=whole, name=name, **kwargs):
            counted.append(name)
            return whole(self, *args, **kwargs)

        monkeypatch.setattr(Argon2PasswordHasher, name, counting)
    return counted


@pytest.fixture
def staff(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    lin = make_staff(
        name="林文书", role="village_clerk", village=make_village(township=make_township())
    )
    User.objects.filter(pk=lin.pk).update(username="lin")
    off = make_user(username="suspended")
    User.objects.filter(pk=off.pk).update(is_active=False)


def test_t01_a_name_of_nobody_costs_as_many_hashes_as_an_account(staff, hashes):
    costs = {}
    for name in NAMES:
        hashes.clear()
        at_door(name, WRONG)
        costs[name] = len(hashes)
    assert costs == dict.fromkeys(NAMES, 1)


def test_t01_a_name_that_rests_costs_no_hash_whoever_it_is(staff, hashes):
    costs = {}
    for name in NAMES:
        for _try in range(5):
            at_door(name, WRONG)
        hashes.clear()
        assert "这个账号要停15分钟" in text(at_door(name, WRONG))
        costs[name] = len(hashes)
    assert costs == dict.fromkeys(NAMES, 0)


def test_t01_a_suspended_account_with_the_right_password_is_answered_like_nobody(staff):
    answers = [
        text(at_door(name)).split("csrfmiddlewaretoken")[0].replace(name, "") for name in NAMES[1:]
    ]
    assert "账号或密码不对" in answers[0]
    assert answers[0] == answers[1]
