"""What the server says of /c/: who gets the shell, what the worker keeps, how it is installed."""

import json

import pytest
from django.conf import settings
from django.test import Client

from desk.collect import assets, pages
from desk.collect.words import WORDS
from tests.factories import make_staff, make_township, make_village

WECHAT = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.49"


@pytest.fixture
def village(db):
    return make_village(township=make_township())


def browser_of(role: str, village) -> Client:
    client = Client()
    client.force_login(make_staff(name="王秀英", role=role, village=village))
    return client


def found(client: Client, address: str) -> str:
    """What a file that is there is; the file is closed again."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    answer.close()
    return answer["Content-Type"]


@pytest.mark.parametrize("role", ["collector", "grid_head", "contact_cadre"])
def test_collectors_and_visitors_get_the_same_empty_shell_everywhere(village, role):
    client = browser_of(role, village)
    home, deep = client.get("/c/"), client.get("/c/h/17/household/land/")
    assert home.status_code == deep.status_code == 200
    assert home.content == deep.content
    assert (
        WORDS["consent"]
        in json.loads(
            home.content.decode().split('type="application/json">')[1].split("</script>")[0]
        ).values()
    )
    assert "王秀英" not in home.content.decode()
    assert "no-store" in home["Cache-Control"] or "max-age=0" in home["Cache-Control"]
    assert settings.CSRF_COOKIE_NAME in client.cookies


def test_others_find_nothing(village):
    assert browser_of("village_clerk", village).get("/c/").status_code == 404
    assert Client().get("/c/queue/").headers["Location"].startswith("/staff/login/")


def test_g_24_wechat_is_told_to_open_a_browser(village):
    client = browser_of("collector", village)
    text = client.get("/c/", headers={"User-Agent": WECHAT}).content.decode()
    assert "在浏览器打开" in text
    assert "<script" not in text


def test_only_this_page_may_ask_where_the_phone_is(village):
    client = browser_of("collector", village)
    assert "geolocation=(self)" in client.get("/c/")["Permissions-Policy"]
    assert "geolocation=()" in client.get("/staff/")["Permissions-Policy"]
    assert "unsafe" not in client.get("/c/")["Content-Security-Policy"]


def test_worker_serves_all_of_c_and_keeps_every_file(client, db):
    answer = client.get("/c/sw.js")
    assert answer["Service-Worker-Allowed"] == "/c/"
    assert answer["Content-Type"].startswith("text/javascript")
    text = answer.content.decode()
    for address in assets.files():
        assert f'"{address}"'.replace("-", "\\u002D") in text or f'"{address}"' in text
        assert found(client, address)


def test_another_word_or_script_is_another_version(monkeypatch):
    assert assets.version("one page") != assets.version("another page")
    first = assets.version("one page")
    monkeypatch.setattr(assets, "STYLES", (*assets.STYLES, "css/staff.css"))
    assert assets.version("one page") != first


def test_manifest_names_the_page_and_its_pictures(client, db):
    told = client.get("/c/manifest.webmanifest").json()
    assert (told["scope"], told["start_url"], told["display"]) == ("/c/", "/c/", "standalone")
    for icon in told["icons"]:
        assert found(client, icon["src"]) == "image/png"
    assert told["theme_color"] == pages.RED
