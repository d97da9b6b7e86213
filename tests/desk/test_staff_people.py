"""Persons and places at the staff pages: everybody finds the own ones and no other."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Invitation, User
from tests.desk.staffing_stage import newcomer, open_town
from tests.factories import (
    NOON,
    PASSWORD,
    make_person,
    make_posting,
    make_unit,
    make_user,
)
from trail.models import AuditEvent
from villages.models import Person, Unit

LISTED = re.compile(r'href="/staff/people/(\d+)/">')
NEXT = re.compile(r'name="(?:next|csrfmiddlewaretoken)" value="[^"]*"')


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def town(db):
    return open_town()


def listed(town, who: str, query: str = "") -> set[int]:
    return {int(pk) for pk in LISTED.findall(town.get(who, f"/staff/people/{query}"))}


def test_the_list_is_exactly_the_persons_in_scope(town):
    ours = {town.users[name].person_id for name in ("lin", "zhao", "sun", "wen")}
    assert listed(town, "lin") == ours
    assert listed(town, "wen") == {town.users["wen"].person_id}
    assert listed(town, "qian") == {town.users["qian"].person_id}


def test_the_list_is_narrowed_by_name_place_post_and_standing(town):
    past = make_person(name="林从前")
    make_posting(person=past, village=town.village, to_on="2026-02-01")
    fresh = newcomer(town)
    people = {name: user.person_id for name, user in town.users.items()}
    assert listed(town, "lin", "?name=林") == {people["lin"], past.pk}
    assert listed(town, "lin", f"?place={town.village.slug}") == {people["wen"], past.pk}
    assert listed(town, "lin", "?role=village_clerk&standing=now") == {people["wen"]}
    assert listed(town, "lin", "?standing=past") == {past.pk}
    assert listed(town, "lin", "?standing=never") == {fresh.pk}
    assert listed(town, "lin", f"?place={town.elsewhere.slug}") == set()
    assert listed(town, "qian", "?standing=never") == set()


def test_the_list_asks_as_often_for_many_as_for_few(town):
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            town.get("lin", "/staff/people/")
        return len(asked)

    few = count()
    for number in range(30):
        make_posting(person=make_person(name=f"采集员{number}"), village=town.village)
    assert count() == few


@pytest.mark.parametrize("page", ["", "edit/", "grant/"])
def test_a_person_elsewhere_is_as_absent_as_none(town, page):
    bodies = set()
    for who, pk in (
        ("qian", town.users["lin"].person_id),
        ("lin", town.users["qian"].person_id),
        ("lin", 10**17),
    ):
        bodies.add(NEXT.sub("", town.get(who, f"/staff/people/{pk}/{page}", 404)))
    assert len(bodies) == 1


def test_a_village_clerk_reads_and_changes_nothing(town):
    own = town.users["wen"].person_id
    page = town.get("wen", f"/staff/people/{own}/")
    for word in ("改姓名", "提出任职", "一次性链接", "/end/"):
        assert word not in page
    assert "登记一个人" not in town.get("wen", "/staff/people/")
    for path in (f"people/{own}/edit/", f"people/{own}/grant/", "people/add/"):
        town.get("wen", f"/staff/{path}", 404)
    town.post("wen", f"/staff/people/{own}/invite/", 404, username="second")
    town.post("wen", f"/staff/villages/{town.village.slug}/units/", 404, kind="grid", name="甲")


def test_who_was_added_is_found_by_that_township_alone(town):
    town.post("lin", "/staff/people/add/", name="新来的", phone="13812345678")
    added = Person.objects.get(name="新来的")
    page = town.get("lin", f"/staff/people/{added.pk}/")
    assert "138****5678" in page
    assert "13812345678" not in page
    assert "还没有账号" in page
    town.get("qian", f"/staff/people/{added.pk}/", 404)
    assert added.pk not in listed(town, "wen")
    assert AuditEvent.objects.filter(what="villages.people_added").count() == 1


def test_a_made_up_township_adds_nobody(town):
    code = town.elsewhere.township.code
    town.post("lin", "/staff/people/add/", 404, name="新来的", township=code)
    assert not Person.objects.filter(name="新来的").exists()


def test_a_name_is_mended_and_an_empty_phone_stays(town):
    person = newcomer(town)
    person.phone = "13812345678"
    person.save()
    address = f"/staff/people/{person.pk}/edit/"
    assert "13812345678" not in town.get("lin", address)
    town.post("lin", address, name="王新来", phone="")
    person.refresh_from_db()
    assert (person.name, person.phone) == ("王新来", "13812345678")
    assert "电话只写数字" in town.post("lin", address, name="王新来", phone="不知道")


def test_t14_who_also_serves_elsewhere_is_changed_by_neither_clerk(town):
    """A clerk could open a log-in with the powers of another township."""
    person = town.person("wen")
    make_posting(person=person, role="township_administrator", township=town.elsewhere.township)
    page = town.get("lin", f"/staff/people/{person.pk}/")
    assert "一次性链接" not in page
    assert "改姓名" not in page
    town.get("lin", f"/staff/people/{person.pk}/edit/", 404)
    town.post("lin", f"/staff/people/{person.pk}/invite/", 404, username="second")
    assert not Invitation.objects.exists()


def test_an_invitation_is_shown_once_with_its_code_and_opens_the_log_in(town, client):
    person = newcomer(town)
    page = town.post("lin", f"/staff/people/{person.pk}/invite/", username="xinlai")
    (link,) = re.findall(r"https?://[^<\s]+(/staff/invite/[^<\s]+)", page)
    assert "data:image/svg+xml;base64," in page
    assert link not in town.get("lin", f"/staff/people/{person.pk}/")
    told = {"password": PASSWORD, "again": PASSWORD}
    assert client.post(link, told).status_code == 200
    assert User.objects.get(username="xinlai").person == person
    assert "xinlai" in town.get("lin", f"/staff/people/{person.pk}/")


@pytest.mark.parametrize(
    ("name", "told"), [("", "请填账号"), ("大写", "小写字母"), ("taken", "已经有人用了")]
)
def test_an_unfit_log_in_name_is_told(town, name, told):
    make_user(username="taken")
    person = newcomer(town)
    answer = town.clients["lin"].post(f"/staff/people/{person.pk}/invite/", {"username": name})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Invitation.objects.exists()


def test_only_who_manages_log_ins_sees_their_names(town):
    username = town.users["wen"].username
    own = f"/staff/people/{town.users['wen'].person_id}/"
    assert username in town.get("lin", own)
    assert username in town.get("sun", own)
    assert username not in town.get("wen", own)


def test_a_unit_is_set_up_and_renamed_on_the_page_of_the_village(town):
    address = f"/staff/villages/{town.village.slug}/units/"
    town.post("lin", address, kind="grid", name="第一网格")
    unit = Unit.objects.get(village=town.village, name="第一网格")
    assert "第二网格" in town.post("lin", address, unit=unit.pk, name="第二网格")
    assert "已经有叫" in town.post("lin", address, kind="grid", name="第二网格")
    assert "请填名称" in town.post("lin", address, kind="grid", name="")
    assert "请选类型" in town.post("lin", address, kind="", name="甲")


def test_a_unit_of_another_village_is_not_renamed(town):
    other = make_unit(village=town.sister, name="1组")
    address = f"/staff/villages/{town.village.slug}/units/"
    for number in (other.pk, 10**17, "x"):
        town.post("lin", address, 404, unit=number, name="改了")
    other.refresh_from_db()
    assert other.name == "1组"


@pytest.mark.parametrize("page", ["villages/{}/", "townships/{}/"])
def test_places_elsewhere_are_as_absent_as_none(town, page):
    place = town.elsewhere
    key, none = (place.slug, "nowhere") if "villages" in page else (place.township.code, "9" * 9)
    bodies = {NEXT.sub("", town.get("lin", f"/staff/{page.format(k)}", 404)) for k in (key, none)}
    assert len(bodies) == 1
    town.get("qian", f"/staff/{page.format(key)}")


def test_the_places_are_those_in_scope(town):
    page = town.get("lin", "/staff/villages/")
    assert town.township.name in page
    assert town.village.name in page
    assert town.elsewhere.name not in page
    assert town.sister.name not in town.get("wen", "/staff/villages/")
    page = town.get("lin", f"/staff/townships/{town.township.code}/")
    assert town.village.name in page


def test_every_role_is_read_in_sentences_by_who_logs_in(town, client):
    page = town.get("wen", "/staff/roles/")
    for words in ("村文书", "审计管理员", "提出锁定月份", "账本停用以后签字确认"):
        assert words in page
    assert client.get("/staff/roles/").status_code == 302


def test_t14_a_clerk_touches_neither_log_in_nor_post_of_who_confirms_posts(town):
    """With a log-in of the administrator a clerk would be both persons."""
    zhao = town.person("zhao")
    posting = zhao.postings.get()
    page = town.get("lin", f"/staff/people/{zhao.pk}/")
    assert "生成一次性链接" not in page
    assert "停用账号" not in page
    assert "/end/" not in page
    log_in = f"/staff/people/{zhao.pk}/log-ins/{town.users['zhao'].pk}/"
    for act in ("suspend", "resume", "end", "reset"):
        town.post("lin", log_in, 404, act=act)
    town.post("lin", f"/staff/postings/{posting.pk}/end/", 404, when="now")
    assert not Invitation.objects.exists()
    assert "停用账号" in town.get("sun", f"/staff/people/{zhao.pk}/")
    town.post("sun", f"/staff/postings/{posting.pk}/end/", when="now")
    posting.refresh_from_db()
    assert posting.ended_at == NOON
