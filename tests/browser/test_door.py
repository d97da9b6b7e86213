"""T-01, B-22: the door in a real Chromium: codes, lock-out, time-outs, links, each page read."""

import re
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings
from playwright.sync_api import Page

from accounts.models import LogInTry, User
from accounts.operations import invitations
from config.services.process import Child
from config.services.valkey import Valkey
from tests.accounts.door import SECRET, codes_of, with_codes
from tests.browser import axe
from tests.browser.seen import sees
from tests.browser.test_public_pages import (
    HEIGHT,
    LAPTOP,
    OVERFLOW,
    PHONES,
    chromium,
)
from tests.databases import CommittedDatabase
from tests.factories import PASSWORD, make_actor, make_staff, make_township, make_village
from tests.services import ROOT, wait_for
from trail import clock

pytestmark = pytest.mark.browser

WRONG = "谷雨之后不种豆子了"
RESTS = "连续输错5次，这个账号要停15分钟"


@pytest.fixture
def lin(committed_db) -> User:
    return make_staff(
        name="林文书", role="village_clerk", village=make_village(township=make_township())
    )


@pytest.fixture
def zhao(lin, settings) -> User:
    settings.SECOND_FACTOR_REQUIRED = True
    township = lin.person.postings.get().township
    return make_staff(name="赵镇长", role="township_administrator", township=township)


def at_door(page: Page, username: str, password: str = PASSWORD) -> None:
    page.goto("/staff/login/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_load_state()


def give_code(page: Page, code: str, button: str = "登录") -> None:
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def is_in(page: Page) -> bool:
    page.goto("/staff/")
    return page.get_by_role("link", name="我的账号").count() > 0 and "/login/" not in page.url


def said(page: Page) -> str:
    return page.inner_text("main")


def other_browser(page: Page) -> Page:
    """Another device: no cookie of the first."""
    context = page.context.browser.new_context(
        base_url=page.url.partition("/staff")[0], locale="zh-CN"
    )
    return context.new_page()


def set_up(page: Page) -> list[str]:
    """Set up the codes as the page says; the recovery codes it shows once."""
    if page.get_by_label("密码").count():
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="继续").click()
        page.wait_for_load_state()
    secret = re.search(r"[A-Z2-7]{32}", said(page))[0]
    give_code(page, next(codes_of(secret)), "设好了")
    return re.findall(r"\b\d{8}\b", said(page))


def test_t01_a_township_s_post_sets_up_codes_and_enters_with_each_once(live_site, zhao):
    with chromium(live_site) as page:
        at_door(page, zhao.username)
        assert not is_in(page)
        recovery = set_up(page)
        assert len(recovery) == 10
        assert is_in(page)
        second, third = other_browser(page), other_browser(page)
        for device in (second, third):
            at_door(device, zhao.username)
            assert "输入验证码" in said(device)
            give_code(device, recovery[0])
        assert is_in(second)
        assert "验证码不对" in said(third)
        assert not is_in(third)


def test_t01_the_code_a_phone_shows_opens_the_door(live_site, zhao):
    with_codes(zhao)
    with chromium(live_site, script=False) as page:
        at_door(page, zhao.username)
        give_code(page, "000000")
        assert "验证码不对" in said(page)
        give_code(page, next(codes_of(SECRET)))
        assert is_in(page)


