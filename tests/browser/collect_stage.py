"""A village with households to collect, collectors with log-ins, and a phone in Chromium."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from accounts.models import User
from households.models import CollectionForm, CollectionRecord, CollectionRound, Subject
from households.operations.assigning import assign
from households.operations.forms import NewForm, draft_form, put_in_use
from households.operations.rounds import RoundPlan, draft_round, open_round
from tests.factories import (
    let_the_test_see,
    make_actor,
    make_household,
    make_member,
    make_person,
    make_staff,
    make_township,
    make_unit,
    make_village,
)
from trail import clock
from villages.models import Village

T = TypeVar("T")
WITHIN_20_S = 20_000
# What the phone holds: its keys, and what is in its boxes as it lies there.
KEYS = """() => new Promise((resolve) => {
  const asked = indexedDB.open('collect');
  asked.onsuccess = () => {
    const rows = asked.result.transaction('keys').objectStore('keys').getAll();
    rows.onsuccess = () => resolve(rows.result.map((row) => ({extractable: row.key.extractable})));
  };
})"""
BOXES = """() => new Promise((resolve) => {
  const asked = indexedDB.open('collect');
  asked.onsuccess = () => {
    const rows = asked.result.transaction('boxes').objectStore('boxes').getAll();
    rows.onsuccess = () => resolve(rows.result.map((row) => [JSON.stringify(row),
      new TextDecoder().decode(row.data)].join(' ')));
  };
})"""

# Short, with one question of each kind.
CONTENT = {
    "sections": [
        {"code": "home", "title": "住房", "questions": [
            {"code": "people", "kind": "number", "label": "常住几人", "unit": "人", "least": "0",
             "most": "30", "required": True},
            {"code": "roof", "kind": "choice", "label": "什么房", "unsaid": ["declined"],
             "options": [{"code": "storey", "label": "楼房"}, {"code": "single", "label": "平房"}]},
            {"code": "photo", "kind": "photo", "label": "门口照片"},
            {"code": "place", "kind": "location", "label": "房子的位置"},
        ]},
        {"code": "land", "title": "土地", "questions": [
            {"code": "contracted", "kind": "number", "label": "承包地", "unit": "亩", "decimals": 2,
             "least": "0", "most": "1000", "unsaid": ["unclear", "declined"]},
            {"code": "farms", "kind": "choice", "label": "现在种地吗", "required": True,
             "options": [{"code": "yes", "label": "种"}, {"code": "no", "label": "不种"}]},
            {"code": "crops", "kind": "choices", "label": "种什么",
             "options": [{"code": "grain", "label": "粮食"}, {"code": "fruit", "label": "果树"}],
             "only_if": {"question": "farms", "is": ["yes"]}},
            {"code": "note", "kind": "text", "label": "别的情况"},
        ]},
    ]
}  # fmt: skip


@dataclass
class Ground:
    """王姐 and 李红 collect in one village; the township's clerk opened the round."""

    site: str
    village: Village
    form: CollectionForm
    round: CollectionRound
    homes: list[Subject]
    wang: User
    li: User
    others: dict[str, User] = field(default_factory=dict)


def lay_collecting_ground(site: str, *, households: int = 3) -> Ground:
    """So many households, all 王姐's."""
    at = clock.now()
    village = make_village(township=make_township())
    clerk = make_actor(person=make_person(name="林经办"), role="township_clerk")
    new = NewForm("农户信息采集表", "file", "household", "household", CONTENT)
    form = draft_form(township=village.township, start=new, by=clerk, at=at)
    put_in_use(form=form, by=clerk, at=at)
    form.refresh_from_db()
    today = clock.today()
    plan = RoundPlan("2026年冬季采集", today, today + timedelta(days=30), [form])
    round_ = draft_round(township=village.township, plan=plan, by=clerk, at=at)
    open_round(round_=round_, by=clerk, at=at)
    wang = make_staff(name="王秀英", role="collector", village=village)
    li = make_staff(name="李红", role="collector", village=village)
    homes = [_home(village, number) for number in range(1, households + 1)]
    given = {home.pk: wang.person_id for home in homes}
    assign(round_=round_, village=village, collector_of=given, by=clerk, at=at)
    return Ground(site, village, form, round_, homes, wang, li)


NAMES = ("张建国", "王强", "李梅", "欧阳娜娜", "买买提·艾力", "赵刚", "周芳")


