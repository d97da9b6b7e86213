"""What somebody reads on a page, waited for: after a click the page may still be on its way."""

from playwright.sync_api import Page, expect


def sees(page: Page, words: str, *, within: str = "main") -> None:
    """`words` stand, visible, in the page's `within`, or come there in time."""
    expect(page.locator(within)).to_contain_text(words, use_inner_text=True)
