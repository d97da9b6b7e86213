"""A network too slow for photos: words go first, photos follow; a visit may have photos, too."""

from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from files.models import Attachment
from files.storage import ORIGINAL, place
from households.models import Visit, VisitDuty
from tests.browser.collect_stage import (
    WITHIN_20_S,
    Ground,
    at_work,
    beside,
    fill_in,
    lay_collecting_ground,
    records_of,
    to_queue,
    to_tasks,
)
from tests.browser.shaky import HELD, Shaky, nothing_happens, shaky_site
from tests.browser.test_collect_sending import picture
from trail import clock

pytestmark = pytest.mark.browser
FIRST, SECOND = "1组001户 王强", "1组002户 李梅"


@pytest.fixture
def shaky(committed_db) -> Iterator[Shaky]:
    with shaky_site() as shaky:
        yield shaky


@pytest.fixture
def ground(shaky: Shaky) -> Ground:
    return lay_collecting_ground(shaky.site)


def photos_hang(method: str, path: str) -> str:
    return HELD if method == "PUT" and "/attachments/" in path else ""


def states(ground: Ground) -> dict[int, str]:
    return {one.subject_id: one.state for one in records_of(ground)}


def row(page: Page, title: str):
    return page.locator("#main .task", has_text=title)


def test_words_go_before_the_photo_that_hangs_and_the_photo_follows(shaky, ground, tmp_path):
    first, second = (home.pk for home in ground.homes[:2])
    with at_work(ground) as page:
        page.clock.install()
        page.context.set_offline(offline=True)
        fill_in(page, FIRST, photo=str(picture(tmp_path / "one.jpg", (1600, 1200))))
        to_tasks(page)
        fill_in(page, SECOND)
        to_queue(page)
        shaky.fate = photos_hang
        page.context.set_offline(offline=False)
        expect(row(page, FIRST)).to_contain_text("第1张照片", timeout=WITHIN_20_S)
        expect(row(page, SECOND)).to_contain_text("待发送")
        assert states(ground) == {first: "partial"}
        page.clock.fast_forward("01:01")
        expect(page.get_by_text("网络太慢。可以先发文字")).to_be_visible(timeout=WITHIN_20_S)
        page.get_by_role("button", name="先发文字").click()
        expect(row(page, SECOND)).to_contain_text("镇里已收到", timeout=WITHIN_20_S)
        expect(row(page, FIRST)).to_contain_text("传了一半")
        assert states(ground) == {first: "partial", second: "received"}
        shaky.fate = nothing_happens
        shaky.may_go.set()
        page.clock.run_for(10_000)
        expect(page.get_by_role("heading", level=1, name="都发送了")).to_be_visible(timeout=60_000)
        assert states(ground) == {first: "received", second: "received"}


def test_a_visit_with_a_photo_is_received_when_the_photo_is_there(shaky, ground, tmp_path):
    VisitDuty.objects.create(
        village=ground.village, subject=ground.homes[0], person=ground.wang.person,
        kind="contact", from_on=clock.today(),
    )  # fmt: skip
    with at_work(ground) as page:
        page.get_by_role("link", name="走访 1").click()
        page.get_by_role("link", name=FIRST).click()
        file = str(picture(tmp_path / "one.jpg", (4000, 3000)))
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_text("照片存好了").wait_for()
        shaky.fate = photos_hang
        page.get_by_role("button", name="情况没有变化").click()
        to_queue(page)
        expect(row(page, FIRST)).to_contain_text("第1张照片", timeout=WITHIN_20_S)
        shaky.fate = nothing_happens
        shaky.may_go.set()
        expect(row(page, FIRST)).to_contain_text("镇里已收到", timeout=WITHIN_20_S)
        (visit,) = beside(lambda: list(Visit.objects.all()), ground.village)
        (kept,) = beside(lambda: list(Attachment.objects.all()), ground.village)
    assert (visit.attachments, kept.state) == ([kept.sha256], "stored")
    with Image.open(place(kept.village_id, kept.sha256, ORIGINAL)) as stored:
        assert max(stored.size) <= 1600
        assert dict(stored.getexif()) == {}