def _home(village: Village, number: int) -> Subject:
    unit = make_unit(village=village, name=f"{(number - 1) // 20 + 1}组")
    name = NAMES[number % len(NAMES)]
    home = make_household(village=village, unit=unit, number=f"{number:03}", name=name)
    make_member(household=home, name=name, phone="13812345678")
    make_member(household=home, name=f"{name[0]}小花", relation="女儿")
    return home


@contextmanager
def phone(site: str, *, width: int = 360, height: int = 800, **more) -> Iterator[BrowserContext]:
    """One phone: its storage ends with it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        context = browser.new_context(
            base_url=site, viewport={"width": width, "height": height}, locale="zh-CN",
            timezone_id="Asia/Shanghai", has_touch=True, **more,
        )  # fmt: skip
        context.set_default_timeout(20_000)
        yield context
        browser.close()


def beside(act: Callable[[], T], *villages: Village) -> T:
    """Ask the database while a browser is open: in a thread of its own, with its own connection."""

    def acted() -> T:
        try:
            let_the_test_see(*villages)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(acted).result()


def log_in(context: BrowserContext, user: User, site: str) -> None:
    """As the log-in page would: a session and a new token, so the page asks who it is."""

    def session() -> dict[str, str]:
        client = Client()
        client.force_login(user)
        assert client.get("/c/").status_code == 200
        return {name: client.cookies[name].value for name in ("session", "csrf")}

    found = beside(session)
    context.add_cookies(
        [{"name": name, "value": value, "url": site} for name, value in found.items()]
    )


def open_phone(context: BrowserContext, user: User, site: str) -> Page:
    """Log in, open the tasks, and wait until the page works without a network."""
    log_in(context, user, site)
    page = context.new_page()
    page.goto("/c/")
    page.get_by_role("heading", level=1).filter(has_text="负责").wait_for()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return page


def open_again(context: BrowserContext, address: str = "/c/") -> Page:
    """The tab was killed; a new one begins where the phone's storage left off."""
    for page in context.pages:
        page.close()
    page = context.new_page()
    page.goto(address)
    return page


@contextmanager
def at_work(ground: Ground, **more) -> Iterator[Page]:
    """王姐's phone with her tasks on it."""
    with phone(ground.site, **more) as context:
        yield open_phone(context, ground.wang, ground.site)


def log_in_again(context: BrowserContext, user: User, site: str) -> Page:
    """Whose records wait on the phone logs in on a new page, and they are sent."""
    log_in(context, user, site)
    page = open_again(context, "/c/queue/")
    received(page)
    return page


def tick(page: Page) -> None:
    """The purpose is explained and agreed to."""
    page.get_by_label("我已说明信息做什么用，本人同意").check()


def fill(page: Page, title: str, *, people: str = "3", photo: str = "") -> None:
    """From the tasks to the page before 填完; as short as the form allows."""
    page.get_by_role("link", name=title).click()
    tick(page)
    page.get_by_role("link", name="住房", exact=True).click()
    page.get_by_label("常住几人").fill(people)
    if photo:
        page.locator("input[type=file]").set_input_files(photo)
        page.get_by_text("照片存好了").wait_for()
    page.get_by_role("button", name="继续").click()
    page.get_by_role("heading", name="土地").wait_for()
    page.get_by_text("不种", exact=True).click()
    page.get_by_role("button", name="继续").click()
    page.get_by_role("heading", name="看一遍，再填完").wait_for()


def finish(page: Page) -> None:
    page.get_by_role("button", name="填完").click()
    page.get_by_role("heading", name="已存好").wait_for()


def fill_in(page: Page, title: str, *, people: str = "3", photo: str = "") -> None:
    """The whole household, finished."""
    fill(page, title, people=people, photo=photo)
    finish(page)


def received(page: Page, seconds: int = 20) -> None:
    """The one record of the queue has arrived."""
    expect(page.get_by_text("镇里已收到", exact=True)).to_be_visible(timeout=seconds * 1_000)


def send(page: Page, title: str, *, people: str = "3") -> None:
    """The whole household, finished and arrived."""
    fill_in(page, title, people=people)
    to_queue(page)
    received(page)


def records_of(ground: Ground) -> list[CollectionRecord]:
    """What the server has, asked beside the browser."""
    return beside(lambda: list(CollectionRecord.objects.order_by("id")), ground.village)


def to_tasks(page: Page) -> None:
    page.get_by_role("navigation", name="采集").get_by_role("link", name="任务").click()


def to_queue(page: Page) -> None:
    page.get_by_role("navigation", name="采集").get_by_role("link", name="待发送").click()
