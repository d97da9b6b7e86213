"""A village's month closed in a real Chromium by two persons, without script; and its pages."""

from datetime import timedelta
from itertools import product

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from notices import operations as notices
from tests.browser import axe
from tests.browser.seen import sees
from tests.browser.test_public_pages import HEIGHT, LAPTOP, OVERFLOW, chromium
from tests.desk.staff_stage import Office, open_office
from tests.factories import PASSWORD, make_household
from trail import clock

pytestmark = pytest.mark.browser

MOST_CLICKS = 12
PATIENCE = 60
LEAST_HEIGHT = """() => [...document.querySelectorAll(
  'button, input:not([type=hidden], [type=checkbox], [type=radio]), textarea, .tick, summary,' +
  '.button, .task, .who-row a, .back a, .menu a')]
  .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.9)
  .map(e => e.outerHTML)"""


class Person:
    """Somebody at a screen whose clicks are counted from the list of what is due."""

    def __init__(self, page: Page, username: str) -> None:
        self.page = page
        self.clicks = 0
        page.goto("/staff/")
        page.get_by_label("账号").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()

    def follow(self, words: str) -> None:
        self.clicks += 1
        self.page.get_by_role("link", name=words).first.click()

    def press(self, words: str) -> None:
        self.clicks += 1
        self.page.get_by_role("button", name=words).click()

    def come_back_until(self, words: str) -> None:
        """Open the list of what is due later, when something stands there."""
        for _second in range(PATIENCE):
            self.page.goto("/staff/")
            if self.page.get_by_role("link", name=words).count():
                return
            self.page.wait_for_timeout(1000)
        pytest.fail(f"{words} never came: {self.page.inner_text('main')}")

    def look_again_until(self, words: str) -> None:
        for _second in range(PATIENCE):
            if words in self.page.inner_text("main"):
                return
            self.page.wait_for_timeout(1000)
            self.page.reload()
        pytest.fail(f"{words} never came: {self.page.inner_text('main')}")


@pytest.fixture
def office(live_site: str) -> Office:
    return open_office()


def test_two_persons_close_and_publish_a_month_within_twelve_clicks(
    live_site, office, start_worker
):
    start_worker()
    names = {key: user.username for key, user in office.people.items()}
    with chromium(live_site, script=False) as screen:
        other = screen.context.browser.new_context(base_url=live_site, java_script_enabled=False)
        lin, wei = Person(screen, names["lin"]), Person(other.new_page(), names["wei"])
        lin.follow("关账：")
        lin.follow("核对加减分")
        lin.press("核对完了，去锁定")
        lin.press("提出锁定")
        wei.come_back_until("等您确认锁定")
        wei.follow("等您确认锁定")
        wei.press("确认锁定")
        lin.come_back_until("出公示：")
        lin.follow("出公示：")
        sees(lin.page, "没有发现完整姓名、身份证、手机号")
        lin.press("提出公布这份公示")
        wei.come_back_until("等您确认公布")
        wei.follow("等您确认公布")
        wei.press("公布这份公示")
        wei.look_again_until("已经公布")
        assert lin.clicks + wei.clicks <= MOST_CLICKS
        lin.page.goto(f"/v/{office.stage.village.slug}/")
        lin.page.get_by_role("link", name="积分公示").first.click()
        sees(lin.page, "公示中")


def faults_of(live_site: str, who: Client, paths: list[str]) -> list[tuple]:
    """What axe finds, what is wider than the screen, and what is too small for a finger."""
    found: list[tuple] = []
    cookie = who.cookies[settings.SESSION_COOKIE_NAME].value if who.cookies else ""
    with chromium(live_site) as page:
        page.goto("/v/")
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_site}]
        )
        for path in paths:
            page.goto(path)
            assert page.locator("h1").count() == 1, path
            axe.put_in(page)
            for size, width in product(("standard", "huge"), (320, 360, LAPTOP)):
                page.set_viewport_size({"width": width, "height": HEIGHT})
                axe.enlarge(page, size)
                if page.evaluate(OVERFLOW) > 0:
                    found.append(("wide", size, width, path))
                if width != 320:
                    first = (size, width) == ("standard", 360)
                    faults = axe.violations(page, of_a_size=not first)
                    found += [(size, width, path, *fault) for fault in faults]
                if width == LAPTOP:
                    small = page.evaluate(LEAST_HEIGHT)
                    found += [("small", size, path, html) for html in small]
    return found


def test_the_pages_are_readable_in_every_state_of_the_month(live_site, office):
    base, home = office.base, "/staff/"
    for number in range(30):
        household = make_household(village=office.stage.village, number=f"9{number:02}")
        office.stage.enter(5, home=household)
    office.stage.enter(5)
    found = faults_of(live_site, Client(), ["/staff/login/"])
    entries = f"{base}review/entries/?why=recorder&key={office.stage.clerk.person_id}"
    found += faults_of(
        live_site, office.lin, [home, base, f"{base}check/", f"{base}review/", entries]
    )
    office.review()
    office.act("lock/", office.lin, act="propose")
    found += faults_of(live_site, office.wei, [home, f"{base}lock/"])
    office.act("lock/", office.wei, act="refuse", proposal=office.proposal("lock/"), reason="不对")
    found += faults_of(live_site, office.lin, [f"{base}lock/"])
    office.lock()
    found += faults_of(live_site, office.lin, [f"{base}lock/", f"{base}notice/"])
    office.act("notice/", office.lin, act="propose")
    found += faults_of(live_site, office.wei, [f"{base}notice/"])
    day = clock.today().isoformat()
    number = office.proposal("notice/")
    office.act("notice/", office.wei, act="approve", proposal=number, publish_on=day)
    notices.publish_due(at=clock.now() + timedelta(minutes=5))
    found += faults_of(live_site, office.wei, [base, f"{base}notice/", f"{base}objections/"])
    assert found == []
