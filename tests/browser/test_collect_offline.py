"""The collector's page without a network, after a kill, with another person: nothing is lost."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.collect_stage import (
    BOXES,
    KEYS,
    WITHIN_20_S,
    Ground,
    at_work,
    fill,
    fill_in,
    finish,
    lay_collecting_ground,
    log_in,
    log_in_again,
    open_again,
    open_phone,
    phone,
    received,
    records_of,
    tick,
    to_queue,
    to_tasks,
)
from tests.browser.room import Room

pytestmark = pytest.mark.browser
FIRST = "1组001户 王强"


@pytest.fixture
def ground(live_site: str) -> Ground:
    return lay_collecting_ground(live_site)


def test_c_43_every_page_opens_without_a_network_by_click_and_by_reload(ground):
    with at_work(ground) as page:
        context = page.context
        context.set_offline(True)
        page.reload()
        expect(page.get_by_text("没有网络。填的内容都存在这部手机里")).to_be_visible()
        page.get_by_role("link", name=FIRST).click()
        tick(page)
        page.get_by_role("link", name="住房", exact=True).click()
        expect(page.get_by_label("常住几人")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", level=1, name="住房")).to_be_visible()
        page.get_by_role("link", name=FIRST).click()
        page.reload()
        expect(page.get_by_role("heading", level=1, name=FIRST)).to_be_visible()
        to_queue(page)
        page.reload()
        expect(page.get_by_role("heading", level=1, name="都发送了")).to_be_visible()


def test_c_44_a_killed_page_resumes_at_the_same_question(ground):
    with at_work(ground) as page:
        context = page.context
        page.get_by_role("link", name=FIRST).click()
        tick(page)
        page.get_by_role("link", name="土地", exact=True).click()
        page.get_by_label("承包地").fill("3.2")
        page.get_by_text("自动保存").wait_for()
        page = open_again(context)
        page.get_by_role("link", name=f"继续：{FIRST} · 第2步").click()
        expect(page.get_by_role("heading", level=1, name="土地")).to_be_visible()
        expect(page.get_by_label("承包地")).to_have_value("3.2")
        expect(page.get_by_label("承包地")).to_be_focused()


def test_c_45_c_46_what_is_finished_offline_arrives_once_by_itself(ground):
    with at_work(ground) as page:
        context = page.context
        context.set_offline(True)
        fill_in(page, FIRST)
        expect(page.get_by_role("link", name="待发送 1")).to_be_visible()
        assert page.title().startswith("(1) ")
        to_queue(page)
        expect(page.get_by_role("heading", level=1, name="还有 1 份没发送")).to_be_visible()
        context.set_offline(False)
        received(page)
        (record,) = records_of(ground)
        assert (record.state, record.subject_id) == ("received", ground.homes[0].pk)
        assert record.answers["people"] == {"value": "3"}
        expect(page.get_by_text(f"回执 {record.receipt}")).to_be_visible()
        assert not page.title().startswith("(")
        to_tasks(page)
        page.reload()
        expect(page.get_by_text("已完成 1 / 3 户，还差 2 户")).to_be_visible()
        expect(page.get_by_role("link", name="继续：")).to_have_count(0)


def test_c_49_a_full_phone_says_so_and_loses_nothing(ground):
    with phone(ground.site) as context:
        room = Room(context, ground.site)
        page = open_phone(context, ground.wang, ground.site)
        page.get_by_role("link", name=FIRST).click()
        tick(page)
        page.get_by_role("link", name="土地", exact=True).click()
        room.fill(page)
        page.get_by_label("别的情况").fill("院墙要修" * 100)
        expect(page.get_by_text("这部手机存满了，新填的还没存进去")).to_be_visible()
        with page.expect_download() as waiting:
            page.get_by_role("button", name="导出备份文件").click()
        exported = json.loads(waiting.value.path().read_text())
        assert exported["records"][0]["answers"]["note"]["value"].startswith("院墙要修")
        room.free()
        page.get_by_label("承包地").fill("2")
        expect(page.get_by_text("这部手机存满了")).to_have_count(0)
        page.get_by_text("自动保存").wait_for()
        page = open_again(context, "/c/")
        page.get_by_role("link", name="继续：").click()
        expect(page.get_by_label("别的情况")).to_have_value("院墙要修" * 100)


def test_c_51_an_expired_log_in_keeps_everything(ground):
    with at_work(ground) as page:
        context = page.context
        context.set_offline(True)
        fill_in(page, FIRST)
        context.clear_cookies(name="session")
        context.set_offline(False)
        expect(page.get_by_text("您离开太久，请重新登录")).to_be_visible(timeout=WITHIN_20_S)
        assert records_of(ground) == []
        page = log_in_again(context, ground.wang, ground.site)
        assert len(records_of(ground)) == 1


def test_c_51_another_person_on_the_phone_sees_nothing_and_the_first_one_all_again(ground):
    with at_work(ground) as page:
        context = page.context
        context.set_offline(True)
        fill_in(page, FIRST)
        # Whoever comes next has logged in, but the first answer of the server is not there yet.
        log_in(context, ground.li, ground.site)
        page = open_again(context)
        expect(page.get_by_role("heading", name="没有网络，打不开")).to_be_visible()
        assert "王强" not in page.content()
        context.set_offline(False)
        expect(page.get_by_text("李红")).to_be_visible(timeout=WITHIN_20_S)
        for address in ("/c/", "/c/queue/", f"/c/h/{ground.homes[0].pk}/"):
            page.goto(address)
            page.get_by_role("heading", level=1).wait_for()
            page.wait_for_timeout(500)
            assert "王强" not in page.content()
        keys = page.evaluate(KEYS)
        assert len(keys) == 1
        assert keys[0]["extractable"] is False
        assert records_of(ground) == []
        page = log_in_again(context, ground.wang, ground.site)
        assert len(records_of(ground)) == 1


def test_nothing_on_the_phone_can_be_read_without_the_key(ground):
    with at_work(ground) as page:
        fill(page, FIRST)
        boxes = page.evaluate(BOXES)
        assert len(boxes) >= 2
        for box in boxes:
            assert "王强" not in box
            assert "people" not in box


def test_logging_out_takes_the_key_and_logging_in_brings_everything_back(ground):
    with at_work(ground) as page:
        context = page.context
        page.get_by_role("link", name=FIRST).click()
        tick(page)
        page.get_by_role("link", name="土地", exact=True).click()
        page.get_by_label("承包地").fill("3.2")
        page.get_by_text("自动保存").wait_for()
        page.get_by_role("link", name="我的").click()
        page.get_by_role("button", name="退出").click()
        page.get_by_role("link", name="登录").wait_for()
        assert page.evaluate(KEYS) == []
        page.goto("/c/")
        page.get_by_role("heading", level=1, name="登录").wait_for()
        assert "王强" not in page.content()
        log_in(context, ground.wang, ground.site)
        page = open_again(context)
        page.get_by_role("link", name=f"继续：{FIRST} · 第2步").click()
        expect(page.get_by_label("承包地")).to_have_value("3.2")


@pytest.mark.parametrize("where", ["denied", "rough"])
def test_c_52_a_place_is_never_waited_for(ground, where):
    rough = {"geolocation": {"latitude": 34.1, "longitude": 116.9, "accuracy": 500}}
    more = {**rough, "permissions": ["geolocation"]} if where == "rough" else {}
    with phone(ground.site, **more) as context:
        page = open_phone(context, ground.wang, ground.site)
        fill(page, FIRST)
        page.get_by_role("link", name="修改“住房”").click()
        if where == "denied":
            page.get_by_text("没有定位，写个位置就行").wait_for()
            page.get_by_label("写个位置").fill("村口第二家")
        else:
            page.get_by_role("button", name="用现在的位置（误差约500米）").click(timeout=30_000)
            page.get_by_text("已定位，误差500米").wait_for()
        page.get_by_role("button", name="继续").click()
        finish(page)
        to_queue(page)
        received(page)
        place = records_of(ground)[0].answers["place"]["value"]
    assert place == (
        {"text": "村口第二家"}
        if where == "denied"
        else {"lat": 34.1, "lon": 116.9, "accuracy": 500}
    )
