"""Files of households for staff: scope, masks, one number for one reason."""

from dataclasses import dataclass

import pytest
from django.test import Client

from households import digests
from households.models import Member, Subject
from tests.databases import TRANSACTION
from tests.desk.staff_stage import logged_in
from tests.factories import (
    make_household,
    make_id_number,
    make_member,
    make_person,
    make_posting,
    make_staff,
    make_township,
    make_unit,
    make_village,
)
from trail.models import AuditEvent
from villages.models import Village

PHONE = "13812345678"
ID_NUMBER = make_id_number()


@dataclass
class Street:
    """A household with one member, a neighbour's, one elsewhere; Lin is the clerk."""

    village: Village
    home: Subject
    member: Member
    other: Subject
    other_member: Member
    lin: Client

    def reveal(self, field: str = "phone") -> str:
        return f"/staff/households/{self.home.pk}/members/{self.member.pk}/{field}/"


@pytest.fixture
def street(db) -> Street:
    township = make_township()
    mine = make_village(township=township, name="窦庄村", number=201)
    theirs = make_village(township=township, name="刘庄村", number=202)
    home = make_household(village=mine, number="001", name="张三")
    member = make_member(household=home, phone=PHONE, id_number=ID_NUMBER)
    other = make_household(village=theirs, number="009", name="李四")
    other_member = make_member(household=other, name="李四", phone=PHONE)
    lin = logged_in(make_staff(name="林文书", role="village_clerk", village=mine))
    return Street(mine, home, member, other, other_member, lin)


def found(client: Client, **asked) -> list[int]:
    response = client.get("/staff/households/", asked)
    assert response.status_code == 200
    return [subject.pk for subject in response.context["page"]]


def test_files_are_found_by_number_group_name_and_village_inside_the_scope(street):
    group = make_unit(village=street.village, name="12组")
    second = make_household(village=street.village, unit=group, number="002", name="赵六")
    assert found(street.lin) == [street.home.pk, second.pk]
    assert found(street.lin, q="002") == [second.pk]
    assert found(street.lin, q="12组") == [second.pk]
    assert found(street.lin, q="张") == [street.home.pk]
    assert found(street.lin, q="李四") == []
    assert found(street.lin, village=street.other.village_id) == []


def test_list_takes_the_same_queries_for_many(street, django_assert_max_num_queries):
    for number in range(60):
        make_household(village=street.village, number=f"x{number}")
    with django_assert_max_num_queries(11 + TRANSACTION):
        assert len(found(street.lin)) == 50


def test_a_file_shows_its_members_with_masked_numbers(street):
    text = street.lin.get(f"/staff/households/{street.home.pk}/").content.decode()
    assert "张三" in text
    assert "138****5678" in text
    assert "*" * 14 + ID_NUMBER[-4:] in text
    assert PHONE not in text
    assert ID_NUMBER not in text


def test_a_file_of_a_neighbour_is_as_absent_as_none(street):
    numbers = (street.other.pk, 10**9)
    for number in numbers:
        assert street.lin.get(f"/staff/households/{number}/").status_code == 404
        address = f"/staff/households/{number}/members/{street.other_member.pk}/phone/"
        assert street.lin.post(address, {"reason": "asked"}).status_code == 404
    crossed = f"/staff/households/{street.home.pk}/members/{street.other_member.pk}/phone/"
    assert street.lin.post(crossed, {"reason": "asked"}).status_code == 404
    assert AuditEvent.objects.filter(what="households.number_revealed").count() == 0


