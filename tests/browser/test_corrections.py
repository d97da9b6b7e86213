"""A closed month corrected in a real Chromium by two persons, without script; and its pages."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from notices import operations as notices
from notices.models import Notice
from scoring.operations import publishing
from tests.browser.seen import sees
from tests.browser.test_month_close import Person, faults_of
from tests.browser.test_public_pages import chromium
from tests.desk.staff_stage import Office, logged_in, open_office
from tests.factories import make_household, make_staff
from trail import clock

pytestmark = pytest.mark.browser


@pytest.fixture
def office(live_site: str) -> Office:
    """October is closed and on show; Sun is the clerk of the township."""
    office = open_office()
    for number in range(20):
        household = make_household(village=office.stage.village, number=f"9{number:02}")
        office.stage.enter(5, home=household)
    township = office.stage.village.township
    office.people["sun"] = make_staff(name="孙经办", role="township_clerk", township=township)
    office.stage.close("2026-10")
    notice = office.notice()
    by, second, at = office.stage.clerk, office.stage.second, clock.now()
    proposal = publishing.propose(notice=notice, by=by, at=at)
    publishing.approve(notice=notice, proposal=proposal, publish_on=clock.today(), by=second, at=at)
    notices.publish(notice=notice, at=at)
    return office


def said(sun: Person, office: Office) -> None:
    """Sun says what was wrong and checks it."""
    sun.page.goto(office.base)
    sun.follow("更正这个月")
    sun.page.get_by_label("要更正哪一户").fill(office.stage.home.number)
    sun.press("看这户的记账")
    line = sun.page.get_by_role("row").filter(has_text="加8分")
    line.get_by_role("checkbox").check()
    line.get_by_label("应该是几分").fill("6")
    sun.page.get_by_label("为什么更正").fill("多记了2分")
    sun.press("下一步：核对")


def follow_due(person: Person, words: str) -> None:
    person.page.goto("/staff/")
    person.follow(words)


def test_i20_i21_two_persons_correct_and_publish_without_script(live_site, office):
    with chromium(live_site, script=False) as screen:
        other = screen.context.browser.new_context(base_url=live_site, java_script_enabled=False)
        sun = Person(screen, office.people["sun"].username)
        wei = Person(other.new_page(), office.people["wei"].username)
        said(sun, office)
        sees(sun.page, "加8分 → 改为加6分")
        sun.press("提出更正")
        follow_due(wei, "等您确认更正")
        sees(wei.page, "多记了2分")
        wei.press("确认更正")
        sees(wei.page, "没有发现完整姓名、身份证、手机号")
        follow_due(sun, "出公示：")
        sun.press("提出公布这份公示")
        follow_due(wei, "等您确认公布")
        wei.press("公布这份公示")
    assert notices.publish_due(at=clock.now()) == 1
    notice = Notice.objects.latest("pk")
    address = f"/v/{office.stage.village.slug}/n/"
    with chromium(live_site, script=False) as reader:
        reader.goto(f"{address}{notice.number}/")
        assert "加13分 → 改为加11分" in " ".join(reader.inner_text("main").split())
        reader.goto(f"{address}2026-10-points-1/")
        reader.get_by_role("link", name="的更正公示").first.click()
        assert reader.url.endswith(f"/{notice.number}/")


def test_the_pages_of_a_correction_are_readable_in_every_state(live_site, office):
    home, page = office.stage.home.number, f"{office.base}correct/"
    sun: Client = logged_in(office.people["sun"])
    entry = office.stage.home.entries.get(points=8).pk
    fields = {"household": home, "reason": "多记了2分", f"entry_{entry}": "1"}
    found = faults_of(live_site, sun, [page, f"{page}?household={home}", f"{page}?household=9"])
    office.act("correct/", sun, act="propose", **fields, **{f"new_{entry}": 6})
    found += faults_of(live_site, sun, [page])
    found += faults_of(live_site, office.wei, ["/staff/", page])
    number = office.proposal("correct/")
    office.act("correct/", office.wei, act="refuse", proposal=number, reason="没有记错")
    found += faults_of(live_site, sun, [page])
    office.act("correct/", sun, act="propose", **fields, **{f"new_{entry}": 7})
    office.act("correct/", office.wei, act="approve", proposal=office.proposal("correct/"))
    found += faults_of(live_site, sun, [page, f"{page}notice/", "/staff/"])
    assert found == []


def test_what_is_checked_and_what_is_unfit_can_be_read_on_a_phone(live_site, office):
    with chromium(live_site, width=360, script=False) as screen:
        sun = Person(screen, office.people["sun"].username)
        sun.page.goto(f"{office.base}correct/?household={office.stage.home.number}")
        sun.page.get_by_role("checkbox").first.check()
        sun.page.get_by_label("应该是几分").first.fill("一")
        sun.page.get_by_label("为什么更正").fill("多记了")
        sun.press("下一步：核对")
        expect(sun.page.get_by_role("alert")).to_contain_text("分数请写成整数", use_inner_text=True)
        expect(sun.page.get_by_role("checkbox").first).to_be_checked()
        expect(sun.page.get_by_label("应该是几分").first).to_have_value("一")
