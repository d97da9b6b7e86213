"""The public pages in a real Chromium: narrow phones, three text sizes, no script, axe."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from notices import queries
from tests.browser import axe
from tests.notices.stage import HEADS, make_neighbour, make_xiawan, put_on_show, registered
from trail import clock

pytestmark = pytest.mark.browser

SIZES = ("standard", "large", "huge")
PHONES = (320, 360)
LAPTOP = 1366
HEIGHT = 800
PAGE = "/v/xiawancun/n/2026-10-star-1/"
ENDED = "/v/xiawancun/n/2026-08-star-1/"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    " word-spacing: .16em !important } p { margin-bottom: 2em !important }"
)
TRANSFER_LIMIT = 60 * 1024


@pytest.fixture
def paths(live_site: str) -> Iterator[list[str]]:
    """Every public page, on a notice of 132 households, one that has ended, and errors."""
    with registered() as register:
        register.heads = HEADS | {
            f"{group}组/{number:03}": name
            for group in range(11, 20)
            for number, name in enumerate(("张小三", "李𠮷", "阿卜杜热合曼·吐尔逊") * 5, start=1)
        }
        village = make_xiawan()
        make_neighbour(township=village.township, name="大罗村", slug="daluocun", number=202)
        put_on_show(village, month="2026-08", at=clock.now() - timedelta(days=30))
        notice = put_on_show(village, at=clock.now())
        code = queries.body_of(notice).short_code
        yield [
            *("/", "/v/", "/v/?q=北京", "/v/xiawancun/", "/v/daluocun/"),
            *("/v/xiawancun/n/", "/v/daluocun/n/", PAGE, ENDED),
            *(f"{PAGE}?page=2", f"{PAGE}?group=3组", f"{PAGE}?q=张", f"{PAGE}?q=999"),
            *("/n/", f"/n/{code}/", "/n/ZZZZ/", "/v/nowhere/"),
        ]


@contextmanager
def chromium(site: str, *, width: int = LAPTOP, script: bool = True) -> Iterator[Page]:
    """A page of its own; it must be gone before the database is asked again."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=script,
            locale="zh-CN",
        )
        yield context.new_page()
        browser.close()


def choose(page: Page, size: str) -> None:
    page.context.add_cookies([{"name": "size", "value": size, "url": page.url}])


def test_g_7_no_page_scrolls_sideways_in_any_size(live_site, paths):
    with chromium(live_site) as page:
        page.goto("/")
        wide = []
        for size, path in product(SIZES, paths):
            choose(page, size)
            page.goto(path)
            for width in (*PHONES, 768, LAPTOP):
                page.set_viewport_size({"width": width, "height": HEIGHT})
                if page.evaluate(OVERFLOW) > 0:
                    wide.append((size, width, path))
        assert wide == []


def test_g_8_wide_text_spacing_does_not_break_a_page(live_site, paths):
    with chromium(live_site, width=320) as page:
        page.goto("/")
        wide = []
        for size, path in product(SIZES, paths):
            choose(page, size)
            page.goto(path)
            # Not a <style> element: the content security policy refuses it, as it should.
            page.evaluate(
                "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
                " document.adoptedStyleSheets = [sheet] }",
                SPACED,
            )
            if page.evaluate(OVERFLOW) > 0:
                wide.append((size, path))
        assert wide == []


def test_g_1_axe_finds_nothing(live_site, paths):
    found = []
    with chromium(live_site) as page:
        page.goto("/")
        for width, size in product((360, LAPTOP), ("standard", "huge")):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            choose(page, size)
            # All pages once; the others differ in size and width only where there are rows.
            for path in paths if (width, size) == (360, "standard") else (PAGE, ENDED, "/", "/v/"):
                page.goto(path)
                found += [(width, size, path, *fault) for fault in axe.all_faults(page)]
    assert found == []


def test_g_12_text_size_works_and_stays_without_script(live_site, paths):
    with chromium(live_site, width=360, script=False) as page:
        page.goto(f"{PAGE}?q=027")
        page.get_by_role("button", name="特大").click()
        page.wait_for_url("**?q=027")
        for address in (page.url, "/", "/v/xiawancun/"):
            page.goto(address)
            pressed = page.get_by_role("button", name="特大", exact=True)
            expect(pressed).to_have_attribute("aria-pressed", "true")
            expect(page.locator("html.size-huge")).to_have_count(1)


def test_g_13_a_villager_finds_the_row_without_script(live_site, paths):
    with chromium(live_site, width=360, script=False) as page:
        page.goto("/")
        page.get_by_label("村名").fill("xwc")
        page.get_by_role("button", name="查找").click()
        page.get_by_role("link", name="2026-10星级公示").click()
        page.get_by_label("户号或姓氏").fill("13组007")
        page.get_by_role("button", name="找一找").click()
        page.get_by_role("link", name="看在表里的位置").click()
        row = page.locator("tr:target")
        expect(row).to_contain_text("13组·007户", use_inner_text=True)
        assert row.evaluate("row => getComputedStyle(row).backgroundColor") == "rgb(255, 246, 224)"


def test_g_3_each_page_has_one_heading_and_its_own_title(live_site, paths):
    with chromium(live_site) as page:
        titles = set()
        for path in paths:
            page.goto(path)
            assert page.locator("h1").count() == 1, path
            expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
            assert page.title().endswith(" · 乡村积分公示")
            titles.add(page.title())
        # The views of one notice share its title, and two villages without a match.
        assert len(titles) >= len(paths) - 5


def test_g_4_the_first_tab_offers_to_skip_to_the_content(live_site, paths):
    with chromium(live_site) as page:
        page.goto(PAGE)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.innerText") == "跳到正文"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(
    ("size", "least", "tap"), [("standard", 15, 44), ("large", 18, 48), ("huge", 24, 60)]
)
def test_g_9_g_10_text_and_targets_are_large_enough(live_site, paths, size, least, tap):
    script = """() => [...document.querySelectorAll('body *')].filter(e => e.offsetParent &&
        [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
        .map(e => parseFloat(getComputedStyle(e).fontSize))"""
    targets = """() => [...document.querySelectorAll('button, input:not([type=hidden]), select,' +
        ' .button, .chip, .more, .tel, .back a, .foot-links a, .villages a, .code a')]
        .filter(e => e.offsetParent).map(e => [e.outerHTML, e.getBoundingClientRect().height])"""
    with chromium(live_site, width=360) as page:
        page.goto("/")
        choose(page, size)
        for path in paths:
            page.goto(path)
            assert min(page.evaluate(script)) >= least, path
            assert [e for e, height in page.evaluate(targets) if height < tap - 0.01] == [], path


def test_g_22_pages_are_small_and_call_no_other_host(live_site, paths):
    with chromium(live_site) as page:
        asked: list[str] = []
        bodies: dict[str, int] = {}
        page.on("request", lambda request: asked.append(request.url))
        page.on(
            "response",
            lambda answer: bodies.update({answer.url: len(gzip.compress(answer.body()))}),
        )
        page.goto(PAGE, wait_until="networkidle")
        assert [url for url in asked if not url.startswith(live_site)] == []
        assert [url for url in asked if url.endswith(".js")] == []
        assert 0 < sum(bodies.values()) <= TRANSFER_LIMIT
