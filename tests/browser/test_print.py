"""The print view in a real Chromium: on screen, without script, and as the browser prints it."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import expect

from notices.printing.options import DENSITIES, PAPERS
from tests.browser import axe
from tests.browser.test_public_pages import OVERFLOW, chromium
from tests.notices.paper import Paper, need_tools
from tests.notices.stage import HEADS, make_xiawan, put_on_show, registered
from trail import clock

pytestmark = pytest.mark.browser

PAGE = "/v/xiawancun/n/2026-10-star-1/"
SIZES = {"a4": (595, 842), "a3": (842, 1191)}
FORMATS = list(product(PAPERS, DENSITIES))
KEY = re.compile(r"\d+组·\d+户")


@pytest.fixture
def heads(live_site: str) -> Iterator[dict[str, str]]:
    """A notice of 126 households on show."""
    need_tools()
    with registered() as register:
        register.heads = HEADS | {
            f"{group}组/{number:03}": "阿卜杜热合曼·吐尔逊" if number % 7 == 0 else "张小三"
            for group in (21, 22)
            for number in range(1, 61)
        }
        put_on_show(make_xiawan(), at=clock.now())
        yield register.heads


def address(paper: str, density: str) -> str:
    return f"{PAGE}print/?paper={paper}&density={density}"


def test_n_33_n_35_n_36_the_browser_prints_whole_rows_under_heads(live_site, heads, tmp_path: Path):
    keys = [f"{key.replace('/', '·')}户" for key in heads]
    with chromium(live_site, script=False) as page:
        for paper, density in FORMATS:
            page.goto(address(paper, density))
            sheet = Paper(page.pdf(prefer_css_page_size=True), tmp_path)
            assert sheet.size == pytest.approx(SIZES[paper], abs=1)
            seen = [key for text in sheet.spaced_pages for key in KEY.findall(text)]
            assert sorted(seen) == sorted(keys), (paper, density)
            for number, text in enumerate(sheet.pages, 1):
                assert f"—{number}—" in text
                assert "户号" in text or not KEY.search(text)
            last = sheet.pages[-1]
            for words in ("四、有不同意见怎么办", "盖章处", "打印时间", "下湾村民委员会"):
                assert words in last
            assert "Ctrl" not in sheet.text


def test_n_38_the_code_on_the_browsers_paper_can_be_scanned(live_site, heads, tmp_path: Path):
    with chromium(live_site) as page:
        page.goto(address("a4", "compact"))
        sheet = Paper(page.pdf(prefer_css_page_size=True), tmp_path)
    (code,) = sheet.codes(len(sheet.pages))
    with chromium(live_site) as page:
        page.goto(code[code.index("/n/") :])
        expect(page.get_by_text("与公示原件一致")).to_be_visible()


def test_the_toolbar_comes_first_and_works_without_script(live_site, heads):
    with chromium(live_site, width=360, script=False) as page:
        page.goto(PAGE)
        page.get_by_role("link", name="打印").click()
        pages = page.get_by_role("status").inner_text()
        page.get_by_role("link", name="紧凑").click()
        expect(page.get_by_role("status")).not_to_have_text(pages)
        expect(page.locator('[aria-current="true"]')).to_have_count(2)
        page.get_by_role("link", name="A3").click()
        page.wait_for_url("**paper=a3&density=compact")
        assert "paper=a3" in (page.get_by_role("link", name="PDF").get_attribute("href") or "")
        page.get_by_role("link", name="返回").click()
        page.wait_for_url(f"**{PAGE}")


def test_n_40_paper_has_no_toolbar_and_no_grounds(live_site, heads):
    with chromium(live_site) as page:
        page.goto(address("a4", "normal"))
        page.emulate_media(media="print")
        expect(page.locator(".toolbar")).to_be_hidden()
        grounds = page.evaluate(
            "[...document.querySelectorAll('main, main *')]"
            ".map(e => getComputedStyle(e).backgroundColor)"
        )
        assert set(grounds) <= {"rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"}


def test_the_print_view_is_accessible_and_fits_a_phone(live_site, heads):
    with chromium(live_site) as page:
        for width, (paper, density) in product((320, 1366), FORMATS):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(address(paper, density))
            assert page.evaluate(OVERFLOW) <= 0, (width, paper, density)
        assert axe.all_faults(page) == []


def test_n_33_a_line_holds_28_characters_and_a_page_22_lines(live_site, heads, tmp_path: Path):
    with chromium(live_site) as page:
        page.goto(address("a4", "normal"))
        page.evaluate(
            "document.querySelector('main').innerHTML ="
            " '<p>' + Array(50).fill('字'.repeat(28)).join('') + '</p>'"
        )
        pages = Paper(page.pdf(prefer_css_page_size=True), tmp_path).pages
    lines = [line for line in pages[0].splitlines() if "字" in line]
    assert (len(lines), set(map(len, lines))) == (22, {28})
