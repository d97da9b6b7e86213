"""For a day an import can be taken back: everything is as it was, or is said to be left alone."""

from datetime import timedelta

import pytest

from households.models import ImportBatch, Member, Relation, Subject, SubjectSearch
from tests.desk.import_stage import Desk, open_desk, register
from tests.factories import make_entry, make_id_number, make_rulebook
from tests.households.stage import CHILD, WIFE, ZHANG, row
from trail.clock import now
from trail.models import AuditEvent

WANG = make_id_number(order=9)
FIRST = (
    row(身份证号=ZHANG, 联系电话="13900000001", 是否外出="是", 备注="低保"),
    row("李梅", 户主姓名="张三", 与户主关系="妻", 身份证号=WIFE),
)
# A new phone and head, one more of the household, and a household more.
SECOND = (
    row(身份证号=ZHANG, 联系电话="13900000002", 是否外出="否", 备注="无", 性别="男"),
    row("李梅", 户主姓名="张三", 与户主关系="长女", 身份证号=WIFE),
    row("张小宝", 户主姓名="张三", 与户主关系="长子", 身份证号=CHILD),
    row("王五", 户号="002", 组别="2组", 身份证号=WANG),
)


@pytest.fixture
def desk(db) -> Desk:
    return open_desk()


@pytest.fixture
def second(desk) -> tuple[dict, int]:
    """The register before the second sheet, and the second sheet's import."""
    desk.write(desk.checked(*FIRST))
    before = register()
    number = desk.checked(*SECOND)
    assert "已导入 4 人" in desk.write(number)
    return before, number


def test_undoing_restores_exactly_what_was_there(desk, second):
    before, number = second
    assert register() != before
    assert "已经撤销：4人回到导入以前" in desk.undo(number)
    assert register() == before
    assert ImportBatch.objects.get(pk=number).before == ""
    (event,) = AuditEvent.objects.filter(what="import.undone")
    assert event.detail == {"people": 4, "households_kept": 0}
    assert "已撤销" in desk.undo(number)
    assert register() == before


def test_the_sheet_can_be_imported_again_after_it_was_undone(desk, second):
    _before, number = second
    after = {(one.name, one.phone) for one in Member.objects.all()}
    desk.undo(number)
    assert "已导入 4 人" in desk.write(desk.checked(*SECOND))
    assert {(one.name, one.phone) for one in Member.objects.all()} == after


def test_an_id_that_came_with_the_import_goes_with_it(desk):
    desk.write(desk.checked(*FIRST))
    Member.objects.filter(name="李梅").update(id_number="", id_hmac=None, id_tail_hmac=None)
    before = register()
    number = desk.checked(*FIRST)
    assert "更新 1" in desk.page(number, "check")
    desk.write(number)
    assert Member.objects.get(name="李梅").id_number == WIFE
    desk.undo(number)
    assert register() == before


def test_a_household_that_was_changed_since_is_named_and_left(desk, second):
    before, number = second
    Member.objects.filter(name="王五").update(note="后来写的")
    page = desk.page(number, "done")
    assert "2组·002户 王五：导入以后又改过" in page
    after = register()
    assert "有1户在导入以后又改过" in desk.undo(number)
    assert register() == after
    assert "已经撤销：3人回到导入以前" in desk.undo(number, others="1")
    kept = Subject.objects.get(number="002")
    assert [one.note for one in kept.members.all()] == ["后来写的"]
    SubjectSearch.objects.filter(subject=kept).delete()
    kept.members.all().delete()
    kept.delete()
    assert register() == before


def test_a_household_with_entries_in_the_ledger_stays(desk, second):
    _before, number = second
    home = Subject.objects.get(number="002")
    make_entry(household=home, item=make_rulebook(village=home.village).items.get(code="1"))
    assert "002户 王五：已经有“" in desk.page(number, "done")
    desk.undo(number, others="1")
    assert Member.objects.filter(subject=home).count() == 1
    assert not Member.objects.filter(name="张小宝").exists()


def test_who_has_kin_on_file_stays(desk, second):
    _before, number = second
    new, old = Member.objects.get(name="王五"), Member.objects.get(name="李梅")
    pair = sorted((new, old), key=lambda one: one.pk)
    Relation.objects.create(
        village=new.village, member=pair[0], other=pair[1], kin="other", recorded_at=now()
    )
    assert "002户 王五：已经有“亲属关系”" in desk.page(number, "done")


def test_somebody_who_joined_a_new_household_since_keeps_it(desk, second):
    _before, number = second
    home = Subject.objects.get(number="002")
    Member.objects.create(village=home.village, subject=home, name="王小", relation="子")
    assert "导入以后又添了人" in desk.page(number, "done")
    desk.undo(number, others="1")
    assert home.members.count() == 2


def test_after_a_day_it_is_too_late(desk, second):
    _before, number = second
    after = register()
    ImportBatch.objects.filter(pk=number).update(undo_until=now() - timedelta(seconds=1))
    assert "以前可以撤销" not in desk.page(number, "done")
    assert "超过24小时" in desk.undo(number)
    assert register() == after
