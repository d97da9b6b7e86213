"""Which village, household and member of the register a row of a file is taken for."""

import json
from datetime import date

import pytest
from django.utils import timezone

from households import digests
from households.models import Member, Subject
from households.operations.importing import ImportMode
from scoring.operations.household_consents import erase_member
from tests.factories import make_actor, make_household, make_id_number, make_member, make_unit
from tests.households.stage import (
    CHILD,
    WIFE,
    ZHANG,
    codes,
    household,
    row,
    stored,
)
from villages.models import Unit


@pytest.mark.parametrize("written", ["窦庄村委会", "窦庄村", "窦庄", "窦庄村民委员会"])
def test_import_knows_a_village_by_any_of_its_endings(load, places, written):
    load(row(村=written, 身份证号=ZHANG))
    assert household().village == places.dou


def test_import_puts_two_spellings_of_a_village_into_one_household(load):
    load(
        row(村="窦庄", 身份证号=ZHANG),
        row("李梅", 村="窦庄村", 户主姓名="张三", 与户主关系="妻", 身份证号=WIFE),
    )
    assert Member.objects.filter(subject=household()).count() == 2


def test_import_refuses_rows_of_an_unknown_village(load, family):
    strangers = [{**cells, "村": "下湾村"} for cells in family]
    report = load(*strangers)
    assert codes(report.refused) == [(line, "村", "village_unknown") for line in (2, 3, 4)]
    assert {problem.value for problem in report.refused} == {"下湾村"}
    assert "石台镇" in report.refused[0].reason
    assert not Subject.objects.exists()


def test_import_knows_a_group_and_a_number_by_another_spelling(load, places):
    unit = make_unit(village=places.dou, name="一组")
    old = make_household(village=places.dou, unit=unit, number="1")
    report = load(row(身份证号=ZHANG))
    assert report.accepted == 1
    assert Member.objects.get().subject == old
    assert list(Unit.objects.values_list("name", flat=True)) == ["一组"]


def test_import_refuses_a_number_that_several_households_could_mean(load, places):
    for number in ("1", "01"):
        make_household(village=places.dou, number=number)
    assert codes(load(row(身份证号=ZHANG)).refused) == [(2, "户号", "number_ambiguous")]
    assert load(row(户号="01", 身份证号=ZHANG)).written == 1


def test_import_refuses_a_number_that_others_have(load, family):
    load(*family)
    report = load(row("王五", 身份证号=make_id_number(order=9)))
    assert codes(report.refused) == [(2, "户号", "number_taken")]
    assert household().name == "张三"


def test_import_refuses_a_closed_household(load, places):
    shut = make_household(village=places.dou, number="001")
    Subject.objects.filter(pk=shut.pk).update(state=Subject.State.CLOSED)
    assert codes(load(row(身份证号=ZHANG)).refused) == [(2, "户号", "household_closed")]


def test_import_gives_a_household_its_new_head_and_points_at_the_old_one(load, family):
    load(*family)
    wife = row("李梅", 身份证号=WIFE)
    report = load(wife)
    assert codes(report.warned) == [(2, "与户主关系", "other_head")]
    assert household().name == "李梅"
    assert Member.objects.get(name="张三").relation == "户主"


def test_import_never_moves_a_person_within_the_village(load, family):
    load(*family)
    before = stored()
    report = load(
        row("王五", 户号="002", 身份证号=make_id_number(order=9)),
        row("李梅", 户号="002", 户主姓名="王五", 与户主关系="妻", 身份证号=WIFE),
    )
    assert codes(report.refused) == [(3, "身份证号", "lives_elsewhere")]
    assert "1组001号户" in report.refused[0].reason
    assert WIFE not in json.dumps(report.as_dict())
    assert stored() == before


def test_import_opens_no_household_for_people_who_all_live_elsewhere(load, family):
    load(*family)
    load(*({**cells, "户号": "009"} for cells in family), mode=ImportMode.SKIP_BAD_ROWS)
    assert list(Subject.objects.values_list("number", flat=True)) == ["001"]


