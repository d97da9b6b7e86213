"""A new version of the collector's page: it waits while something is sent, and loses nothing."""

from collections.abc import Iterator
from threading import Event

import pytest
from playwright.sync_api import Page, expect

from desk.collect import assets
from tests.browser.collect_stage import (
    WITHIN_20_S,
    Ground,
    at_work,
    fill_in,
    lay_collecting_ground,
    records_of,
    to_queue,
    to_tasks,
)
from tests.browser.shaky import Shaky, shaky_site

pytestmark = pytest.mark.browser
FIRST, SECOND = "1组001户 王强", "1组002户 李梅"
UPDATE = "() => navigator.serviceWorker.getRegistration('/c/').then((one) => one.update())"
WAITS = "() => navigator.serviceWorker.getRegistration('/c/').then((one) => Boolean(one.waiting))"
VERSIONS = "() => caches.keys()"
ONE_VERSION = """async () => {
    const one = await navigator.serviceWorker.getRegistration('/c/');
    const ended = !one.waiting && one.active === navigator.serviceWorker.controller;
    return ended && one.active.state === 'activated' && (await caches.keys()).length === 1;
}"""


@pytest.fixture
def shaky(committed_db) -> Iterator[Shaky]:
    with shaky_site() as shaky:
        yield shaky


@pytest.fixture
def ground(shaky: Shaky) -> Ground:
    return lay_collecting_ground(shaky.site)


def held(may_end: Event) -> str:
    """The reply takes its time."""
    may_end.wait(100)
    return ""


def until(page: Page, asked: str) -> None:
    """Ask again until it is so: the answer is a promise, which no wait of the browser's awaits."""
    for _ in range(WITHIN_20_S // 100):
        if page.evaluate(asked):
            return
        page.wait_for_timeout(100)
    pytest.fail(asked)


def new_version(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "version", lambda *pages: "anotherone")
    page.evaluate(UPDATE)
    until(page, WAITS)


def test_a_new_version_waits_for_what_is_being_sent_and_keeps_drafts(shaky, ground, monkeypatch):
    with at_work(ground) as page:
        context = page.context
        may_end = Event()
        shaky.fate = lambda method, path: held(may_end) if method == "PUT" else ""
        fill_in(page, FIRST)
        to_queue(page)
        page.get_by_role("button", name="正在发送").wait_for()
        new_version(page, monkeypatch)
        to_tasks(page)
        to_queue(page)
        assert page.evaluate(WAITS)
        may_end.set()
        expect(page.get_by_text("都发送了")).to_be_visible(timeout=WITHIN_20_S)
        until(page, ONE_VERSION)
        assert page.evaluate(VERSIONS) == ["collect-anotherone"]
        to_tasks(page)
        page.get_by_role("link", name=SECOND).click()
        context.set_offline(True)
        page.reload()
        expect(page.get_by_role("heading", level=1, name=SECOND)).to_be_visible()
        assert [one.state for one in records_of(ground)] == ["received"]
