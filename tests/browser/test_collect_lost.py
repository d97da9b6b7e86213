"""A phone that was lost: nothing on it can be read, and nothing on it is gone once it is found."""

import pytest
from playwright.sync_api import Page, expect

from households.models import CollectorPhone
from tests.browser.collect_stage import (
    BOXES,
    KEYS,
    Ground,
    at_work,
    beside,
    fill_in,
    lay_collecting_ground,
    log_in,
    log_in_again,
    open_again,
    records_of,
    tick,
)
from trail import clock

pytestmark = pytest.mark.browser
FIRST, SECOND = "1组001户 王强", "1组002户 李梅"
OUT_OF_USE = "这部手机已经停用"


@pytest.fixture
def ground(live_site: str) -> Ground:
    return lay_collecting_ground(live_site)


def known(page: Page) -> None:
    """The server has heard of the phone."""
    with page.expect_response("**/api/v1/collection/phone/"):
        page.reload()


def stand(ground: Ground, *, revoked: bool) -> None:
    at = clock.now() if revoked else None
    changed = beside(lambda: CollectorPhone.objects.update(revoked_at=at), ground.village)
    assert changed == 1


def out_of_use(page: Page) -> None:
    """Said, without a name on the page, a key on the phone or anybody logged in."""
    expect(page.get_by_role("heading", level=1, name=OUT_OF_USE)).to_be_visible()
    page.wait_for_function("() => document.getElementById('tabs').childElementCount === 0")
    assert "王强" not in page.content()
    assert page.evaluate(KEYS) == []
    for _ in range(100):
        if "session" not in {one["name"] for one in page.context.cookies()}:
            return
        page.wait_for_timeout(100)
    pytest.fail("still logged in")


def one_begun_and_one_finished_without_a_network(page: Page) -> None:
    page.get_by_role("link", name=SECOND).click()
    tick(page)
    page.get_by_role("link", name="土地", exact=True).click()
    page.get_by_label("承包地").fill("3.2")
    page.get_by_text("自动保存").wait_for()
    page.goto("/c/")
    page.context.set_offline(offline=True)
    fill_in(page, FIRST)


def test_t_25_a_lost_phone_is_shut_and_one_that_was_found_goes_on_where_it_was(ground):
    with at_work(ground) as page:
        context = page.context
        known(page)
        one_begun_and_one_finished_without_a_network(page)
        stand(ground, revoked=True)
        context.set_offline(offline=False)
        out_of_use(page)
        for box in page.evaluate(BOXES):
            assert "王强" not in box
        context.set_offline(offline=True)
        page.reload()
        out_of_use(page)
        context.set_offline(offline=False)
        log_in(context, ground.wang, ground.site)
        page = open_again(context)
        out_of_use(page)
        assert records_of(ground) == []
        stand(ground, revoked=False)
        page = log_in_again(context, ground.wang, ground.site)
        assert len(records_of(ground)) == 1
        page.goto("/c/")
        page.get_by_role("link", name=f"继续：{SECOND} · 第2步").click()
        expect(page.get_by_label("承包地")).to_have_value("3.2")


def test_whatever_was_asked_a_lost_phone_is_told_and_nobody_stays_logged_in(ground):
    with at_work(ground) as page:
        known(page)
        page.get_by_role("link", name=FIRST).click()
        stand(ground, revoked=True)
        page.get_by_text("在外地，让本人自己填").click()
        page.get_by_role("button", name="农户信息采集表").click()
        out_of_use(page)


def test_another_person_works_on_with_a_phone_its_owner_lost(ground):
    with at_work(ground) as page:
        context = page.context
        known(page)
        stand(ground, revoked=True)
        page.reload()
        out_of_use(page)
        log_in(context, ground.li, ground.site)
        page = open_again(context)
        expect(page.get_by_role("heading", level=1).filter(has_text="李红")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", level=1).filter(has_text="李红")).to_be_visible()


def test_a_lost_phone_whose_log_in_has_ended_is_shut_all_the_same(ground):
    with at_work(ground) as page:
        known(page)
        page.context.clear_cookies(name="session")
        stand(ground, revoked=True)
        page.reload()
        out_of_use(page)
