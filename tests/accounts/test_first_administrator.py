"""A fresh site has no account; the first come by a command, which is no back door later."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Invitation, User
from accounts.roles import Action
from accounts.scope import of
from tests.factories import make_township, make_village

FRESH = "秋分-Shou-9-yu mi"


@pytest.fixture
def township(db):
    township = make_township()
    make_village(township=township)
    return township


def create(township, username: str, **more) -> str:
    out = StringIO()
    call_command(
        "create_administrator",
        name="赵镇长",
        username=username,
        township=township.code,
        stdout=out,
        **more,
    )
    return re.search(r"/staff/invite/[\w-]+/", out.getvalue())[0]


def test_a_fresh_site_has_no_account_at_all(db):
    assert not User.objects.exists()
    assert not Invitation.objects.exists()


def test_the_link_makes_an_administrator_of_the_township(township):
    address = create(township, "zhao")
    assert not User.objects.exists()
    Client().post(address, {"password": FRESH, "again": FRESH})
    user = User.objects.get()
    assert user.password_set_at is not None
    assert of(user).township_ids(Action.APPROVE_ROLE) == {township.pk}


def test_the_third_is_refused(township):
    create(township, "zhao")
    create(township, "qian")
    with pytest.raises(CommandError, match="已经有两个人能批准授权"):
        create(township, "sun")
    create(make_township(code="440783104", name="苍城镇"), "sun")


def test_a_link_that_was_lost_or_an_account_switched_off_is_not_counted(township):
    for name in ("zhao", "qian"):
        create(township, name)
    Invitation.objects.filter(username="qian").update(void_at="2026-11-01T00:00Z")
    create(township, "sun")


@pytest.mark.parametrize("role", ["village_clerk", "nothing"])
def test_only_who_can_grant_roles_is_made(township, role):
    with pytest.raises(CommandError, match="不能批准授权"):
        create(township, "zhao", role=role)


def test_an_unknown_township_is_told(db):
    with pytest.raises(CommandError, match="没有代码是999"):
        call_command("create_administrator", name="赵", username="zhao", township="999")
