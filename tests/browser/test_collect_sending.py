"""Records and photos on a bad connection arrive whole and once; two people, one household."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from files.models import Attachment
from files.storage import ORIGINAL, place
from households.models import CollectionRecord
from tests.browser.collect_stage import (
    WITHIN_20_S,
    Ground,
    at_work,
    beside,
    fill,
    fill_in,
    finish,
    lay_collecting_ground,
    received,
    records_of,
    send,
    to_queue,
)
from tests.browser.shaky import AFTER, BEFORE, Shaky, nothing_happens, shaky_site

pytestmark = pytest.mark.browser
FIRST = "1组001户 王强"
MOST_BYTES, LONGEST = 400 * 1024, 1600
EXIF_MAKE, EXIF_GPS = 0x010F, 0x8825


@pytest.fixture
def shaky(committed_db) -> Iterator[Shaky]:
    with shaky_site() as shaky:
        yield shaky


@pytest.fixture
def ground(shaky: Shaky) -> Ground:
    return lay_collecting_ground(shaky.site)


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    """Two pictures of 12 million points, as a camera writes them: hard to shrink, with a place."""
    return [str(picture(tmp_path / f"{name}.jpg", (4000, 3000))) for name in ("one", "two")]


def picture(path: Path, size: tuple[int, int]) -> Path:
    width, height = size
    rough = Image.frombytes("RGB", (width // 8, height // 8), os.urandom(width * height // 64 * 3))
    exif = Image.Exif()
    exif[EXIF_MAKE] = "A camera"
    exif[EXIF_GPS] = {1: "N", 2: (34.0, 6.0, 0.0), 3: "E", 4: (116.0, 54.0, 0.0)}
    rough.resize(size, Image.Resampling.BICUBIC).save(path, quality=92, exif=exif)
    return path


def photos_of(ground: Ground) -> list[Attachment]:
    return beside(lambda: list(Attachment.objects.order_by("id")), ground.village)


def with_two_photos(page: Page, photos: list[str]) -> None:
    fill(page, FIRST, photo=photos[0])
    page.get_by_role("link", name="修改“住房”").click()
    page.locator("input[type=file]").set_input_files(photos[1])
    page.get_by_text("第2张").first.wait_for()
    page.get_by_role("button", name="继续").click()
    finish(page)
    to_queue(page)


def test_c_47_photos_are_shrunk_here_and_a_half_sent_record_says_so(shaky, ground, photos):
    sent: list[str] = []

    def second_photo_fails(method: str, path: str) -> str:
        if method == "PUT" and "/attachments/" in path:
            sent.append(path)
            return BEFORE if path != sent[0] else ""
        return ""

    with at_work(ground) as page:
        shaky.fate = second_photo_fails
        with_two_photos(page, photos)
        expect(page.get_by_text("传了一半").first).to_be_visible(timeout=WITHIN_20_S)
        expect(page.get_by_text("第2张照片没传完")).to_be_visible(timeout=WITHIN_20_S)
        expect(page.get_by_role("button", name="立即发送")).to_be_visible(timeout=WITHIN_20_S)
        assert records_of(ground)[0].state == "partial"
        shaky.fate = nothing_happens
        page.get_by_role("button", name="立即发送").click()
        received(page)
        (record,) = records_of(ground)
        kept = photos_of(ground)
        assert sorted(record.attachments) == sorted(one.sha256 for one in kept)
    assert len(kept) == 2
    for one in kept:
        original = place(one.village_id, one.sha256, ORIGINAL)
        assert hashlib.sha256(original.read_bytes()).hexdigest() == one.sha256
        assert original.stat().st_size <= MOST_BYTES
        with Image.open(original) as stored:
            assert max(stored.size) <= LONGEST
            assert dict(stored.getexif()) == {}


@pytest.mark.parametrize("lost", [BEFORE, AFTER])
def test_c_48_a_network_killed_mid_upload_makes_no_second_record(shaky, ground, photos, lost):
    killed: list[str] = []

    def three_times(method: str, path: str) -> str:
        if method == "PUT" and len(killed) < 3:
            killed.append(path)
            return lost
        return ""

    with at_work(ground) as page:
        shaky.fate = three_times
        fill_in(page, FIRST, photo=photos[0])
        to_queue(page)
        received(page, 60)
        assert len(killed) == 3
        (record,) = records_of(ground)
        (photo,) = photos_of(ground)
    assert (record.state, record.attachments) == ("received", [photo.sha256])


# --- two phones, one household -------------------------------------------------------------------
def answered_by_li(ground: Ground, **answers: object) -> None:
    """Somebody else's record of the same household became the current one in between."""

    def act() -> None:
        """What 李红 sent, with the same operation the API calls."""
        household_filled_by(ground, ground.li.person_id, answers)

    beside(act, ground.village)


