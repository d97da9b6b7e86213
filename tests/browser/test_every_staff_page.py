"""G-1, G-7: every page of the workspace that the resolver knows, in three sizes on two screens.

The pages come from the reviewed table of routes, so that a new one is looked at without a word.
"""

from itertools import product
from typing import Any

import pytest
from django.conf import settings

from accounts.roles import ROLES
from tests.authorization.ground import lay_ground
from tests.authorization.owned import made_by
from tests.authorization.routes import Line, filled, table
from tests.browser import axe
from tests.browser.test_public_pages import HEIGHT, LAPTOP, OVERFLOW, chromium

pytestmark = pytest.mark.browser

WIDTHS = (360, LAPTOP)
# A clerk sees most; the rest is looked at by whoever may.
FIRST_ASKED = ("township_clerk", "village_clerk", "township_administrator")
LEAST_PAGES = 80


def pages() -> list[tuple[str, Line]]:
    """Each page with a role that sees it; those before the door are looked at in test_door."""
    found = []
    for line in table():
        is_inside = line.address.startswith("staff/") and line.needs != "public"
        if is_inside and "GET" in line.methods and not line.body:
            who = [role for role in (*FIRST_ASKED, *ROLES) if line.expected(role, "own") == "page"]
            found += [(who[0], line)] if who else []
    return found


def laid_pages() -> list[tuple[dict[str, Any], str]]:
    """For each page the cookie of who looks at it, and its address."""
    ground, cookies = lay_ground(), {}
    stage = ground.places["own"].stage
    found = []
    for role, line in pages():
        if role not in cookies:
            cookies[role] = ground.visitor(role).cookies[settings.SESSION_COOKIE_NAME].value
        values = ground.places["own"].values(line.address)
        if number := made_by(ground.users[role], stage.village, address=line.address):
            values["number"] = number
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": cookies[role]}
        found.append((cookie, "/" + filled(line.address, values)))
    return found


def test_g_1_g_7_every_page_of_staff_in_three_sizes_on_two_screens(live_site):
    looked_at, found = 0, []
    laid = laid_pages()
    with chromium(live_site, width=360) as page:
        for cookie, path in laid:
            page.context.add_cookies([{**cookie, "url": live_site}])
            answer = page.request.head(path)
            assert answer.status == 200, (path, answer.status)
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            page.goto(path)
            looked_at += 1
            axe.put_in(page)
            for width, size in product(WIDTHS, axe.SIZES):
                page.set_viewport_size({"width": width, "height": HEIGHT})
                axe.enlarge(page, size)
                if page.evaluate(OVERFLOW) > 0:
                    found.append((path, width, size, "wide"))
                first = (width, size) == (WIDTHS[0], axe.SIZES[0])
                if width == WIDTHS[0] or size == axe.SIZES[-1]:
                    faults = axe.violations(page, of_a_size=not first)
                    found += [(path, width, size, *fault) for fault in faults]
    assert looked_at >= LEAST_PAGES
    assert found == []
