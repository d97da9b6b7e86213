"""Who waits for a consent, what may be doubled, and a new file."""

from datetime import date

import pytest

from households import digests
from households.models import Member, Subject
from households.operations.searching import keep_found
from tests.desk.staff_stage import logged_in
from tests.factories import (
    NOON,
    make_household,
    make_id_number,
    make_member,
    make_staff,
    make_township,
    make_unit,
    make_village,
)

BASE = "/staff/households/"


@pytest.fixture
def villages(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    township = make_township()
    return [
        make_village(township=township, name=name, number=number)
        for name, number in (("窦庄村", 201), ("刘庄村", 202))
    ]


@pytest.fixture
def lin(villages):
    return logged_in(
        make_staff(name="林经办", role="township_clerk", township=villages[0].township)
    )


def child(village, name: str, born: date = date(2018, 6, 1), **more) -> Member:
    found = make_member(household=make_household(village=village, **more), name=name)
    Member.objects.filter(pk=found.pk).update(
        state=Member.State.AWAITING_CONSENT, birth_on=born, relation="孙子"
    )
    return found


def test_the_due_list_has_who_waits_and_admits_with_a_consent(villages, lin):
    first, grown = child(villages[0], "张小宝"), child(villages[1], "李大宝", date(2012, 11, 1))
    text = lin.get(f"{BASE}consents/").content.decode()
    assert "还差 2 个孩子" in text
    assert "已满14周岁，本人同意" in text
    assert "李大宝" not in lin.get(f"{BASE}consents/?village={villages[0].slug}").content.decode()
    home = lin.get(f"{BASE}{first.subject_id}/").content.decode()
    assert "张小宝" not in home
    assert "有 1 个孩子等监护人同意" in home
    for one in (first, grown):
        address = f"{BASE}{one.subject_id}/people/{one.pk}/admit/"
        typed = {"on": "2026-11-01", "channel": "paper", "sure": "1"}
        assert "已经办好" in lin.post(address, typed, follow=True).content.decode()
    assert "没有等同意的孩子" in lin.get(f"{BASE}consents/").content.decode()
    assert "张小宝" in lin.get(f"{BASE}{first.subject_id}/").content.decode()


def with_id(member: Member, number: str) -> None:
    Member.objects.filter(pk=member.pk).update(id_hmac=digests.of_id(number))


def test_what_may_be_doubled_is_listed_and_leads_to_the_preview(villages, lin):
    here, there = villages
    number = make_id_number()
    for village in villages:
        with_id(make_member(household=make_household(village=village), name="赵两地"), number)
    for name in ("008", "009"):
        twin = make_member(household=make_household(village=here, number=name), name="钱双生")
        Member.objects.filter(pk=twin.pk).update(birth_on=date(1980, 3, 5))
    alike = [
        make_household(
            village=here, number="066", name=name, unit=make_unit(village=here, name=unit)
        )
        for name, unit in (("孙三", "1组"), ("孙珊", "2组"))
    ]
    make_household(village=there, number="066", name="孙珊")
    for village in villages:
        ids = Subject.objects.filter(village=village).values_list("pk", flat=True)
        keep_found(village_id=village.pk, subject_ids=list(ids))
    text = lin.get(f"{BASE}duplicates/").content.decode()
    for words in ("身份证号相同", "赵两地", "钱双生", "户号相同", "孙三、孙珊", "共 3 处"):
        assert words in text
    assert number not in text
    preview = f"{BASE}{alike[1].pk}/acts/merge/?place="
    assert preview in text
    assert 'value="1组066"' in lin.get(f"{preview}1组066").content.decode()
    assert "孙三" not in lin.get(f"{BASE}duplicates/?village={there.slug}").content.decode()


def test_duplicates_and_due_list_take_the_same_queries_for_many(
    villages, lin, django_assert_max_num_queries
):
    def queries(path: str) -> int:
        with django_assert_max_num_queries(60) as seen:
            assert lin.get(BASE + path).status_code == 200
        return len(seen)

    def settle(count: int) -> None:
        for order in range(count):
            for _pair in range(2):
                twin = make_member(household=make_household(village=villages[0]), name=f"甲{order}")
                Member.objects.filter(pk=twin.pk).update(birth_on=date(1980, 3, 5))
            child(villages[0], f"乙{order}")

    settle(3)
    few = [queries("duplicates/"), queries("consents/"), queries("")]
    settle(300)
    assert [queries("duplicates/"), queries("consents/"), queries("")] == few


def test_a_file_is_opened_for_each_kind(villages, lin):
    address = f"{BASE}add/?village={villages[1].slug}"
    typed = {"kind": "operator", "number": "J1", "name": "刘庄农机合作社"}
    assert "已经建档" in lin.post(address, typed, follow=True).content.decode()
    group = make_unit(village=villages[1])
    home = {"kind": "household", "unit": group.pk, "number": "012", "name": "刘一"}
    lin.post(address, home)
    assert str(Subject.objects.select_related("unit").get(name="刘一")) == "1组·012户 刘一"
    again = lin.post(address, {**home, "number": "12"})
    assert again.status_code == 409
    assert "请换一个号" in again.content.decode()
    assert [one.kind for one in Subject.objects.filter(village=villages[1]).order_by("pk")] == [
        "operator", "household",
    ]  # fmt: skip
    tab = lin.get(f"{BASE}?kind=operator").content.decode()
    assert "刘庄农机合作社" in tab
    assert "刘一" not in tab


def test_who_only_reads_finds_none_of_it(villages):
    client = logged_in(make_staff(name="审计", role="auditor", village=villages[0]))
    for path in ("consents/", "duplicates/", "add/"):
        assert client.get(BASE + path).status_code == 404