@pytest.mark.parametrize(("field", "number"), [("phone", PHONE), ("id_number", ID_NUMBER)])
def test_a_number_is_shown_once_for_a_reason_with_one_event_without_it(street, field, number):
    assert number not in street.lin.get(street.reveal(field)).content.decode()
    answer = street.lin.post(street.reveal(field), {"reason": "contact", "note": "通知开会"})
    assert number in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    event = AuditEvent.objects.get(what="households.number_revealed")
    assert event.about == f"households.subject:{street.home.pk}"
    assert event.village_id == street.village.pk
    assert event.detail == {
        "member": street.member.pk,
        "field": field,
        "reason": "contact",
        "note": "通知开会",
    }
    text = street.lin.get(f"/staff/households/{street.home.pk}/").content.decode()
    assert "林文书以村文书身份查看完整号码" in text
    assert number not in text


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"reason": "curious"},
        {"reason": "other"},
        {"reason": "asked", "note": f"号码{PHONE}"},
        {"reason": "asked", "note": "长" * 101},
    ],
)
def test_without_a_reason_that_will_do_nothing_is_shown_and_nothing_recorded(street, typed):
    answer = street.lin.post(street.reveal(), typed)
    assert answer.status_code == 400
    assert "有问题" in answer.content.decode()
    assert 'class="print"' not in answer.content.decode()
    assert AuditEvent.objects.filter(what="households.number_revealed").count() == 0


@pytest.mark.parametrize("role", ["auditor", "committee_member", "county_administrator"])
def test_who_reads_the_register_without_that_right_is_shown_no_number(street, role):
    client = logged_in(make_staff(name="某人", role=role, village=street.village))
    text = client.get(f"/staff/households/{street.home.pk}/").content.decode()
    assert "138****5678" in text
    assert "查看完整号码" not in text
    assert client.post(street.reveal(), {"reason": "asked"}).status_code == 404


def test_who_may_not_read_the_register_finds_no_such_pages(street):
    client = logged_in(make_staff(name="商户", role="merchant", village=street.village))
    assert client.get("/staff/households/").status_code == 404
    assert client.get(f"/staff/households/{street.home.pk}/").status_code == 404


def test_what_no_page_sends_is_no_fault_of_the_site(street):
    for address in (f"/staff/households/{'9' * 30}/", f"/staff/people/{'9' * 30}/phone/"):
        assert street.lin.get(address).status_code == 404
    assert found(street.lin, village="9" * 30) == [street.home.pk]


def test_an_unknown_field_or_an_empty_one_is_no_page(street):
    assert street.lin.get(street.reveal("name")).status_code == 404
    empty = make_member(household=street.home, name="张小")
    address = f"/staff/households/{street.home.pk}/members/{empty.pk}/phone/"
    assert street.lin.get(address).status_code == 404


def test_the_phone_of_a_colleague_is_shown_the_same_way(street):
    wei = make_person(name="魏主任", phone=PHONE)
    address = f"/staff/people/{wei.pk}/phone/"
    assert street.lin.get(address).status_code == 404
    make_posting(person=wei, role="committee_member", village=street.village)
    assert PHONE not in street.lin.get(address).content.decode()
    assert PHONE in street.lin.post(address, {"reason": "contact"}).content.decode()
    event = AuditEvent.objects.get(what="villages.phone_revealed")
    assert (event.about, event.village_id) == (f"villages.person:{wei.pk}", street.village.pk)
    assert PHONE not in str(event.detail)


def test_the_records_desk_leads_to_the_file(street):
    text = street.lin.get(f"/admin/households/member/{street.member.pk}/change/").content.decode()
    assert f"/staff/households/{street.home.pk}/" in text


def find(client: Client, typed: str):
    return client.post("/staff/households/find/", {"q": typed})


def test_a_name_leads_to_the_list_and_a_number_stands_in_no_address(street):
    member = Member.objects.get(pk=street.member.pk)
    member.phone_tail_hmac, member.id_hmac = digests.of_phone_tail(PHONE), digests.of_id(ID_NUMBER)
    member.save()
    assert find(street.lin, "张 三")["Location"] == "/staff/households/?q=%E5%BC%A0+%E4%B8%89"
    for typed in (PHONE[-4:], ID_NUMBER):
        answer = find(street.lin, typed)
        assert answer.status_code == 200
        assert "按号码查到 1 户" in answer.content.decode()
        assert typed not in answer.content.decode()
    assert "没有登记这个号码的人" in find(street.lin, "13900000000").content.decode()
    events = AuditEvent.objects.filter(what="households.number_looked_up").order_by("pk")
    assert [(one.detail["whole"], one.detail["count"]) for one in events] == [
        (False, 1), (True, 1), (True, 0),
    ]  # fmt: skip
    told = street.lin.get("/staff/households/", {"q": ID_NUMBER}).content.decode()
    assert "不要写进网址" in told
