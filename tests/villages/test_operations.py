from dataclasses import replace
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from tests.factories import NOON, make_actor, make_person, make_township, make_village
from trail.models import AuditEvent
from villages import operations, slugs
from villages.area_codes import read_places
from villages.management.commands.load_divisions import FIVE_PLACES
from villages.models import Post, Posting, Township, Unit, Village, WorkGroup
from villages.operations import DivisionsLoaded, NewPosting


@pytest.fixture
def five_places():
    return read_places(FIVE_PLACES.read_bytes())


@pytest.fixture
def lin(db):
    return make_actor()


@pytest.fixture
def load(lin):
    return lambda rows: operations.load_divisions(rows=rows, by=lin, at=NOON)


def stored() -> list[tuple]:
    return [
        *Township.objects.order_by("code").values_list(),
        *Village.objects.order_by("code").values_list(),
    ]


def test_load_divisions_stores_the_five_places(load, five_places):
    assert load(five_places) == DivisionsLoaded(
        townships=18, villages=178, added=196, unchanged=0, updated=0
    )
    village = Village.objects.select_related("township").get(code="440783104227")
    assert (village.name, village.official_name, village.slug, village.kind, village.stage) == (
        "下湾村",
        "下湾村委会",
        "xiawan",
        "village",
        "preparing",
    )
    assert (village.township.name, village.township.county) == ("苍城镇", "开平市")
    assert set(
        Village.objects.filter(name__in=["芙蓉社区", "城西村"]).values_list("slug", flat=True)
    ) == {"rongcheng-furong", "jiuhua-furong", "rongcheng-chengxi", "cangcheng-chengxi"}


def test_load_divisions_in_any_order_stores_the_same_slugs(load, five_places):
    load(five_places[::-1])
    assert dict(Village.objects.values_list("code", "slug")) == slugs.assign(five_places, taken=())


def test_load_divisions_twice_changes_nothing(load, five_places):
    load(five_places)
    before = stored()
    assert load(five_places) == DivisionsLoaded(
        townships=18, villages=178, added=0, unchanged=196, updated=0
    )
    assert stored() == before
    assert AuditEvent.objects.count() == 1


def test_load_divisions_keeps_the_slug_of_a_renamed_village(load, five_places):
    load(five_places)
    row = next(place for place in five_places if place.name == "下湾村")
    renamed = replace(row, official_name="上湾村委会", name="上湾村", county="开平县")
    assert load([renamed]) == DivisionsLoaded(
        townships=1, villages=1, added=0, unchanged=0, updated=2
    )
    village = Village.objects.get(code=row.code)
    assert (village.name, village.slug) == ("上湾村", "xiawan")
    assert Township.objects.get(code=row.township_code).county == "开平县"


def test_load_divisions_leaves_a_vanished_place_alone(load, five_places):
    load(five_places)
    load(five_places[:10])
    assert Village.objects.count() == 178


def test_load_divisions_is_recorded_with_counts(load, five_places, lin):
    load(five_places)
    event = AuditEvent.objects.get()
    assert (event.what, event.person_id) == ("villages.divisions_loaded", lin.person_id)
    assert event.detail == {"added": 196, "updated": []}


def test_load_divisions_asks_the_database_the_same_few_times(
    load, five_places, django_assert_num_queries
):
    shitai = [place for place in five_places if place.township == "石台镇"]
    with django_assert_num_queries(9):
        load(five_places[:1])
    with django_assert_num_queries(9):
        load(shitai[:3])


def test_command_without_file_loads_the_fixture_of_the_project(db, capsys):
    call_command("load_divisions")
    assert capsys.readouterr().out == "乡镇18个，村和社区178个：新增196，更新0，没有变化0\n"
    assert AuditEvent.objects.get().actor == "villages.load_divisions"


def test_command_tells_what_is_wrong_with_a_file(db, tmp_path):
    path = tmp_path / "村.csv"
    path.write_text("village\n窦庄村委会\n")
    with pytest.raises(CommandError, match=r"村\.csv：第1行缺少列"):
        call_command("load_divisions", path)
    with pytest.raises(CommandError, match="读不了文件"):
        call_command("load_divisions", tmp_path / "没有.csv")


def test_add_person_is_recorded_without_the_name(lin):
    person = operations.add_person(name="韦文书", phone="13812345678", by=lin, at=NOON)
    person.refresh_from_db()
    assert (person.name, person.phone) == ("韦文书", "13812345678")
    event = AuditEvent.objects.get()
    assert (event.what, event.detail) == (
        "villages.people_added",
        {"count": 1, "persons": [person.pk]},
    )


def test_open_posting_stores_every_field(lin):
    village = make_village(township=make_township())
    unit = operations.ensure_unit(village=village, name="3组")
    group = operations.add_work_group(
        township=village.township,
        village=village,
        kind=WorkGroup.Kind.WORK,
        name="窦庄村工作组",
        by=lin,
        at=NOON,
    )
    posting = operations.open_posting(
        posting=NewPosting(
            person=make_person(),
            role="collector",
            township=village.township,
            village=village,
            unit=unit,
            group=group,
            route=Posting.Route.SELF,
            qualification="高中",
            from_on=date(2026, 1, 1),
            to_on=date(2026, 12, 31),
        ),
        by=lin,
        at=NOON,
    )
    posting.refresh_from_db()
    assert posting.post.code == "collector"
    assert (posting.village, posting.unit, posting.group) == (village, unit, group)
    assert (posting.route, posting.qualification) == ("self", "高中")
    assert (posting.from_on, posting.to_on) == (date(2026, 1, 1), date(2026, 12, 31))


def test_many_postings_leave_one_event_a_township(lin):
    places = [make_township(), make_township(code="440783104", name="苍城镇")]
    people = operations.add_people(people=[(f"采集员{n}", "") for n in range(3)], by=lin, at=NOON)
    opened = operations.open_postings(
        postings=[
            NewPosting(person=person, role="collector", township=place, from_on=date(2026, 1, 1))
            for place in places
            for person in people
        ],
        by=lin,
        at=NOON,
    )
    assert [posting.person for posting in opened] == people * 2
    events = AuditEvent.objects.filter(what="villages.postings_opened").order_by("id")
    assert [(event.about, event.detail["count"]) for event in events] == [
        (f"villages.township:{place.pk}", 3) for place in places
    ]


def test_open_posting_of_an_unknown_role_is_refused(lin):
    with pytest.raises(Post.DoesNotExist):
        operations.open_posting(
            posting=NewPosting(
                person=make_person(),
                role="king",
                township=make_township(),
                from_on=date(2026, 1, 1),
            ),
            by=lin,
            at=NOON,
        )


def test_work_groups_are_added_together_with_one_event(lin):
    township = make_township()
    village = make_village(township=township)
    groups = operations.add_work_groups(
        township=township,
        kind=WorkGroup.Kind.REVIEW,
        places=[("第1评议小组", village), ("镇评议小组", None)],
        by=lin,
        at=NOON,
    )
    assert [(group.name, group.village) for group in groups] == [
        ("第1评议小组", village),
        ("镇评议小组", None),
    ]
    assert AuditEvent.objects.get().detail == {
        "kind": "review",
        "count": 2,
        "groups": [group.pk for group in groups],
    }


def test_ensure_units_makes_only_what_is_missing(db):
    village = make_village(township=make_township())
    first = operations.ensure_unit(village=village, name="1组")
    units = operations.ensure_units(village=village, names=["2组", "1组", "2组"])
    assert list(units) == ["2组", "1组"]
    assert units["1组"] == first
    assert Unit.objects.count() == 2