def household_filled_by(ground: Ground, person_id: int, answers: dict[str, object]) -> None:
    home = ground.homes[0]
    CollectionRecord.objects.filter(subject=home, is_current=True).update(is_current=False)
    from_before = CollectionRecord.objects.filter(subject=home).latest("id")
    CollectionRecord.objects.create(
        village_id=home.village_id, subject=home, round=ground.round, form=ground.form,
        form_code=ground.form.code, uuid="7b0a2d52-6f7e-4f4e-9f3f-3d2d3c1b0a00", channel="home",
        spoken_by="self", answers={**from_before.answers, **{
            code: {"value": value} for code, value in answers.items()
        }}, body_sha256=b"1", state="received", is_current=True, receipt="LI22",
        base=from_before, filled_at=from_before.filled_at, arrived_at=from_before.arrived_at,
        received_at=from_before.arrived_at, collector_id=person_id,
    )  # fmt: skip


def second_look(page: Page, label: str, value: str) -> None:
    """王姐 opens what she sent and changes one answer."""
    page.get_by_role("link", name=FIRST).first.click()
    page.get_by_role("button", name="改一改").click()
    section = "住房" if label == "常住几人" else "土地"
    page.get_by_role("link", name=section, exact=True).click()
    page.get_by_label(label).fill(value)
    page.get_by_role("button", name="继续").click()
    finish(page)
    to_queue(page)


def test_c_50_different_questions_go_together_with_a_note(shaky, ground):
    with at_work(ground) as page:
        send(page, FIRST)
        answered_by_li(ground, note="院墙新砌了")
        second_look(page, "常住几人", "5")
        expect(page.get_by_text("和别人填的合在一起了")).to_be_visible(timeout=WITHIN_20_S)
        current = beside(lambda: CollectionRecord.objects.get(is_current=True), ground.village)
    assert current.answers["people"] == {"value": "5"}
    assert current.answers["note"] == {"value": "院墙新砌了"}


def conflict_after_a_kill(page: Page) -> Page:
    page.close()
    again = page.context.new_page()
    again.goto("/c/")
    again.get_by_role("link", name=FIRST).first.click()
    return again


def test_c_50_the_same_question_waits_for_a_person_and_keeps_the_choice(shaky, ground):
    with at_work(ground) as page:
        send(page, FIRST)
        answered_by_li(ground, people="6", note="院墙新砌了")
        second_look(page, "常住几人", "5")
        expect(page.get_by_text("有冲突").first).to_be_visible(timeout=WITHIN_20_S)
        page.get_by_role("link", name=FIRST).first.click()
        page.get_by_text("别人也改了这户，请选用哪个").wait_for()
        expect(page.locator("input[type=radio]:checked")).to_have_count(0)
        page.get_by_role("button", name="用选好的，发送").click()
        expect(page.get_by_text("还有 1 项没选：常住几人")).to_be_focused()
        page.get_by_label("我填的").check()
        page.get_by_role("button", name="用选好的，发送").click()
        expect(page.get_by_text("请写一句为什么这样选")).to_be_focused()
        page.get_by_label("为什么这样选").fill("又问过本人，是五口人")
        page.get_by_text("自动保存").wait_for()
        page.set_viewport_size({"width": 800, "height": 360})
        expect(page.get_by_label("我填的")).to_be_checked()
        page = conflict_after_a_kill(page)
        expect(page.get_by_label("我填的")).to_be_checked()
        expect(page.get_by_label("为什么这样选")).to_have_value("又问过本人，是五口人")
        page.get_by_role("button", name="用选好的，发送").click()
        expect(page.get_by_text("镇里已收到").first).to_be_visible(timeout=WITHIN_20_S)
        current = beside(
            lambda: CollectionRecord.objects.select_related("base__collector").get(is_current=True),
            ground.village,
        )
        count = len(records_of(ground))
    assert current.answers["people"] == {"value": "5"}
    assert current.answers["note"] == {"value": "院墙新砌了"}
    assert current.choice_reason == "又问过本人，是五口人"
    assert (current.collector_id, current.base.collector.name) == (ground.wang.person_id, "李红")
    assert count == 4


