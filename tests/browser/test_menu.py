"""The menu of the workspace in a real Chromium: one row on a screen, behind a button on a phone."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.test_month_close import faults_of
from tests.browser.test_public_pages import HEIGHT, LAPTOP, chromium
from tests.desk.staff_stage import Office, logged_in, open_office
from tests.factories import make_staff

pytestmark = pytest.mark.browser


@pytest.fixture
def office(live_site: str) -> Office:
    return open_office()


def clerk_of(office: Office):
    place = office.stage.village.township
    return logged_in(make_staff(name="镇经办", role="township_clerk", township=place))


def test_lists_and_buttons_are_readable_at_every_width(live_site, office):
    office.lock()
    slug = office.stage.village.slug
    pages = [
        "/staff/", "/staff/months/", "/staff/months/?month=2020-01", "/staff/notices/",
        "/staff/cards/", f"{office.base}rate/", f"/staff/ledger/{slug}/", "/staff/people/",
        "/staff/villages/", "/staff/proposals/", "/staff/account/",
    ]  # fmt: skip
    assert faults_of(live_site, clerk_of(office), pages) == []


def test_the_menu_opens_by_keyboard_on_a_phone_without_script(live_site, office):
    cookie = clerk_of(office).cookies[settings.SESSION_COOKIE_NAME].value
    with chromium(live_site, width=320, script=False) as page:
        page.goto("/v/")
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_site}]
        )
        page.goto("/staff/")
        expect(page.locator(".narrow").get_by_text("印户卡")).to_be_hidden()
        page.locator(".narrow summary").focus()
        page.keyboard.press("Enter")
        page.locator(".narrow").get_by_role("link", name="印户卡").click()
        expect(page).to_have_url(f"{live_site}/staff/cards/")
        page.set_viewport_size({"width": LAPTOP, "height": HEIGHT})
        here = page.locator(".menu.wide [aria-current=page]")
        expect(here).to_have_text(["印户卡"])
