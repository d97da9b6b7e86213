"""Nobody's village is somebody else's: the list is exact, and the rest does not exist."""

import re

import pytest
from django.test import Client

from tests.desk.staff_stage import MONTH, logged_in, open_office
from tests.factories import NOON, PASSWORD, make_person, make_user

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
PAGES = (
    "", "check/", "review/", "review/entries/?why=over&key=0", "lock/", "notice/", "objections/",
    "archive/",
)  # fmt: skip
LOGIN = "/staff/login/"


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def office(db):
    return open_office()


def test_the_list_is_exactly_what_waits_for_each_person(office):
    def listed(client: Client) -> list[str]:
        page = client.get("/staff/").content.decode()
        found = re.findall(r'<li class="task">\s*<a href="(/staff/[^"]+)">', page)
        heading = re.search(r"今天有 (\d+) 项要办", page)
        months = page.count('<span class="stand">记账中')
        assert int(heading[1]) == len(found) - months
        return found[: int(heading[1])]

    assert listed(office.lin) == [office.base]
    assert listed(office.wei) == []
    assert listed(office.zhao) == []
    office.review()
    office.act("lock/", office.lin, act="propose")
    assert listed(office.lin) == []
    assert listed(office.wei) == [office.base + "lock/"]
    assert listed(office.zhao) == []


@pytest.mark.parametrize("page", PAGES)
def test_another_village_is_as_absent_as_none(office, page):
    own = office.base + page
    neighbour = own.replace(office.stage.village.slug, office.neighbour.village.slug)
    nowhere = own.replace(office.stage.village.slug, "nowhere")
    bodies = set()
    for client, address in (
        (office.zhao, own),
        (office.lin, neighbour),
        (office.lin, nowhere),
        (office.lin, own.replace(MONTH, "2031-01")),
    ):
        answer = client.get(address)
        assert answer.status_code == 404
        bodies.add(re.sub(r'name="next" value="[^"]*"', "", answer.content.decode()))
    assert len(bodies) == 1


@pytest.mark.parametrize("step", ["review/", "lock/", "notice/"])
def test_an_outsider_presses_no_button(office, step):
    for act in ("reviewed", "propose", "approve", "refuse"):
        assert office.zhao.post(office.base + step, {"act": act}).status_code == 404


def test_without_log_in_every_page_leads_to_the_door(office):
    for page in PAGES:
        answer = Client().get(office.base + page)
        assert answer.status_code == 302
        assert answer.url.startswith(LOGIN)


def test_a_post_without_its_token_is_refused(office):
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.people["lin"])
    assert client.post(office.base + "lock/", {"act": "propose"}).status_code == 403


def test_somebody_without_a_posting_is_told_so(db):
    page = logged_in(make_user(person=make_person(name="没有任职"))).get("/staff/")
    assert "您的账号还没有任职" in page.content.decode()


def log_in(username: str, password: str = PASSWORD, **more: str):
    return Client().post(LOGIN, {"login": username, "password": password, **more})


def test_a_password_opens_the_door_and_leads_on(office):
    name = office.people["lin"].username
    assert log_in(name).url == "/staff/"
    assert log_in(name, next=office.base).url == office.base


@pytest.mark.parametrize("away", ["https://example.com/", "//example.com/", "/\\example.com"])
def test_the_door_never_leads_to_another_site(office, away):
    assert log_in(office.people["lin"].username, next=away).url == "/staff/"


@pytest.mark.parametrize(
    ("password", "told"), [("谷雨之后不种豆子", "账号或密码不对"), ("", "请填密码")]
)
def test_a_wrong_password_is_told_and_keeps_the_name(office, password, told):
    name = office.people["lin"].username
    page = log_in(name, password).content.decode()
    assert told in page
    assert f'value="{name}"' in page
    assert "<title>有问题：" in page


def test_leaving_takes_a_button(office):
    assert "退出" in office.lin.get("/staff/logout/").content.decode()
    assert office.lin.get("/staff/").status_code == 200
    assert office.lin.post("/staff/logout/").url == LOGIN
    assert office.lin.get("/staff/").status_code == 302


def test_pages_are_kept_by_no_cache(office):
    assert "no-store" in office.lin.get(office.base)["Cache-Control"]
