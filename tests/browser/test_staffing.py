"""Persons, posts and places in a real Chromium: readable at every width, usable without script."""

import pytest

from accounts.models import Proposal
from tests.accounts.door import with_codes
from tests.browser.seen import sees
from tests.browser.test_month_close import faults_of
from tests.browser.test_public_pages import chromium
from tests.desk.staffing_stage import Town, newcomer, open_town
from tests.factories import PASSWORD, make_person, make_posting, make_staff, make_unit, make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def town(live_site: str) -> Town:
    return open_town()


def test_the_pages_of_persons_and_places_are_readable(live_site, town):
    person = newcomer(town)
    person.phone = "13812345678"
    person.save()
    make_user(person=person, username="xinlai")
    for number in range(60):
        make_posting(
            person=make_person(name=f"采集员{number}"), role="collector", village=town.village
        )
    make_posting(person=person, village=town.village, to_on="2026-02-01")
    make_unit(village=town.village, name="1组")
    posting = make_posting(person=person, role="grid_head", village=town.village)
    base = f"/staff/people/{person.pk}/"
    pages = [
        "/staff/", "/staff/people/", "/staff/people/?name=没有这个人", "/staff/people/add/", base,
        f"{base}edit/", f"{base}grant/", f"{base}grant/?place={town.village.slug}",
        f"{base}grant/?place={town.township.code}", f"/staff/postings/{posting.pk}/end/",
        "/staff/villages/", f"/staff/villages/{town.village.slug}/",
        f"/staff/townships/{town.township.code}/", "/staff/roles/",
    ]  # fmt: skip
    assert faults_of(live_site, town.clients["lin"], pages) == []


def test_the_pages_of_log_ins_are_readable(live_site, town):
    """A log-in with codes, one that is off, and a link that takes two persons, asked and agreed."""
    wei = make_staff(name="魏监督", role="supervision_member", village=town.village)
    with_codes(town.users["wen"])
    off = make_user(person=wei.person, username="weijiandu")
    person = f"/staff/people/{wei.person_id}/"
    town.post("lin", f"{person}log-ins/{off.pk}/", act="suspend")
    town.post("lin", f"{person}invite/", username="weijiandu", because="忘了密码")
    proposal = f"/staff/proposals/{Proposal.objects.get().pk}/"
    pages = [person, f"/staff/people/{town.person('wen').pk}/", proposal]
    assert faults_of(live_site, town.clients["sun"], pages) == []
    town.post("zhao", proposal, act="approve")
    assert faults_of(live_site, town.clients["zhao"], [proposal]) == []


def test_two_persons_give_a_post_without_script(live_site, town):
    person = newcomer(town)
    with chromium(live_site, script=False) as page:
        page.goto("/staff/people/")
        page.get_by_label("账号").fill(town.users["lin"].username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("link", name="新来的").click()
        page.get_by_role("link", name="提出任职").click()
        page.get_by_label("乡镇或村").select_option(town.village.slug)
        page.get_by_role("button", name="下一步：选职务").click()
        page.get_by_label("职务", exact=True).select_option("collector")
        page.get_by_label("为什么").fill("村民代表会推荐")
        page.get_by_role("button", name="提出任职").click()
        sees(page, "等第二人")
        address = page.url
    with chromium(live_site, script=False) as page:
        page.goto(address)
        page.get_by_label("账号").fill(town.users["zhao"].username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("button", name="同意").click()
        sees(page, "办好了")
    assert person.postings.get().post.code == "collector"
