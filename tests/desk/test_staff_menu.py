"""The menu: each role finds every page it may open, within two clicks, and no link that is shut."""

import re

import pytest
from django.http import HttpResponse

from accounts.roles import ROLES, held_in_township
from desk.staff.menu import GROUPS
from jobs.operations import ask
from tests.desk.staff_stage import Office, logged_in, open_office
from tests.factories import NOON, make_household, make_person, make_staff, make_user
from trail import clock

LINK = re.compile(r'<a\b[^>]*href="(/[^"#?]*)')
MENU = re.compile(r'<nav class="menu wide".*?</nav>', re.S)
HERE = re.compile(r'href="([^"]*)" aria-current="page"')
# Leaving ends the visit; the public pages are walked elsewhere.
PLACES = ("/staff/", "/admin/", "/c/")


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def office(db) -> Office:
    return open_office()


def entrusted(office: Office, role: str):
    village = office.stage.village
    place = {"township": village.township} if held_in_township(role) else {"village": village}
    return logged_in(make_staff(name="一个人", role=role, **place))


def links_of(page: HttpResponse) -> set[str]:
    html = page.content.decode() if page["Content-Type"].startswith("text/html") else ""
    return {link for link in LINK.findall(html) if link.startswith(PLACES)}


def links(client, address: str) -> set[str]:
    return links_of(client.get(address))


@pytest.mark.parametrize("role", ROLES)
def test_every_link_a_role_sees_opens(office, role):
    office.review()
    office.act("lock/", office.lin, act="propose")
    client = entrusted(office, role)
    answers: dict[str, HttpResponse] = {}
    to_ask = {"/staff/"}
    for _click in range(3):
        answers |= {address: client.get(address) for address in to_ask}
        to_ask = set().union(*map(links_of, answers.values())) - set(answers)
    assert {"/staff/", "/admin/"} <= set(answers)
    shut = {at: one.status_code for at, one in answers.items() if one.status_code not in (200, 302)}
    assert shut == {}


@pytest.mark.parametrize("role", ROLES)
def test_what_is_open_to_a_role_is_in_its_menu(office, role):
    client = entrusted(office, role)
    addresses = [
        "/staff/", "/staff/proposals/", "/staff/months/", "/staff/households/", "/staff/import/",
        "/staff/people/",
        "/staff/villages/", "/staff/roles/", "/staff/notices/", "/staff/cards/", "/staff/audit/",
        "/staff/exports/", "/staff/jobs/", "/staff/visits/", "/staff/visits/mine/",
        "/staff/rounds/", "/staff/forms/", "/staff/records/", "/staff/links/", "/staff/phones/",
        "/c/", "/admin/",
    ]  # fmt: skip
    assert len(addresses) == sum(len(entries) for _words, entries in GROUPS)
    opened = {address for address in addresses if client.get(address).status_code == 200}
    home = client.get("/staff/").content.decode()
    groups = set(LINK.findall(MENU.search(home)[0]))
    assert opened == {address for address in addresses if address in LINK.findall(home)}
    inside = {link for group in groups for link in links(client, group)}
    assert opened <= groups | inside


def test_the_page_one_is_on_is_marked(office):
    page = office.lin.get("/staff/cards/").content.decode()
    assert HERE.findall(MENU.search(page)[0]) == ["/staff/cards/"]
    assert '<a href="/staff/notices/" aria-current="true">公示和打印</a>' in page
    page = office.text()
    assert HERE.findall(MENU.search(page)[0]) == []
    assert '<a href="/staff/months/" aria-current="true">月份</a>' in page


def test_without_a_posting_there_is_no_menu_to_lead_astray(office):
    stranger = logged_in(make_user(person=make_person(name="没有任职")))
    page = stranger.get("/staff/").content.decode()
    assert LINK.findall(MENU.search(page)[0]) == ["/staff/"]


def test_months_and_notices_are_found_by_village_month_and_state(office):
    clerk = logged_in(
        make_staff(name="镇经办", role="township_clerk", township=office.stage.village.township)
    )
    office.lock()
    own, other = office.stage.village, office.neighbour.village

    def found(query: str) -> set[str]:
        return set(re.findall(r'href="/staff/months/([^"]+)/"', _main(clerk, "months", query)))

    assert found("") == {f"2026-10/{own.slug}", f"2026-10/{other.slug}"}
    assert found(f"?village={own.slug}") == {f"2026-10/{own.slug}"}
    assert found("?state=open") == {f"2026-10/{other.slug}"}
    assert found("?month=2026-09") == set()
    assert found("?month=nonsense&state=nonsense") == found("")
    assert "清除筛选" in _main(clerk, "months", "?month=2026-09")
    assert office.notice().title in _main(clerk, "notices", "?state=draft")
    assert f'href="{office.base}notice/"' in _main(clerk, "notices", "")
    assert "清除筛选" in _main(clerk, "notices", "?state=published")


def _main(client, name: str, query: str) -> str:
    html = client.get(f"/staff/{name}/{query}").content.decode()
    return html.partition("<main")[2]


def test_another_townships_months_and_notices_are_not_listed(office):
    office.lock()
    for name in ("months", "notices"):
        assert office.stage.village.name not in _main(office.zhao, name, "")


def test_the_home_page_asks_as_little_for_many_as_for_few(office, django_assert_max_num_queries):
    home = "/staff/"
    with django_assert_max_num_queries(40) as few:
        office.lin.get(home)
    village = office.stage.village
    for number in range(300):
        ask(
            kind="scoring.seal_ledger", key=str(number), payload={}, asked_by="x",
            at=clock.now(), village_id=village.pk,
        )  # fmt: skip
    for number in range(30):
        office.stage.enter(1, home=make_household(village=village, number=f"7{number:02}"))
    with django_assert_max_num_queries(40) as many:
        office.lin.get(home)
    assert len(many) == len(few)
