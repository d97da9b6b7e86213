"""T-01, B-22: five wrong tries close an account for fifteen minutes, a network after many more."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import LogInTry
from accounts.operations import lockout
from accounts.operations.lockout import AccountRests, NetworkRests
from desk import telling
from tests.accounts.door import CODE, at_door, codes_of, opens, text, with_codes
from tests.factories import NOON, make_actor, make_staff, make_township, make_village
from trail.models import AuditEvent

RESTS = "连续输错5次，这个账号要停15分钟"
WRONG = "谷雨之后不种豆子了"


@pytest.fixture
def lin(db):
    village = make_village(township=make_township())
    return make_staff(name="林文书", role="village_clerk", village=village)


def fail(*, at=NOON, username="lin", network="10.0.0.1", attempt=lambda: None):
    by = make_actor_at_door()
    return lockout.tried(username=username, network=network, attempt=attempt, by=by, at=at)


def make_actor_at_door():
    return make_actor(role="anonymous")


def test_b22_six_wrong_passwords_lock_and_the_right_one_waits_too(lin):
    for _try in range(5):
        assert "账号或密码不对" in text(at_door(lin.username, WRONG))
    assert RESTS in text(at_door(lin.username, WRONG))
    client = Client()
    assert RESTS in text(at_door(lin.username, client=client))
    assert not opens(client)


def test_b22_the_account_opens_again_after_fifteen_minutes(db):
    for minute in range(5):
        assert fail(at=NOON + timedelta(minutes=minute)) is None
    last = NOON + timedelta(minutes=4)
    with pytest.raises(AccountRests):
        fail(at=last + timedelta(minutes=14, seconds=59))
    assert fail(at=last + timedelta(minutes=15), attempt=lambda: "in") == "in"


def test_failures_far_apart_lock_nothing(db):
    for step in range(12):
        assert fail(at=NOON + timedelta(minutes=4 * step)) is None


def test_t01_a_name_of_nobody_is_answered_like_an_account(lin):
    answers = {
        name: [text(at_door(name, WRONG)).replace(name, "") for _try in range(6)]
        for name in (lin.username, "nobody-at-all")
    }
    without_token = [
        [page.split("csrfmiddlewaretoken")[0] for page in pages] for pages in answers.values()
    ]
    assert without_token[0] == without_token[1]
    assert all(RESTS in pages[5] for pages in answers.values())


def test_one_account_that_rests_closes_no_other(lin):
    other = make_staff(
        name="魏文书",
        role="village_clerk",
        village=make_village(township=make_township(code="440783104", name="苍城镇")),
    )
    for _try in range(7):
        at_door(lin.username, WRONG)
    client = Client()
    at_door(other.username, client=client)
    assert opens(client)


def test_a_village_hall_errs_often_before_it_waits(db):
    for number in range(settings.LOG_IN_TRIES_OF_A_NETWORK):
        assert fail(username=f"user{number}") is None
    with pytest.raises(NetworkRests):
        fail(username="anybody")
    assert fail(username="anybody", network="10.0.0.2", attempt=lambda: "in") == "in"
    assert fail(at=NOON + timedelta(minutes=15), attempt=lambda: "in") == "in"


def test_a_network_that_waits_fills_neither_table_nor_trail(db):
    for number in range(settings.LOG_IN_TRIES_OF_A_NETWORK):
        fail(username=f"user{number}")
    for _try in range(5):
        with pytest.raises(NetworkRests):
            fail(username="anybody")
    told = AuditEvent.objects.filter(what="denied.network_rests").count()
    assert told == 1
    assert LogInTry.objects.count() == settings.LOG_IN_TRIES_OF_A_NETWORK + 1


def test_a_whole_log_in_forgives_earlier_failures(lin):
    for _round in range(3):
        for _try in range(4):
            at_door(lin.username, WRONG)
        client = Client()
        at_door(lin.username, client=client)
        assert opens(client)


def test_wrong_codes_count_like_wrong_passwords(lin):
    secret = with_codes(lin).wrap()
    client = Client()
    at_door(lin.username, client=client)
    for _try in range(5):
        assert "验证码不对" in text(client.post(CODE, {"code": "000000"}))
    right = next(codes_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))
    assert RESTS in text(client.post(CODE, {"code": right}))
    assert not opens(client)
    assert secret.instance.user_id == lin.pk


def test_a_right_password_between_wrong_codes_forgives_nothing(lin):
    with_codes(lin)
    for _try in range(4):
        client = Client()
        at_door(lin.username, client=client)
        client.post(CODE, {"code": "000000"})
    client = Client()
    at_door(lin.username, client=client)
    client.post(CODE, {"code": "000000"})
    assert RESTS in text(at_door(lin.username))


def test_the_old_password_on_the_change_page_counts_too(lin):
    client = Client()
    client.force_login(lin)
    fields = {"oldpassword": WRONG, "password1": "x", "password2": "y"}
    for _try in range(5):
        assert "现在的密码不对" in text(client.post("/staff/account/password/", fields))
    assert RESTS in text(client.post("/staff/account/password/", fields))
    assert RESTS in text(at_door(lin.username))


def test_reauthentication_counts_too(lin):
    client = Client()
    client.force_login(lin)
    for _try in range(5):
        assert "密码不对" in text(client.post("/staff/account/again/", {"password": WRONG}))
    assert RESTS in text(client.post("/staff/account/again/", {"password": WRONG}))


def test_b24_each_refusal_at_the_door_is_one_event(lin):
    for _try in range(6):
        at_door(lin.username, WRONG)
    at_door("nobody-at-all", WRONG)
    events = list(AuditEvent.objects.order_by("pk").values_list("what", "about"))
    own = f"accounts.user:{lin.pk}"
    assert events == [
        *[("denied.log_in", own)] * 4,
        ("denied.account_locked", own),
        ("denied.account_rests", own),
        ("denied.log_in", "accounts.user"),
    ]
    assert "nobody-at-all" not in repr(list(AuditEvent.objects.values()))
    assert "nobody-at-all" not in repr(list(LogInTry.objects.values()))


def test_old_tries_are_forgotten(db):
    fail()
    fail(at=NOON + timedelta(hours=23))
    assert lockout.forget_old_tries(at=NOON + timedelta(hours=25)) == 1


def test_a_name_too_long_for_any_account_is_told_in_plain_words(db):
    assert "账号没有这么长，请核对。" in text(at_door("c" * 5000, WRONG))


def test_b24_who_failed_at_the_door_is_told_in_words_of_the_trail(lin):
    at_door(lin.username, WRONG)
    assert [told.sentence for told in telling.told([AuditEvent.objects.latest("pk")])] == [
        f"没登录的人登录失败：账号 {lin.username}"
    ]