def test_import_takes_and_warns_of_a_person_of_another_village(load, places):
    load(row(身份证号=ZHANG))
    report = load(row(村="刘庄村", 身份证号=ZHANG))
    assert codes(report.warned) == [(2, "身份证号", "also_elsewhere")]
    assert "窦庄村" in report.warned[0].reason
    assert Member.objects.filter(village=places.liu).count() == 1


def test_import_does_not_bring_back_who_left_the_household(load, family):
    load(*family)
    Member.objects.filter(name="李梅").update(state=Member.State.LEFT)
    assert codes(load(*family).refused) == [(3, "身份证号", "has_left")]


def test_import_takes_the_namesake_of_one_who_left_without_an_id(load, places):
    home = make_household(village=places.dou, number="001")
    gone = make_member(household=home)
    Member.objects.filter(pk=gone.pk).update(state=Member.State.LEFT)
    assert load(row(身份证号=ZHANG)).accepted == 1
    gone.refresh_from_db()
    assert (gone.state, gone.id_number) == (Member.State.LEFT, "")


def test_import_takes_who_left_another_household(load, family):
    load(*family)
    Member.objects.filter(name="李梅").update(state=Member.State.LEFT)
    assert load(row("李梅", 户号="002", 身份证号=WIFE)).written == 1


def test_import_gives_a_member_without_an_id_his_own(load, places):
    home = make_household(village=places.dou, number="001")
    member = make_member(household=home)
    report = load(row(身份证号=ZHANG))
    assert (report.accepted, report.updated) == (0, 1)
    member.refresh_from_db()
    assert (member.id_number, member.birth_on) == (ZHANG, date(1980, 3, 5))
    assert bytes(member.id_hmac) == digests.of_id(ZHANG)
    assert load(row(身份证号=ZHANG)).unchanged == 1


def test_import_lets_a_child_wait_whose_age_was_not_known(load, places):
    home = make_household(village=places.dou, number="001")
    make_member(household=home, name="张小宝", relation="长子")
    load(row("张小宝", 户主姓名="张三", 与户主关系="长子", 身份证号=CHILD))
    assert Member.objects.get().state == Member.State.AWAITING_CONSENT


def test_import_does_not_guess_between_members_of_one_name(load, places):
    home = make_household(village=places.dou, number="001")
    for _time in range(2):
        make_member(household=home)
    assert codes(load(row(身份证号=ZHANG)).refused) == [(2, "身份证号", "name_twice")]


def test_import_calls_the_head_by_name_alone_when_no_relation_is_given(load):
    header = ("村", "组别", "户号", "户主姓名", "姓名", "身份证号")
    cells = row(身份证号=ZHANG)
    del cells["与户主关系"]
    load(cells, header=header)
    assert Member.objects.get().relation == "户主"
    assert load(cells, header=header).unchanged == 1


def test_i34_import_registers_nobody_in_a_file_of_which_somebody_was_erased(load, family):
    load(*family)
    wife = Member.objects.get(name="李梅")
    erase_member(
        subject=wife.subject, member=wife, reason="本人要求", by=make_actor(), at=timezone.now()
    )
    report = load(*family)
    assert codes(report.refused) == [(3, "身份证号", "maybe_erased")]
    assert (report.accepted, report.updated, report.unchanged) == (0, 0, 2)
    assert "是他，从表里删去这一行" in report.refused[0].fix
    assert not Member.objects.filter(name="李梅").exists()


def test_import_registers_people_in_the_files_next_door_to_an_erased_person(load, family):
    load(*family)
    wife = Member.objects.get(name="李梅")
    erase_member(
        subject=wife.subject, member=wife, reason="本人要求", by=make_actor(), at=timezone.now()
    )
    report = load(row("王五", 户号="002", 身份证号=make_id_number(order=9)))
    assert (report.written, report.refused) == (1, [])
