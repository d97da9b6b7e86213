"""Axe put into a page once and asked as often as needed, most times only what a size can change."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SIZES = ("standard", "large", "huge")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What depends on how large the words are and how wide the screen is; the rest is in the HTML.
OF_A_SIZE = ["color-contrast", "target-size", "scrollable-region-focusable"]
RUN = """only => axe.run({
  runOnly: only.length ? {type: 'rule', values: only} : {type: 'tag', values: %s},
  resultTypes: ['violations']
}).then(found => found.violations.map(one => [one.id, one.impact, one.nodes[0].html]))"""
ENLARGE = "size => { document.documentElement.className = 'size-' + size }"


def all_faults(page: Page) -> list[tuple[Any, ...]]:
    """Everything axe finds on a page that was just opened."""
    put_in(page)
    return violations(page)


def put_in(page: Page) -> None:
    """Axe is there from now on, until another page is opened."""
    page.evaluate(AXE_SCRIPT)


def violations(page: Page, *, of_a_size: bool = False) -> list[tuple[Any, ...]]:
    """Rule, how grave, and the first place; `of_a_size` asks only what a size can change."""
    only = OF_A_SIZE if of_a_size else []
    return [tuple(one) for one in page.evaluate(RUN % TAGS, only)]


def enlarge(page: Page, size: str) -> None:
    """Draw the page as the server would for this choice of size."""
    page.evaluate(ENLARGE, size)
