"""Forms, rounds, checks and paper in a real Chromium: readable at every width, without script."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.models import User
from households.models import Assignment, CollectionForm
from households.operations.assigning import How, share
from households.operations.cards import issue_card
from households.operations.checking import draw_checks
from households.operations.forms import draft_form, next_version_of
from tests.browser.test_month_close import faults_of
from tests.browser.test_public_pages import chromium
from tests.desk.staff_stage import logged_in
from tests.factories import NOON, PASSWORD, make_member, make_staff
from tests.households.collection.stage import Ground, make_ground, settle, use
from tests.households.collection.test_checking import write
from tests.households.stage import LIN

pytestmark = pytest.mark.browser


@pytest.fixture
def ground(live_site: str) -> Ground:
    found = make_ground()
    for unit, count in (("1组", 12), ("2组", 30)):
        settle(found.dou, unit=unit, count=count)
    settle(found.liu, unit="1组", count=9)
    use(found.township, "self_assessment")
    share(round_=found.round, villages=[found.dou], how=How.BY_UNIT, by=LIN, at=NOON)
    rows = Assignment.objects.order_by("pk")
    done, away = [row.pk for row in rows[:20]], [row.pk for row in rows[20:23]]
    Assignment.objects.filter(pk__in=done).update(state="done", done_at=NOON)
    Assignment.objects.filter(pk__in=away).update(
        state="unreached", unreached_reason="三次没人在家"
    )
    villages = [found.dou]
    draw_checks(round_=found.round, villages=villages, percent=10, seed=7, by=LIN, at=NOON)
    first = Assignment.objects.filter(purpose="check").first().subject
    make_member(household=first, name="李梅", relation="妻")
    issue_card(subject=first, by=LIN, at=NOON)
    write(found, first, {"living_here": {"value": "3"}}, is_check=False)
    write(found, first, {"living_here": {"value": "4"}}, is_check=True)
    return found


@pytest.fixture
def lin(ground) -> User:
    return make_staff(name="林经办", role="township_clerk", township=ground.township)


@pytest.fixture
def clerk(lin) -> Client:
    return logged_in(lin)


def draft_of(ground: Ground) -> CollectionForm:
    start = next_version_of(ground.forms["household"])
    return draft_form(township=ground.township, start=start, by=LIN, at=NOON)


def pages_of(ground: Ground) -> list[str]:
    form, check = (
        f"/staff/forms/{draft_of(ground).pk}/",
        Assignment.objects.get(purpose="check", subject__members__isnull=False),
    )
    round_ = f"/staff/rounds/{ground.round.pk}/"
    return [
        "/staff/forms/", "/staff/forms/add/", form, f"{form}preview/",
        f"{form}questions/?section=land", f"{form}questions/?section=land&kind=number",
        f"{form}questions/farms/", f"{form}questions/crops/when/", "/staff/rounds/",
        "/staff/rounds/add/", round_, f"{round_}assign/", f"{round_}assign/{ground.dou.slug}/",
        f"{round_}progress/", f"{round_}checks/", f"{round_}checks/{check.pk}/",
        f"{round_}papers/", f"{round_}papers/{check.subject_id}/",
    ]  # fmt: skip


def test_the_pages_of_collection_are_readable(live_site, ground, clerk):
    assert faults_of(live_site, clerk, pages_of(ground)) == []


def test_a_form_is_built_and_used_without_script(live_site, ground, lin):
    with chromium(live_site, script=False) as page:
        page.goto("/staff/forms/")
        page.get_by_label("账号").fill(lin.username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("link", name="起草一张表").click()
        page.get_by_label("空白表", exact=True).check()
        page.get_by_label("空白表的名称").fill("春耕小表")
        page.get_by_role("button", name="起草这张表").click()
        page.get_by_label("加一节").fill("春耕")
        page.get_by_role("button", name="加这一节").click()
        page.get_by_role("link", name="加一个问题").click()
        page.get_by_role("link", name="数字").click()
        page.get_by_label("问什么").fill("今年种多少地")
        page.get_by_label("单位").fill("亩")
        page.get_by_role("button", name="加这个问题").click()
        page.get_by_role("button", name="启用这一版").click()
        expect(page.get_by_text("这一版启用了")).to_be_visible()
    used = CollectionForm.objects.get(title="春耕小表")
    assert used.state == "in_use"
    assert used.content["sections"][0]["questions"][0]["label"] == "今年种多少地"
