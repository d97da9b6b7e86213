"""The door of the desk: Django's log-in, and what it says to somebody without a posting."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.admin.test_pages import WORD, text_of
from tests.factories import PASSWORD

LOGIN, INDEX = reverse("admin:login"), reverse("admin:index")


def log_in(client: Client, username: str, password: str = PASSWORD):
    door = client.get(LOGIN, {"next": INDEX}).url
    return client.post(door, {"login": username, "password": password})


def test_a_password_opens_the_desk(world):
    client = Client()
    assert client.get(INDEX).status_code == 302
    assert log_in(client, world.lin.username).url == INDEX
    assert client.get(INDEX).status_code == 200
    assert client.post(reverse("admin:logout")).url == reverse("account_login")
    assert client.get(INDEX).status_code == 302


@pytest.mark.parametrize("password", ["谷雨之后村里不种豆子了", ""])
def test_a_wrong_password_opens_nothing(world, password):
    client = Client()
    assert log_in(client, world.lin.username, password).status_code == 200
    assert client.get(INDEX).status_code == 302


def test_somebody_without_a_posting_is_told_so(world):
    client = Client()
    log_in(client, world.stranger.username)
    assert "先建机构和任职" in client.get(LOGIN).content.decode()
    assert client.get(INDEX).status_code == 302


def test_the_log_in_page_speaks_chinese(db):
    html = Client().get(LOGIN, follow=True).content.decode()
    assert WORD.findall(text_of(html)) == []


def test_pages_run_under_the_policy_that_allows_no_inline_code(world, enter):
    response = enter(world.lin).get(INDEX)
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    html = response.content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert re.findall(r"\son\w+=|\sstyle=", html) == []
