"""A household's pages in a real Chromium: narrow phones, three sizes, no script, axe."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import axe
from tests.browser.seen import sees
from tests.desk.household_stage import Carded, set_carded_stage

pytestmark = pytest.mark.browser

SIZES = ("standard", "large", "huge")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """least => [...document.querySelectorAll('button, input:not([type=hidden]), select,' +
    ' .button, .more, .tel, .back a, .what a')].filter(e => e.offsetParent)
    .filter(e => e.getBoundingClientRect().height < least - .01).map(e => e.outerHTML)"""


@pytest.fixture
def carded(live_site: str) -> Carded:
    return set_carded_stage()


@contextmanager
def chromium(site: str, *, width: int = 1366, script: bool = True) -> Iterator[Page]:
    """A page of its own; it must be gone before the database is asked again."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            locale="zh-CN",
        )
        yield context.new_page()
        browser.close()


def choose(page: Page, size: str) -> None:
    page.context.add_cookies([{"name": "size", "value": size, "url": page.url}])


def let_in(page: Page, carded: Carded) -> None:
    page.goto(carded.at)
    page.get_by_role("link", name="看每一笔积分（要验证）").click()
    page.get_by_label("户主验证码（6位数字，在发给您的卡片上）").fill(carded.card.pin)
    page.get_by_role("button", name="看每一笔").click()


def fail(page: Page, carded: Carded, pin: str) -> None:
    page.goto(f"{carded.at}verify/")
    page.get_by_label("户主验证码").fill(pin)
    page.get_by_role("button", name="看每一笔").click()


def test_g_13_p_30_a_household_reads_its_entries_without_script(live_site, carded):
    with chromium(live_site, width=360, script=False) as page:
        let_in(page, carded)
        page.wait_for_url("**/ledger/")
        sees(page, "减4分")
        page.get_by_label("类别").select_option("家庭美德")
        page.get_by_role("button", name="看这些").click()
        expect(page.locator("tbody tr")).to_have_count(1)
        page.goto(f"{carded.at}ledger/")
        page.get_by_role("link", name="更正第2笔", exact=True).click()
        expect(page.locator("tr:target").get_by_text("加19分")).to_have_count(1)
        page.get_by_role("button", name="这不是我的手机").click()
        page.goto(f"{carded.at}ledger/")
        page.wait_for_url("**/verify/")


def test_p_30_a_pin_can_be_pasted(live_site, carded):
    with chromium(live_site, width=360) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(f"{carded.at}verify/")
        page.evaluate("pin => navigator.clipboard.writeText(pin)", carded.card.pin)
        page.get_by_label("户主验证码").focus()
        page.keyboard.press("Control+V")
        page.keyboard.press("Enter")
        page.wait_for_url("**/ledger/")


def test_g_1_g_7_g_9_every_state_fits_and_axe_finds_nothing(live_site, carded):
    found = []

    def look(state: str) -> None:
        for size, width in product(SIZES, (320, 360, 768, 1366)):
            choose(page, size)
            page.set_viewport_size({"width": width, "height": 800})
            page.reload()
            if page.evaluate(OVERFLOW) > 0:
                found.append((state, size, width, "scrolls sideways"))
            tap = {"standard": 44, "large": 48, "huge": 60}[size]
            found.extend((state, size, width, one) for one in page.evaluate(SMALL, tap))
            if (width, size) in ((360, "standard"), (360, "huge"), (1366, "standard")):
                found.extend((state, size, width, *fault) for fault in axe.all_faults(page))

    with chromium(live_site) as page:
        page.goto(carded.at)
        look("anybody")
        fail(page, carded, "12")
        assert page.evaluate("document.activeElement.className").startswith("banner")
        look("problem")
        let_in(page, carded)
        look("ledger")
        page.goto(carded.at)
        look("own phone")
        # The eleventh look is one too many, so both pages are seen.
        page.goto("/h/0000000000/")
        look("unknown code")
        expect(page.locator("h1")).to_have_text("请过一分钟再试")
    assert found == []


def test_g_3_g_22_one_heading_own_title_no_other_host(live_site, carded):
    with chromium(live_site) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        titles = set()
        let_in(page, carded)
        for path in ("", "verify/", "ledger/"):
            page.goto(carded.at + path)
            expect(page.locator("h1")).to_have_count(1)
            titles.add(page.title())
        assert len(titles) == 3
        assert [url for url in asked if not url.startswith(live_site)] == []