class Web:
    """The site as a process of its own, on the test's database and a broker of its own."""

    def __init__(self, database: CommittedDatabase, broker: Valkey, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self._log = log
        self._environ = {
            **database.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "REDIS_URL": broker.url(),
            "TEST_KEYS_DIR": str(settings.KEYS_DIR),
        }
        self.start()

    def start(self) -> None:
        self._child = Child(
            [
                *(sys.executable, "-m", "gunicorn", "config.wsgi", "--threads", "4"),
                *("--bind", f"127.0.0.1:{self._port}", "--no-control-socket"),
            ],
            log=self._log,
            environ=self._environ,
            cwd=ROOT,
        )
        wait_for(self._answers)

    def _answers(self) -> bool:
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", self._port)) == 0

    def stop(self) -> None:
        self._child.stop(signal.SIGTERM, patience=20)


@contextmanager
def web_of(database: CommittedDatabase, tmp_path: Path) -> Iterator[tuple[Web, Valkey]]:
    broker = Valkey(tmp_path / "data", tmp_path, tmp_path / "valkey.log", durable=False)
    broker.start()
    web = Web(database, broker, tmp_path / "web.log")
    yield web, broker
    web.stop()
    broker.stop()


def test_b22_six_wrong_passwords_lock_whatever_happens_to_broker_and_site(
    committed_db, lin, tmp_path
):
    with web_of(committed_db, tmp_path) as (web, broker):
        with chromium(web.address) as page:
            for _try in range(5):
                at_door(page, lin.username, WRONG)
                assert "账号或密码不对" in said(page)
            at_door(page, lin.username, WRONG)
            assert RESTS in said(page)
        redis.Redis(unix_socket_path=str(broker.socket)).flushall()
        with chromium(web.address) as page:
            at_door(page, lin.username)
            assert RESTS in said(page)
            assert not is_in(page)
        web.stop()
        web.start()
        with chromium(web.address) as page:
            at_door(page, lin.username)
            assert RESTS in said(page)
        # What holds is the rows, and nothing else.
        LogInTry.objects.all().delete()
        with chromium(web.address) as page:
            at_door(page, lin.username)
            assert is_in(page)


@pytest.mark.parametrize("limit", ["SESSION_IDLE", "SESSION_ABSOLUTE"])
def test_b22_a_session_ends_idle_and_at_the_end_of_the_day(live_site, lin, settings, limit):
    edge, span = timedelta(seconds=20), getattr(settings, limit)
    with chromium(live_site) as page:
        at_door(page, lin.username)
        assert is_in(page)
        if limit == "SESSION_ABSOLUTE":
            settings.SESSION_IDLE = 2 * span
        settings.CLOCK_SHIFT += span - edge
        assert is_in(page)
        settings.CLOCK_SHIFT += span + edge if limit == "SESSION_IDLE" else 2 * edge
        page.goto("/staff/")
        sees(page, "太久没有操作，已经自动退出", within="body")
        assert not is_in(page)


def test_b22_sign_out_everywhere_and_on_the_others(live_site, lin):
    with chromium(live_site) as page:
        at_door(page, lin.username)
        others = [other_browser(page) for _device in range(2)]
        for device in others:
            at_door(device, lin.username)
        page.goto("/staff/account/sessions/")
        page.get_by_role("button", name="只留这台，其他都退出").click()
        assert is_in(page)
        assert not any(is_in(device) for device in others)
        at_door(others[0], lin.username)
        page.goto("/staff/account/sessions/")
        page.get_by_role("button", name="全部退出，包括这台").click()
        assert not is_in(page)
        assert not is_in(others[0])


def test_an_invitation_is_accepted_once(live_site, lin):
    address = link_for(lin.person, "lin2")
    with chromium(live_site, width=360) as page:
        page.goto(address)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=again]").fill(WRONG)
        page.locator("main form button").click()
        assert "两次输入的密码不一样" in said(page)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=again]").fill(PASSWORD)
        page.locator("main form button").click()
        assert "密码设好了" in said(page)
        page.goto(address)
        assert "这个链接已经用过、过期" in said(page)
        at_door(page, "lin2")
        assert is_in(page)


def link_for(person, username: str) -> str:
    made = invitations.invite(person=person, username=username, by=make_actor(), at=clock.now())
    return f"/staff/invite/{made[1]}/"


def door_pages(page: Page, link: str, zhao: str) -> Iterator[str]:
    """One after the other every page of the door, as it stands before who looks."""
    for path in ("/staff/login/", link, "/staff/invite/nothing/"):
        page.goto(path)
        yield path
    at_door(page, "nobody-at-all", WRONG)
    yield "wrong password"
    for _try in range(5):
        at_door(page, "nobody-at-all", WRONG)
    yield "locked"
    at_door(page, zhao)
    if page.get_by_label("密码").count():
        yield "password again"
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="继续").click()
        page.wait_for_load_state()
    yield "set up"
    recovery = set_up(page)
    yield "recovery codes"
    for path in ("", "password/", "sessions/", "codes/recovery/", "codes/recovery/new/"):
        page.goto(f"/staff/account/{path}")
        yield f"account {path}"
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    at_door(page, zhao)
    yield "code"
    give_code(page, "000000")
    yield "wrong code"
    give_code(page, recovery[0])
    page.goto("/staff/account/")
    yield "with a recovery code"


def test_every_page_of_the_door_is_readable(live_site, lin, zhao):
    found, names = [], []
    link = link_for(lin.person, "lin2")
    with chromium(live_site) as page:
        for name in door_pages(page, link, zhao.username):
            names.append(name)
            if page.locator("h1").count() != 1:
                found.append(("h1", name, page.url))
            axe.put_in(page)
            for size in axe.SIZES:
                axe.enlarge(page, size)
                for width in (*PHONES, LAPTOP):
                    page.set_viewport_size({"width": width, "height": HEIGHT})
                    if page.evaluate(OVERFLOW) > 0:
                        found.append(("wide", size, width, name))
                of_a_size = size != axe.SIZES[0]
                found += [(name, size, *one) for one in axe.violations(page, of_a_size=of_a_size)]
    assert len(names) >= 14, names
    assert found == []
