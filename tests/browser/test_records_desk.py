"""The records desk in a real Chromium: every list and record, each width, each text size."""

from itertools import product

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.admin.conftest import make_world
from tests.admin.test_scope import PAGES, address, rows_of
from tests.browser import axe
from tests.browser.test_public_pages import HEIGHT, LAPTOP, SIZES, choose, chromium
from tests.desk.staff_stage import logged_in

pytestmark = pytest.mark.browser

GRAVE = {"serious", "critical"}
PHONE = 360
NARROW = 320


def grave_faults(page: Page, *, of_a_size: bool) -> list[tuple[str, str, str]]:
    return [fault for fault in axe.violations(page, of_a_size=of_a_size) if fault[1] in GRAVE]


@pytest.mark.parametrize(
    "size", [SIZES[0], *(pytest.param(size, marks=pytest.mark.long) for size in SIZES[1:])]
)
def test_no_page_of_the_desk_shuts_anybody_out(live_site, size):
    """G-7, G-9: no page scrolls sideways; axe finds nothing serious on home, lists and records."""
    world = make_world()
    client = logged_in(world.lin)
    paths = [reverse("admin:index")]
    for page in PAGES:
        own = max(rows_of(page.model, world.lin))
        paths += [address(page, "changelist"), address(page, "change", own)]
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": live_site,
    }
    found = []
    with chromium(live_site) as page:
        page.goto("/v/")
        page.context.add_cookies([cookie])
        choose(page, size)
        for path in paths:
            assert page.goto(path).status == 200, path
            assert page.locator("h1").count() == 1, path
            axe.put_in(page)
            for width in (NARROW, PHONE, LAPTOP):
                page.set_viewport_size({"width": width, "height": HEIGHT})
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    found.append((path, width, "scrolls", "sideways"))
                if width != NARROW:
                    faults = grave_faults(page, of_a_size=width != PHONE)
                    found += [(path, width, *fault) for fault in faults]
    assert found == []


def test_a_record_leads_to_its_page_and_back(live_site):
    world = make_world()
    client = logged_in(world.lin)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    record = reverse("admin:villages_village_change", args=[world.mine.pk])
    with chromium(live_site, script=False) as page:
        page.goto("/v/")
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_site}]
        )
        for width, words in product((PHONE, LAPTOP), ("去办事页", "核对账本")):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.goto(record)
            page.get_by_role("link", name=words).click()
            page.get_by_role("link", name="在档案里看").click()
            expect(page).to_have_url(live_site + record)
