"""The collector's pages to look at and to tap: counted taps, three sizes, axe, the curtain."""

from itertools import product

import pytest
from playwright.sync_api import Page, expect

from households.models import Assignment, Visit, VisitDuty
from tests.browser import axe
from tests.browser.collect_stage import (
    WITHIN_20_S,
    Ground,
    at_work,
    beside,
    fill,
    lay_collecting_ground,
    open_phone,
    phone,
    records_of,
    send,
    tick,
)
from tests.browser.seen import sees
from trail import clock

pytestmark = pytest.mark.browser
FIRST = "1组001户 王强"
SIDEWAYS = """() => Math.max(document.documentElement.scrollWidth - innerWidth,
    document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth)"""
LOW = """least => [...document.querySelectorAll('button, .button, .tile, .task > a, #tabs a,' +
    ' select, input:not([type=hidden], .hidden, [type=radio], [type=checkbox])')]
    .filter(e => e.offsetParent).map(e => e.matches('.task > a') ? e.parentElement : e)
    .filter(e => e.getBoundingClientRect().height < least - .01)
    .map(e => e.outerHTML.slice(0, 120))"""
NEWS = "() => { dispatchEvent(new Event('offline')); }"
COUNT_TAPS = """addEventListener('click', (event) => {
    window.taps = (window.taps ?? 0) + Number(event.isTrusted && event.detail > 0);
}, true)"""


@pytest.fixture
def ground(live_site: str) -> Ground:
    return lay_collecting_ground(live_site)


def at_main(page: Page, heading: str) -> None:
    page.get_by_role("heading", level=1, name=heading).wait_for()


def taps(page: Page) -> int:
    return page.evaluate("window.taps ?? 0")


def test_somebody_away_fills_in_the_form_behind_a_link(ground):
    with at_work(ground) as page:
        context = page.context
        page.get_by_role("link", name=FIRST).click()
        page.get_by_text("在外地，让本人自己填").click()
        page.get_by_role("button", name="农户信息采集表").click()
        page.get_by_label("链接（只出现这一次）").wait_for()
        address = page.get_by_label("链接（只出现这一次）").input_value()
        away = context.browser.new_context(locale="zh-CN").new_page()
        away.goto(f"{ground.site}/h/once/{address.rstrip('/').rpartition('/')[2]}/")
        expect(away.get_by_role("heading", level=1)).to_be_visible()
        sees(away, "常住几人")
        assert page.evaluate(SIDEWAYS) <= 0
        context.set_offline(offline=True)
        page.get_by_role("button", name="农户信息采集表").click()
        expect(page.get_by_text("现在没有网络，等有网再发。")).to_be_visible()


@pytest.mark.parametrize("pressed", [".next-rows a", "#tabs a[href='/c/queue/']"])
def test_what_is_pressed_stays_under_the_finger_while_news_arrive(ground, pressed):
    with at_work(ground) as page:
        page.locator(pressed).first.hover()
        page.mouse.down()
        page.evaluate(NEWS)
        page.wait_for_timeout(300)
        page.mouse.up()
        page.wait_for_url(lambda address: not address.endswith("/c/"))


def test_the_keyboard_keeps_its_place_when_a_page_is_drawn_anew(ground):
    with at_work(ground) as page:
        page.get_by_role("link", name="1组002户 李梅").focus()
        page.evaluate("() => { document.querySelector('#main h1').dataset.before = '1'; }")
        page.evaluate(NEWS)
        page.wait_for_function("() => !document.querySelector('#main h1').dataset.before")
        expect(page.get_by_role("link", name="1组002户 李梅")).to_be_focused()


def test_c_53_the_next_household_is_two_taps_away(ground):
    with phone(ground.site) as context:
        context.add_init_script(COUNT_TAPS)
        page = open_phone(context, ground.wang, ground.site)
        page.locator(".next-rows a").first.click()
        at_main(page, FIRST)
        assert taps(page) <= 2


def test_c_53_a_visit_without_a_change_is_five_taps_at_most(ground):
    def duty() -> None:
        VisitDuty.objects.create(
            village=ground.village, subject=ground.homes[0], person=ground.wang.person,
            kind="contact", from_on=clock.today(),
        )  # fmt: skip

    duty()
    with phone(ground.site) as context:
        context.add_init_script(COUNT_TAPS)
        page = open_phone(context, ground.wang, ground.site)
        page.get_by_role("link", name="走访 1").click()
        page.get_by_role("link", name=FIRST).click()
        page.get_by_role("button", name="情况没有变化").click()
        at_main(page, "已存好")
        assert taps(page) <= 5
        expect(page.get_by_text("镇里已收到").first).to_be_visible(timeout=WITHIN_20_S)
        (visit,) = beside(lambda: list(Visit.objects.all()), ground.village)
    assert (visit.subject_id, visit.changed) == (ground.homes[0].pk, False)


def test_a_form_that_says_the_same_as_last_time_is_five_taps(ground):
    with at_work(ground) as page:
        context = page.context
        send(page, FIRST, people="4")
    beside(lambda: next_round(ground), ground.village)
    with phone(ground.site) as context:
        context.add_init_script(COUNT_TAPS)
        page = open_phone(context, ground.wang, ground.site)
        page.get_by_role("link", name=FIRST).click()
        page.get_by_label("我已说明信息做什么用，本人同意").click()
        page.get_by_role("button", name="没填的都跟上次一样").click()
        page.get_by_role("button", name="填完并发送").click()
        at_main(page, "已存好")
        assert taps(page) <= 5
        expect(page.get_by_text("镇里已收到").first).to_be_visible(timeout=WITHIN_20_S)
        records = records_of(ground)
    assert [one.answers["people"]["value"] for one in records] == ["4", "4"]
    assert records[1].base_id == records[0].pk


