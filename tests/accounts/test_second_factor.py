"""T-01: who covers a township opens nothing without codes; secrets are sealed."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts import second_factor
from tests.accounts.door import CODE, SECRET, at_door, codes_of, opens, text, with_codes
from tests.factories import PASSWORD, make_staff, make_township, make_village
from trail.models import AuditEvent

SET_UP, AGAIN = "/staff/account/codes/on/", "/staff/account/again/"
RECOVERY = "/staff/account/codes/recovery/"


@pytest.fixture
def township(db, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    return make_township()


@pytest.fixture
def zhao(township):
    return make_staff(name="赵镇长", role="township_administrator", township=township)


def entered(user) -> Client:
    client = Client()
    at_door(user.username, client=client)
    return client


@pytest.mark.parametrize(
    "role",
    [
        "system_administrator",
        "security_administrator",
        "audit_administrator",
        "county_administrator",
    ],
)
def test_the_administrators_need_it_wherever_they_are_posted(township, role):
    village = make_village(township=township)
    assert second_factor.is_needed(make_staff(name="某人", role=role, village=village))


def test_a_village_clerk_may_do_without(township):
    village = make_village(township=township)
    lin = make_staff(name="林文书", role="village_clerk", village=village)
    assert not second_factor.is_needed(lin)
    assert opens(entered(lin))


@pytest.mark.parametrize("path", ["/staff/", "/admin/", "/staff/account/", "/admin/accounts/user/"])
def test_only_the_set_up_page_opens_until_it_is_done(zhao, path):
    client = entered(zhao)
    assert client.get(path).url == SET_UP
    assert client.get("/v/").status_code == 200
    assert client.get("/staff/account/sessions/").status_code == 200


def test_set_up_shows_recovery_codes_once_and_opens_the_door(zhao):
    client = entered(zhao)
    asked = client.get(SET_UP)
    assert asked.url.startswith(AGAIN)
    page = text(client.post(asked.url, {"password": PASSWORD}, follow=True))
    assert "data:image/svg+xml;base64," in page
    secret = re.search(r'class="print">([A-Z2-7]{32})<', page)[1]
    assert "验证码不对" in text(client.post(SET_UP, {"code": "000000"}))
    codes = codes_of(secret)
    shown = text(client.post(SET_UP, {"code": next(codes)}, follow=True))
    recovery = re.findall(r'class="print">(\d{8})<', shown)
    assert len(recovery) == 10
    assert not set(recovery) & set(re.findall(r"\d{8}", text(client.get(RECOVERY))))
    assert opens(client)
    acts = AuditEvent.objects.values_list("what", flat=True)
    assert "accounts.second_factor_set_up" in acts
    again = entered(zhao)
    assert not opens(again)
    again.post(CODE, {"code": recovery[0]})
    assert opens(again)
    third = entered(zhao)
    third.post(CODE, {"code": recovery[0]})
    assert not opens(third)


def test_a_code_opens_once(zhao):
    with_codes(zhao)
    code = next(codes_of(SECRET))
    first, second = entered(zhao), entered(zhao)
    assert not opens(first)
    first.post(CODE, {"code": code})
    assert opens(first)
    assert "验证码不对" in text(second.post(CODE, {"code": code}))
    assert not opens(second)


def test_secrets_are_sealed_in_the_table(zhao):
    row = with_codes(zhao)
    assert SECRET not in repr(Authenticator.objects.filter(pk=row.pk).values())
    assert row.wrap().validate_code(next(codes_of(SECRET)))


def test_who_needs_it_cannot_take_it_off(zhao):
    with_codes(zhao)
    client = entered(zhao)
    client.post(CODE, {"code": next(codes_of(SECRET))})
    client.post(AGAIN, {"password": PASSWORD})
    off = "/staff/account/codes/off/"
    assert "不能停用" in text(client.get(off))
    client.post(off)
    assert Authenticator.objects.filter(user=zhao).exists()


@pytest.mark.parametrize(
    "path", ["signup/", "password/reset/", "email/", "confirm-email/", "account/email/"]
)
def test_pages_of_mail_and_sign_up_are_not_found(db, path):
    assert Client().get(f"/staff/{path}").status_code == 404
    assert Client().get(f"/accounts/{path}").status_code == 404
