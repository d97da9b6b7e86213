"""Lists of the collector: receipts to keep, who is near, what is begun and how far."""

import csv
import io

import pytest
from playwright.sync_api import Page, expect

from households.models import CollectionForm, CollectionRecord, CollectorPhone
from tests.browser.collect_stage import (
    Ground,
    at_work,
    beside,
    lay_collecting_ground,
    records_of,
    send,
    tick,
    to_queue,
)
from trail import clock

pytestmark = pytest.mark.browser
FIRST, SECOND, THIRD = "1组001户 王强", "1组002户 李梅", "1组003户 欧阳娜娜"
HERE = {"latitude": 34.1, "longitude": 116.9, "accuracy": 10}


@pytest.fixture
def ground(live_site: str) -> Ground:
    return lay_collecting_ground(live_site)


def test_receipts_are_kept_as_a_table_without_names_or_formulas(ground):
    def dangerous() -> None:
        CollectionForm.objects.update(title='=cmd|"x"')

    dangerous()
    with at_work(ground) as page:
        send(page, FIRST)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="保存回执清单").click()
        assert waiting.value.suggested_filename.endswith(".csv")
        content = waiting.value.path().read_bytes()
        (record,) = records_of(ground)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["户号", "采集表", "回执", "镇里收到时间"]
    assert [row[:3] for row in rows[1:]] == [["1组001户", '\'=cmd|"x"', record.receipt]]
    assert rows[1][3].startswith(f"{clock.today():%Y-%m-%d} ")
    assert "王强" not in content.decode()


def noted(ground: Ground, at: int, lat: float) -> None:
    """Where a household stands, as it was noted last year."""
    home, now = ground.homes[at], clock.now()
    CollectionRecord.objects.create(
        village=ground.village, subject=home, form=ground.form, form_code=ground.form.code,
        uuid=f"7b0a2d52-6f7e-4f4e-9f3f-3d2d3c1b0a0{at}", channel="home", spoken_by="self",
        answers={"place": {"value": {"lat": lat, "lon": 116.9, "accuracy": 9}}}, body_sha256=b"1",
        state="received", is_current=True, receipt="AB12", filled_at=now, arrived_at=now,
        received_at=now, collector=ground.li.person,
    )  # fmt: skip


def order(page: Page) -> list[str]:
    return page.locator(".next-rows .task a").all_inner_texts()


def test_the_near_ones_come_first_when_somebody_asks_and_nothing_is_sent(ground):
    noted(ground, 0, 34.13)
    noted(ground, 1, 34.102)
    asked: list[str] = []
    with at_work(ground, geolocation=HERE, permissions=["geolocation"]) as page:
        assert order(page) == [FIRST, SECOND, THIRD]
        page.get_by_text("最近发送").or_(page.get_by_text("今天填完")).wait_for()
        page.wait_for_load_state("networkidle")
        page.on("request", lambda request: asked.append(request.url))
        page.get_by_label("离我近的排前面").check()
        expect(page.get_by_text("近的排前面，没记过位置的 1 户在后面")).to_be_visible()
        assert order(page) == [SECOND, FIRST, THIRD]
        expect(page.locator(".next-rows .task", has_text=SECOND)).to_contain_text("约220米")
        expect(page.locator(".next-rows .task", has_text=FIRST)).to_contain_text("约3.3公里")
        page.get_by_label("离我近的排前面").uncheck()
        assert order(page) == [FIRST, SECOND, THIRD]
        assert asked == []
    assert len(beside(lambda: list(CollectionRecord.objects.all()), ground.village)) == 2


def test_without_a_place_the_list_stays_as_it_was(ground):
    with at_work(ground) as page:
        page.get_by_label("离我近的排前面").check()
        expect(page.get_by_text("没有定位，还按原来的顺序。")).to_be_visible()
        assert order(page) == [FIRST, SECOND, THIRD]


def begun_by_li(ground: Ground) -> None:
    home, now = ground.homes[0], clock.now()
    CollectorPhone.objects.create(
        township=ground.village.township, person=ground.li.person, label="小米", seen_at=now,
        device="11111111-1111-4111-8111-111111111111",
        drafts=[{
            "uuid": "22222222-2222-4222-8222-222222222222", "subject": home.pk, "state": "draft",
            "changed_at": now.isoformat(),
        }],
    )  # fmt: skip


def test_a_household_begun_on_another_phone_is_asked_about_first(ground):
    begun_by_li(ground)
    with at_work(ground) as page:
        page.get_by_role("link", name=FIRST).click()
        expect(page.get_by_text("李红的另一部手机上")).to_be_visible()
        expect(page.get_by_text("采集方式")).to_have_count(0)
        page.get_by_role("button", name="先不填，回到任务").click()
        page.get_by_role("link", name=FIRST).click()
        page.get_by_role("button", name="在这里填").click()
        tick(page)
        page.get_by_role("link", name="住房", exact=True).wait_for()
        page.reload()
        expect(page.get_by_role("link", name="住房", exact=True)).to_be_visible()


def test_a_draft_says_how_far_it_is_and_is_looked_over_at_any_time(ground):
    with at_work(ground) as page:
        page.get_by_role("link", name=FIRST).click()
        tick(page)
        page.get_by_role("link", name="土地", exact=True).click()
        page.get_by_label("承包地").fill("3.2")
        page.get_by_text("自动保存").wait_for()
        to_queue(page)
        row = page.locator("#main .task", has_text=FIRST)
        expect(row).to_contain_text("第2步 · 有 2 处没填")
        row.get_by_role("link").click()
        page.get_by_role("link", name="检查有没有错").click()
        expect(page.get_by_role("heading", level=1, name="检查有没有错")).to_be_visible()
        expect(page.get_by_role("button", name="填完")).to_have_count(0)
        page.get_by_role("alert").get_by_role("link", name="请填常住几人").click()
        expect(page.get_by_label("常住几人")).to_be_focused()