def next_round(ground: Ground) -> None:
    """The first task is open again, as in a round half a year later."""
    Assignment.objects.filter(subject=ground.homes[0]).update(state="due", done_at=None)


def test_c_54_progress_never_shows_all_before_all_are_there(live_site):
    ground = lay_collecting_ground(live_site, households=41)
    Assignment.objects.exclude(subject=ground.homes[7]).update(state="done", done_at=clock.now())
    with phone(live_site) as context:
        page = open_phone(context, ground.wang, live_site)
        expect(page.get_by_text("已完成 40 / 41 户，还差 1 户")).to_be_visible()
        expect(page.locator(".far")).not_to_contain_text("100", use_inner_text=True)
        bar = page.locator("progress")
        assert float(bar.get_attribute("max")) - bar.evaluate("e => e.value") == 1


def test_practice_is_never_sent_as_real(ground):
    with at_work(ground) as page:
        fill(page, "练习户")
        page.get_by_role("button", name="练习做完").click()
        at_main(page, "练习做完了")
        page.wait_for_timeout(1_000)
        expect(page.get_by_role("link", name="继续：")).to_have_count(0)
        assert records_of(ground) == []


def test_nobody_met_ends_with_a_reason(ground):
    with at_work(ground) as page:
        page.get_by_role("link", name=FIRST).click()
        page.get_by_role("link", name="没见到人，或者不愿意说").click()
        page.get_by_role("button", name="今天就到这里").click()
        expect(page.get_by_text("请写一下原因")).to_be_visible()
        page.get_by_role("button", name="家里没人").click()
        at_main(page, "已存好")
        expect(page.get_by_text("镇里已收到").first).to_be_visible(timeout=WITHIN_20_S)
        (record,) = records_of(ground)
        assert (record.outcome, record.outcome_reason, record.answers) == (
            "unreached",
            "家里没人",
            {},
        )
        page.goto("/c/")
        expect(page.get_by_text("没见到人").first).to_be_visible()
        expect(page.get_by_text("已完成 0 / 3 户")).to_be_visible()


def test_after_two_idle_minutes_names_are_covered(ground):
    with phone(ground.site) as context:
        page = context.new_page()
        page.clock.install()
        page.close()
        page = open_phone(context, ground.wang, ground.site)
        page.clock.install()
        page.reload()
        page.locator(".next-rows a").first.wait_for()
        page.clock.fast_forward("02:05")
        expect(page.get_by_text("两分钟没有动，先遮起来了。")).to_be_visible()
        expect(page.get_by_text("王强")).to_be_hidden()
        page.get_by_role("button", name="接着看").click()
        expect(page.get_by_role("link", name=FIRST)).to_be_visible()


def test_problems_are_listed_first_and_lead_to_their_fields(ground):
    with at_work(ground) as page:
        page.get_by_role("link", name=FIRST).click()
        tick(page)
        page.get_by_role("link", name="住房", exact=True).click()
        page.get_by_label("常住几人").fill("三")
        page.get_by_role("button", name="继续").click()
        summary = page.get_by_role("alert").filter(has_text="有 1 处要改")
        expect(summary).to_be_focused()
        assert page.title().startswith("有问题：")
        summary.get_by_role("link").click()
        expect(page.get_by_label("常住几人")).to_be_focused()
        expect(page.get_by_label("常住几人")).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("常住几人")).to_have_value("三")
        page.get_by_label("常住几人").fill("３")
        page.get_by_role("button", name="继续").click()
        at_main(page, "土地")


def test_g_1_g_7_g_9_every_page_fits_in_three_sizes_and_axe_finds_nothing(ground):
    found = []
    home = ground.homes[0]
    with at_work(ground) as page:
        context = page.context
        fill(page, FIRST)
        here, form = f"/c/h/{home.pk}/", f"/c/h/{home.pk}/household/"
        pages = ["/c/", here, f"{form}home/", f"{form}land/", f"/c/check/{home.pk}/household/"]
        pages += [f"/c/unreached/{home.pk}/", "/c/queue/", "/c/visits/", "/c/me/"]
        for address, size in product(pages, ("标准", "大字", "特大")):
            page.goto(address)
            page.get_by_role("heading", level=1).wait_for()
            page.locator("header").get_by_role("button", name=size).click()
            page.wait_for_timeout(200)
            for width in (320, 360):
                page.set_viewport_size({"width": width, "height": 800})
                if page.evaluate(SIDEWAYS) > 0:
                    found.append((address, size, width, "scrolls sideways"))
            tap = {"标准": 44, "大字": 48, "特大": 60}[size]
            found += [(address, size, one) for one in page.evaluate(LOW, tap)]
            found += [(address, size, *fault) for fault in axe.all_faults(page)]
        context.set_offline(True)
        page.reload()
        page.get_by_text("没有网络").first.wait_for()
        assert page.evaluate("document.documentElement.className") == "size-huge"
    assert found == []
