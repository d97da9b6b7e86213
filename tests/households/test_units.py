"""R01: groups, grids and service areas change; every household keeps its history and its name."""

import pytest

from households.errors import NoSuchGroup, NumberTaken
from households.models import FileChange, Placement, Subject
from households.operations import units
from households.operations.files.keeping import When
from households.queries import units as found
from households.queries.files import placed_in
from tests.factories import (
    NOON,
    make_actor,
    make_household,
    make_person,
    make_township,
    make_unit,
    make_village,
)
from trail.clock import business_date
from trail.models import AuditEvent
from villages.models import Post, Posting, Unit
from villages.operations import places

TODAY = When(business_date(NOON), "两组合并")
DONE = {"when": TODAY, "at": NOON}


class Lane:
    def __init__(self) -> None:
        self.village = make_village(township=make_township())
        self.one = make_unit(village=self.village, name="1组")
        self.two = make_unit(village=self.village, name="2组")
        self.grid = make_unit(village=self.village, name="东网格", kind=Unit.Kind.GRID)
        self.west = make_unit(village=self.village, name="西网格", kind=Unit.Kind.GRID)
        self.homes = [self.home(self.one, f"{n:03}") for n in range(1, 4)]
        self.by = make_actor()

    def home(self, unit: Unit, number: str) -> Subject:
        return make_household(village=self.village, unit=unit, number=number)

    def ids(self) -> list[int]:
        return [home.pk for home in self.homes]

    def numbers(self, unit: Unit) -> list[str]:
        return [one.number for one in found.files_in(unit)]


@pytest.fixture
def lane(db) -> Lane:
    return Lane()


def test_a_group_joined_to_another_leaves_its_households_there_and_its_name_free(lane):
    lane.home(lane.two, "100")
    moved = units.merge_units(unit=lane.one, into=lane.two, by=lane.by, **DONE)
    assert moved == 3
    assert lane.numbers(lane.two) == ["001", "002", "003", "100"]
    lane.one.refresh_from_db()
    assert lane.one.closed_on == TODAY.on
    assert lane.one.name == "1组（2026-11-01并入2组）"
    assert FileChange.objects.filter(kind="renumbered", note="两组合并").count() == 3
    assert AuditEvent.objects.filter(what="households.units_merged").count() == 1
    places.add_unit(village=lane.village, kind=Unit.Kind.GROUP, name="1组", by=lane.by, at=NOON)


def test_two_households_never_share_group_and_number(lane):
    lane.home(lane.two, "2")
    with pytest.raises(NumberTaken) as refusal:
        units.merge_units(unit=lane.one, into=lane.two, by=lane.by, **DONE)
    assert "002" in str(refusal.value)
    lane.one.refresh_from_db()
    assert lane.one.closed_on is None
    assert lane.numbers(lane.one) == ["001", "002", "003"]


def test_a_group_is_divided_into_a_new_one(lane):
    fresh = units.split_unit(
        unit=lane.one, name="3组", subject_ids=lane.ids()[:2], by=lane.by, **DONE
    )
    assert (lane.numbers(fresh), lane.numbers(lane.one)) == (["001", "002"], ["003"])
    with pytest.raises(places.UnitNameTaken):
        units.split_unit(unit=lane.one, name="2组", subject_ids=lane.ids()[2:], by=lane.by, **DONE)


def test_households_move_to_another_group(lane):
    assert units.move_households(unit=lane.two, subject_ids=lane.ids()[:1], by=lane.by, **DONE) == 1
    assert lane.numbers(lane.two) == ["001"]
    with pytest.raises(NoSuchGroup):
        units.move_households(unit=lane.grid, subject_ids=lane.ids(), by=lane.by, **DONE)


def test_nets_lie_over_the_groups_one_of_each_kind(lane):
    area = make_unit(village=lane.village, name="广场", kind=Unit.Kind.SERVICE_AREA)
    for unit in (lane.grid, area, lane.west):
        units.place(unit=unit, subject_ids=lane.ids()[:2], by=lane.by, at=NOON)
    assert {row.kind: row.unit.name for row in placed_in(lane.homes[0])} == {
        "grid": "西网格",
        "service_area": "广场",
    }
    assert lane.numbers(lane.grid) == []
    assert lane.numbers(lane.one) == ["001", "002", "003"]
    with pytest.raises(NoSuchGroup):
        units.place(unit=lane.one, subject_ids=lane.ids(), by=lane.by, at=NOON)


def test_overlapping_nets_become_one(lane):
    units.place(unit=lane.grid, subject_ids=lane.ids()[:2], by=lane.by, at=NOON)
    units.place(unit=lane.west, subject_ids=lane.ids()[2:], by=lane.by, at=NOON)
    assert units.merge_units(unit=lane.west, into=lane.grid, by=lane.by, **DONE) == 1
    assert lane.numbers(lane.grid) == ["001", "002", "003"]
    assert not Placement.objects.filter(unit=lane.west).exists()
    assert [one.unit.name for one in found.counted(village_id=lane.village.pk)] == [
        "东网格",
        "1组",
        "2组",
    ]


def test_a_unit_somebody_serves_in_is_not_joined_or_closed(lane):
    Posting.objects.create(
        person=make_person(name="陈勇"),
        post=Post.objects.get(code="grid_head"),
        township=lane.village.township,
        village=lane.village,
        unit=lane.two,
        from_on=TODAY.on,
    )
    with pytest.raises(units.UnitStillServed, match="陈勇"):
        units.merge_units(unit=lane.two, into=lane.one, by=lane.by, **DONE)
    with pytest.raises(units.UnitStillServed):
        units.close_unit(unit=lane.two, by=lane.by, **DONE)


def test_only_an_empty_unit_is_closed(lane):
    with pytest.raises(units.NothingChosen):
        units.close_unit(unit=lane.one, by=lane.by, **DONE)
    units.close_unit(unit=lane.two, by=lane.by, **DONE)
    assert [unit.name for unit in found.siblings(lane.one)] == []


def test_i05_nothing_crosses_into_another_village(lane):
    other = make_village(township=lane.village.township, name="刘庄村", number=201)
    theirs = make_household(village=other)
    with pytest.raises(units.NothingChosen):
        units.place(unit=lane.grid, subject_ids=[theirs.pk], by=lane.by, at=NOON)
    with pytest.raises(NoSuchGroup):
        units.merge_units(unit=lane.one, into=theirs.unit, by=lane.by, **DONE)


def test_a_micro_grid_lies_in_a_grid_of_its_village(lane):
    micro = make_unit(village=lane.village, name="一排", kind=Unit.Kind.MICRO_GRID)
    places.put_unit_in(unit=micro, parent=lane.grid, by=lane.by, at=NOON)
    micro.refresh_from_db()
    assert micro.parent == lane.grid
    with pytest.raises(places.UnitIsAbove):
        places.put_unit_in(unit=micro, parent=lane.one, by=lane.by, at=NOON)
    with pytest.raises(places.UnitIsAbove):
        places.put_unit_in(unit=lane.grid, parent=lane.west, by=lane.by, at=NOON)