def test_c_50_two_lists_may_both_be_right(shaky, ground):
    with at_work(ground) as page:
        send(page, FIRST)
        answered_by_li(ground, farms="yes", crops=["fruit"])
        page.get_by_role("link", name=FIRST).first.click()
        page.get_by_role("button", name="改一改").click()
        page.get_by_role("link", name="土地", exact=True).click()
        page.get_by_text("种", exact=True).click()
        page.get_by_label("粮食").check()
        page.get_by_role("button", name="继续").click()
        finish(page)
        to_queue(page)
        page.get_by_text("有冲突").first.wait_for()
        page.get_by_role("link", name=FIRST).first.click()
        page.get_by_text("没选的不会替您选").wait_for()
        page.goto(page.url.replace("/conflict/", "/queue/"))
        page.get_by_role("link", name="别人也改了这户").click()
        page.get_by_label("都对，合并：果树、粮食").check()
        page.get_by_label("为什么这样选").fill("两样都种")
        page.get_by_role("button", name="用选好的，发送").click()
        expect(page.get_by_text("镇里已收到").first).to_be_visible(timeout=WITHIN_20_S)
        current = beside(lambda: CollectionRecord.objects.get(is_current=True), ground.village)
    assert current.answers["crops"] == {"value": ["grain", "fruit"]}
    assert current.choice_reason == "两样都种"


def test_what_was_sent_by_mistake_is_taken_back(shaky, ground):
    with at_work(ground) as page:
        send(page, FIRST)
        page.get_by_role("link", name=FIRST).click()
        page.get_by_role("button", name="发错了，撤回").click()
        expect(page.get_by_text("已撤回")).to_be_visible(timeout=WITHIN_20_S)
        assert [one.state for one in records_of(ground)] == ["recalled"]
        page.goto("/c/")
        expect(page.get_by_text("已完成 0 / 3 户，还差 3 户")).to_be_visible()


def test_a_refused_answer_comes_back_with_the_words_of_the_server(shaky, ground):
    with at_work(ground) as page:
        fill(page, FIRST, people="3")
        # A form that bounds the answer more closely than the phone knew.
        beside(lambda: tighten(ground), ground.village)
        finish(page)
        to_queue(page)
        page.get_by_text("要改", exact=True).wait_for()
        page.get_by_role("link", name=FIRST).click()
        expect(page.get_by_text("常住几人：不能大于2人")).to_be_visible()
        assert records_of(ground) == []
        page.get_by_role("button", name="改好再发送").click()
        page.get_by_role("link", name="住房", exact=True).click()
        page.get_by_label("常住几人").fill("2")
        page.get_by_role("button", name="继续").click()
        finish(page)
        to_queue(page)
        received(page)
        assert [one.revision for one in records_of(ground)] == [1]


def tighten(ground: Ground) -> None:
    content = ground.form.content
    content["sections"][0]["questions"][0]["most"] = "2"
    type(ground.form).objects.filter(pk=ground.form.pk).update(content=content)
