"""A day without a network, and an evening on a bad one: everything arrives, once, whole."""

import hashlib
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TooLate

from files.models import Attachment
from files.storage import ORIGINAL, place
from households.models import CollectionRecord
from tests.browser.collect_stage import (
    Ground,
    beside,
    fill_in,
    finish,
    lay_collecting_ground,
    log_in,
    open_phone,
    phone,
    records_of,
    to_queue,
    to_tasks,
)
from tests.browser.room import Room
from tests.browser.shaky import AFTER, BEFORE, Shaky, shaky_site
from tests.browser.test_collect_sending import picture

pytestmark = pytest.mark.browser
LOST = 0.3
IN_THE_EVENING = 600_000
# Every digest the phone names in its store, in the order of the records.
ON_THE_PHONE = """() => import('/static/collect/store.js').then(({state}) =>
    [...state.records.values()].flatMap((record) => record.photos))"""


@pytest.fixture
def shaky(committed_db) -> Iterator[Shaky]:
    with shaky_site() as shaky:
        yield shaky


def titles(ground: Ground) -> list[str]:
    return [f"{one.unit.name}{one.number}户 {one.name}" for one in ground.homes]


def killed(page: Page) -> Page:
    """The tab is gone in the middle of a household; a new one goes on there."""
    page.close()
    page = page.context.new_page()
    page.goto("/c/")
    return page


def half_a_household(page: Page, title: str) -> None:
    page.get_by_role("link", name=title).click()
    page.get_by_label("我已说明信息做什么用，本人同意").check()
    page.get_by_role("link", name="住房", exact=True).click()
    page.get_by_label("常住几人").fill("7")
    page.get_by_text("自动保存").wait_for()


def the_other_half(page: Page, title: str) -> None:
    page.get_by_role("link", name=f"继续：{title} · 第1步").click()
    expect(page.get_by_label("常住几人")).to_have_value("7")
    page.get_by_role("button", name="继续").click()
    page.get_by_text("不种", exact=True).click()
    page.get_by_role("button", name="继续").click()
    finish(page)
    to_tasks(page)


def full_and_free_again(room: Room, page: Page, title: str) -> None:
    """The storage is full in the middle of a household; its words say so, and stay."""
    page.get_by_role("link", name=title).click()
    page.get_by_label("我已说明信息做什么用，本人同意").check()
    page.get_by_role("link", name="住房", exact=True).click()
    room.fill(page)
    page.get_by_label("常住几人").fill("9")
    expect(page.get_by_text("这部手机存满了，新填的还没存进去")).to_be_visible()
    room.free()
    page.get_by_role("button", name="继续").click()
    page.get_by_text("不种", exact=True).click()
    page.get_by_role("button", name="继续").click()
    finish(page)
    expect(page.get_by_text("这部手机存满了")).to_have_count(0)
    to_tasks(page)


def day(room: Room, page: Page, ground: Ground, photos: list[str]) -> Page:
    """All households: photos in the first ones, three kills, one full storage on the way."""
    names = titles(ground)
    kills = {len(names) * part // 4 for part in (1, 2, 3)}
    waiting = iter(photos)
    for at, title in enumerate(names):
        if at in kills:
            half_a_household(page, title)
            page = killed(page)
            the_other_half(page, title)
        elif at == len(names) - 1:
            full_and_free_again(room, page, title)
        else:
            fill_in(page, title, people=str(at % 9 + 1), photo=next(waiting, ""))
            to_tasks(page)
    return page


def test_a_short_day_offline(shaky, tmp_path):
    a_day_offline(shaky, tmp_path, households=6, photos=2)


@pytest.mark.long
def test_a_day_offline_with_forty_households_and_twelve_photos(shaky, tmp_path):
    a_day_offline(shaky, tmp_path, households=40, photos=12)


def a_day_offline(shaky: Shaky, folder: Path, *, households: int, photos: int) -> None:
    ground = lay_collecting_ground(shaky.site, households=households)
    pictures = [str(picture(folder / f"{n}.jpg", (1600, 1200))) for n in range(photos)]
    dice = random.Random(43)  # noqa: S311 (drops, no secrets)

    def drops(method: str, path: str) -> str:
        return dice.choice((BEFORE, AFTER)) if dice.random() < LOST else ""

    with phone(shaky.site) as context:
        room = Room(context, shaky.site)
        page = open_phone(context, ground.wang, shaky.site)
        context.set_offline(True)
        page = day(room, page, ground, pictures)
        assert records_of(ground) == []
        on_the_phone = page.evaluate(ON_THE_PHONE)
        context.clear_cookies(name="session")
        context.set_offline(False)
        expect(page.get_by_text("您离开太久，请重新登录")).to_be_visible(timeout=20_000)
        shaky.fate = drops
        log_in(context, ground.wang, shaky.site)
        page = killed(page)
        page.get_by_role("navigation", name="采集").wait_for(timeout=120_000)
        to_queue(page)
        until_all_is_sent(page)
        records = records_of(ground)
        kept = beside(lambda: list(Attachment.objects.all()), ground.village)
    assert len(on_the_phone) == photos
    all_arrived(ground, records, {one.sha256: one for one in kept}, on_the_phone)
    fates = [fate for _, _, fate in shaky.told]
    assert fates.count(BEFORE) > 0
    assert fates.count(AFTER) > 0


def all_arrived(
    ground: Ground, records: list[CollectionRecord], kept: dict[str, Attachment], photos: list[str]
) -> None:
    """One record for each household, and each photo of the phone with the same digest."""
    assert [one.state for one in records] == ["received"] * len(ground.homes)
    assert {one.subject_id for one in records} == {home.pk for home in ground.homes}
    assert sorted(kept) == sorted(photos)
    for sha, one in kept.items():
        original = place(one.village_id, one.sha256, ORIGINAL).read_bytes()
        assert hashlib.sha256(original).hexdigest() == sha


def until_all_is_sent(page: Page) -> None:
    """Nobody touches anything but the button, as one would."""
    done = page.get_by_role("heading", level=1, name="都发送了")
    for _ in range(IN_THE_EVENING // 5_000):
        # It may begin by itself in the very moment of the press.
        with suppress(TooLate):
            page.get_by_role("button", name="立即发送").click(timeout=1_000)
        with suppress(TooLate):
            done.wait_for(timeout=5_000)
            return
    expect(done).to_be_visible()
