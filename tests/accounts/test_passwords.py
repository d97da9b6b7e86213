"""B-26, T-01: long, not obvious; under `mlps` of three kinds and none of the last five."""

from datetime import timedelta

import pytest
from django.conf import settings as site
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.models import OldPassword
from accounts.operations import passwords
from accounts.operations.passwords import WeakPassword
from config.settings import base
from tests.accounts.door import opens
from tests.factories import (
    NOON,
    PASSWORD,
    make_actor,
    make_person,
    make_township,
    make_user,
    make_village,
)
from trail import clock
from villages.models import Village

GOOD = "秋分-Shou-9-yu mi"
OBVIOUS = "这个密码太好猜"


@pytest.fixture
def lin(db):
    make_village(township=make_township(), name="下湾村")
    person = make_person(name="林文书")
    person.phone = "13812345678"
    person.save()
    return make_user(person=person, username="lin.wen")


def choose(user, password, at=NOON):
    passwords.choose(user=user, password=password, by=make_actor(), at=at)


@pytest.mark.parametrize(
    "password",
    [
        "13812345678.abc", "lin.wen12345678", "Qwertyuiop2026!", "1qaz2wsx3edc4rfv",
        "林文书林文书林文书林文书", "linwenshu-19800305", "下湾村下湾村下湾村2026",
        "aaaaaaaaaaaa1!",
        "zaq1xsw2cde3!A", "Shitaizhen@2026.11.08",
    ],
)  # fmt: skip
def test_t01_what_others_can_guess_is_refused(lin, password):
    with pytest.raises(WeakPassword):
        choose(lin, password)


def test_the_village_in_letters_is_refused(lin):
    Village.objects.update(slug="dawangping")
    with pytest.raises(WeakPassword, match=OBVIOUS):
        choose(lin, "Dawangping-2026-11")


@pytest.mark.parametrize("password", [GOOD, PASSWORD, "yanshi-2026-jifen", "correct horse battery"])
def test_a_long_and_odd_one_is_taken(lin, password):
    choose(lin, password)
    assert lin.check_password(password)


def test_mlps_wants_three_kinds(lin, settings):
    settings.PASSWORD_PROFILE = "mlps"
    with pytest.raises(WeakPassword, match="四种里的三种"):
        choose(lin, "correct horse battery")
    choose(lin, GOOD)


def test_mlps_takes_none_of_the_last_five_again(lin, settings):
    settings.PASSWORD_PROFILE = "mlps"
    for number in range(6):
        choose(lin, f"{GOOD}{number}")
    assert OldPassword.objects.filter(user=lin).count() == 5
    with pytest.raises(WeakPassword, match="最近5次"):
        choose(lin, f"{GOOD}1")
    choose(lin, f"{GOOD}0")


def test_mlps_asks_for_a_new_one_after_half_a_year(lin, settings):
    settings.PASSWORD_PROFILE, settings.DEMO = "mlps", False
    lin.password_set_at = clock.now() - timedelta(days=179)
    lin.save()
    client = Client()
    client.force_login(lin)
    assert opens(client)
    lin.password_set_at = clock.now() - timedelta(days=181)
    lin.save()
    assert client.get("/staff/").url == "/staff/account/password/"
    assert client.get("/v/").status_code == 200


def test_the_profile_in_china_is_the_default():
    assert base.PASSWORD_PROFILE == "mlps"
    assert site.PASSWORD_PROFILE == "long"


def test_b26_new_passwords_are_hashed_with_argon2id(settings):
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    assert make_password(GOOD).startswith("argon2$argon2id$")
    assert base.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_b26_an_old_hash_becomes_argon2id_at_log_in(lin, settings):
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    lin.password = make_password(GOOD, hasher="scrypt")
    lin.save()
    Client().post("/staff/login/", {"login": "lin.wen", "password": GOOD})
    lin.refresh_from_db()
    assert lin.password.startswith("argon2$argon2id$")
