"""R01 on pages: a township joins, divides and fills the parts of its villages."""

from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from households.models import Placement, Subject
from tests.desk.staff_stage import logged_in
from tests.factories import NOON, make_household, make_staff, make_township, make_unit, make_village
from villages.models import Unit, Village


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@dataclass
class Lane:
    village: Village
    one: Unit
    two: Unit
    homes: list[Subject]
    clerk: Client
    lin: Client

    def act(self, unit: Unit, act: str, page: str = "", **typed) -> str:
        answer = self.clerk.post(
            f"/staff/units/{unit.pk}/{page}", {"act": act, **typed}, follow=True
        )
        assert answer.status_code in (200, 422), answer
        return answer.content.decode()


@pytest.fixture
def lane(db) -> Lane:
    township = make_township()
    village = make_village(township=township, name="窦庄村", number=201)
    one, two = make_unit(village=village, name="1组"), make_unit(village=village, name="2组")
    homes = [make_household(village=village, unit=one, number=f"00{n}") for n in (1, 2)]
    clerk = make_staff(name="镇经办", role="township_clerk", township=township)
    lin = make_staff(name="林文书", role="village_clerk", village=village)
    return Lane(village, one, two, homes, logged_in(clerk), logged_in(lin))


def test_the_village_says_how_many_live_in_each_part(lane):
    page = lane.clerk.get(f"/staff/villages/{lane.village.slug}/").content.decode()
    assert "村民小组　2 户" in page
    assert "村民小组　0 户" in page


def test_a_group_is_joined_to_another(lane):
    page = lane.act(lane.one, "merge", into=lane.two.pk)
    assert "2户并入了2组" in page
    assert {home.unit_id for home in Subject.objects.all()} == {lane.two.pk}
    assert lane.clerk.get(f"/staff/units/{lane.one.pk}/").status_code == 404


def test_the_same_number_twice_is_told_and_nothing_is_changed(lane):
    make_household(village=lane.village, unit=lane.two, number="002")
    page = lane.act(lane.one, "merge", into=lane.two.pk)
    assert "2组里已经有一样的户号（1个：002）" in page
    assert Subject.objects.filter(unit=lane.one).count() == 2


def test_ticked_households_become_a_group_of_their_own(lane):
    page = lane.act(lane.one, "split", name="3组", subject=[lane.homes[0].pk])
    assert "分出了3组，1户" in page
    assert lane.act(lane.one, "split", name="", subject=[lane.homes[1].pk]).count("请填新片区") == 1
    assert "请勾选" in lane.act(lane.one, "split", name="4组")


def test_a_service_area_is_filled_from_the_groups(lane):
    area = make_unit(village=lane.village, name="广场", kind=Unit.Kind.SERVICE_AREA)
    page = lane.clerk.get(f"/staff/units/{area.pk}/fill/", {"group": lane.one.pk}).content.decode()
    assert page.count('name="subject"') == 2
    page = lane.act(area, "", "fill/", subject=[home.pk for home in lane.homes])
    assert "2户划进来了" in page
    assert Placement.objects.filter(unit=area).count() == 2
    page = lane.clerk.get(f"/staff/units/{area.pk}/fill/", {"group": lane.one.pk}).content.decode()
    assert "这个组没有可以划的户" in page


def test_households_change_their_group(lane):
    page = lane.act(lane.two, "", "fill/", subject=[lane.homes[0].pk])
    assert "1户换到了这个组" in page


def test_an_empty_group_is_closed_and_a_full_one_is_not(lane):
    assert "撤销了" in lane.act(lane.two, "close")
    assert "里还有户" in lane.act(lane.one, "close")


def test_what_is_no_button_and_no_day_is_told(lane):
    assert "请按页面上的按钮办" in lane.act(lane.one, "burn")
    assert "日期请写成" in lane.act(lane.one, "merge", into=lane.two.pk, on="昨天")
    assert "请选一个片区" in lane.act(lane.one, "merge", into="x")


def test_only_the_township_changes_units_and_only_its_own(lane):
    elsewhere = make_village(township=make_township(code="440783104", name="苍城镇"), number=227)
    theirs = make_unit(village=elsewhere)
    assert lane.lin.get(f"/staff/units/{lane.one.pk}/").status_code == 404
    assert lane.clerk.get(f"/staff/units/{theirs.pk}/").status_code == 404
    assert "请选一个片区" in lane.act(lane.one, "merge", into=theirs.pk)


def test_the_page_takes_as_many_queries_for_300_as_for_3(lane):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert lane.clerk.get(f"/staff/units/{lane.one.pk}/").status_code == 200
        return len(asked)

    few = queries()
    Subject.objects.bulk_create(
        Subject(village=lane.village, unit=lane.one, number=f"9{n:03}", name="户", created_at=NOON)
        for n in range(297)
    )
    assert queries() == few
