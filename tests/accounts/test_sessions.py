"""B-22: sessions end when idle, when old, when told to, and when the account is switched off."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Session
from accounts.operations import access
from tests.accounts.door import at_door, opens, text
from tests.factories import make_actor, make_staff, make_township, make_village
from trail import clock
from trail.models import AuditEvent

EDGE = timedelta(seconds=10)


@pytest.fixture
def township(db):
    return make_township()


@pytest.fixture
def lin(township):
    village = make_village(township=township)
    return make_staff(name="林文书", role="village_clerk", village=village)


def entered(user, **extra) -> Client:
    client = Client(**extra)
    at_door(user.username, client=client)
    assert opens(client)
    return client


def later(settings, span: timedelta) -> None:
    settings.CLOCK_SHIFT += span


def test_b22_the_session_has_another_number_after_log_in(lin):
    client = Client()
    client.get("/staff/login/")
    session = client.session
    session["before"] = "1"
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    at_door(lin.username, client=client)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.parametrize(
    ("role", "limit"), [("village_clerk", "SESSION_IDLE"), ("clerk", "SESSION_IDLE_OF_A_TOWNSHIP")]
)
def test_b22_an_idle_session_ends(township, lin, settings, role, limit):
    clerk = make_staff(name="镇经办", role="township_clerk", township=township)
    user, idle = lin if role == "village_clerk" else clerk, getattr(settings, limit)
    client = entered(user)
    later(settings, idle - EDGE)
    assert opens(client)
    later(settings, idle - EDGE)
    assert opens(client)
    later(settings, idle + EDGE)
    answer = client.get("/staff/", follow=True)
    assert "太久没有操作，已经自动退出" in text(answer)
    assert not opens(client)


def test_b22_no_session_lives_longer_than_the_day(lin, settings):
    begun, client = clock.now(), entered(lin)
    step, spent = timedelta(minutes=25), timedelta()
    while spent + step < settings.SESSION_ABSOLUTE:
        spent += step
        later(settings, begun + spent - clock.now())
        assert opens(client)
    later(settings, begun + settings.SESSION_ABSOLUTE - EDGE - clock.now())
    assert opens(client)
    later(settings, begun + settings.SESSION_ABSOLUTE + EDGE - clock.now())
    assert not opens(client)


def test_b22_all_sessions_die_at_the_next_request_of_a_suspended_account(lin):
    phone, desk = entered(lin), entered(lin)
    access.suspend(user=lin, by=make_actor(), at=clock.now())
    assert not opens(phone)
    assert not opens(desk)
    assert not Session.objects.filter(user=lin).exists()
    assert "账号或密码不对" in text(at_door(lin.username))
    access.resume(user=lin, by=make_actor(), at=clock.now())
    entered(lin)
    acts = AuditEvent.objects.filter(about=f"accounts.user:{lin.pk}").values_list("what", flat=True)
    assert {"accounts.suspended", "accounts.resumed"} <= set(acts)


def test_suspending_twice_is_one_event(lin):
    for _again in range(2):
        access.suspend(user=lin, by=make_actor(), at=clock.now())
    assert AuditEvent.objects.filter(what="accounts.suspended").count() == 1


def test_a_password_change_logs_out_everywhere_else(lin):
    phone, desk = entered(lin), entered(lin)
    fresh = "秋分-Shou-9-yu mi"
    fields = {"oldpassword": "谷雨之后村里再种一季豆子", "password1": fresh, "password2": fresh}
    answer = desk.post("/staff/account/password/", fields, follow=True)
    assert "密码换好了" in text(answer)
    assert opens(desk)
    assert not opens(phone)
    client = Client()
    at_door(lin.username, fresh, client=client)
    assert opens(client)
    assert AuditEvent.objects.filter(what="accounts.password_changed").count() == 1


def test_the_page_of_devices_names_them_and_ends_the_others(lin):
    phone = entered(lin, headers={"user-agent": "Mozilla/5.0 (Linux; Android 13) MicroMessenger"})
    desk = entered(lin, headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140"})
    page = text(desk.get("/staff/account/sessions/"))
    assert "安卓手机 微信" in page
    assert "Windows电脑 Chrome" in page
    assert page.count("就是这台") == 1
    assert "别的设备上都已经退出" in text(
        desk.post("/staff/account/sessions/end/", {"which": "others"}, follow=True)
    )
    assert not opens(phone)
    assert opens(desk)


def test_everywhere_means_here_too(lin):
    phone, desk = entered(lin), entered(lin)
    assert desk.post("/staff/account/sessions/end/", {"which": "all"}).url == "/staff/login/"
    assert not opens(phone)
    assert not opens(desk)
    assert AuditEvent.objects.filter(what="accounts.sessions_ended").count() == 1


def test_nobody_sees_the_devices_of_another(lin, township):
    clerk = make_staff(name="镇经办", role="township_clerk", township=township)
    entered(clerk, headers={"user-agent": "iPhone Safari"})
    assert "苹果手机" not in text(entered(lin).get("/staff/account/sessions/"))


def test_coming_and_going_is_on_the_trail(lin):
    client = entered(lin)
    client.post("/staff/logout/")
    acts = AuditEvent.objects.order_by("pk").values_list("what", "user_id")
    assert list(acts) == [("accounts.logged_in", lin.pk), ("accounts.logged_out", lin.pk)]


def test_an_account_nobody_used_is_switched_off(lin, township):
    at = clock.now()
    used = make_staff(name="镇经办", role="township_clerk", township=township)
    used.last_login = at
    used.save()
    limit = at + settings.DORMANT_AFTER
    assert access.suspend_dormant(by=make_actor(), at=limit - timedelta(minutes=1)) == 0
    lin.refresh_from_db()
    type(lin).objects.filter(pk=lin.pk).update(counts_from=at - timedelta(days=1))
    assert access.suspend_dormant(by=make_actor(), at=limit - timedelta(minutes=1)) == 1
    lin.refresh_from_db()
    assert not lin.is_active
    access.resume(user=lin, by=make_actor(), at=limit)
    assert access.suspend_dormant(by=make_actor(), at=limit + timedelta(minutes=1)) == 1
    lin.refresh_from_db()
    assert lin.is_active
