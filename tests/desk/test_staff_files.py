"""Acts on files as a clerk does them: asked, read once more, done."""

from datetime import date

import pytest

from households.models import FileChange, Member, Placement, Relation, Subject
from scoring.models import Entry
from tests.desk.staff_stage import logged_in
from tests.factories import (
    NOON,
    make_household,
    make_id_number,
    make_member,
    make_staff,
    make_unit,
)
from tests.scoring.stage import Stage, set_stage
from trail.models import AuditEvent


@pytest.fixture
def stage(db, time_machine) -> Stage:
    time_machine.move_to(NOON, tick=False)
    found = set_stage()
    found.zhang = make_member(household=found.home, name="张三")
    found.son = make_member(household=found.home, name="张小", relation="长子")
    found.other = make_household(village=found.village, number="077", name="王五")
    make_member(household=found.other, name="王五")
    found.lin = logged_in(make_staff(name="林文书", role="village_clerk", village=found.village))
    return found


def act(stage: Stage, path: str, sure: bool = True, **typed):
    more = {"sure": "1"} if sure else {}
    address = f"/staff/households/{stage.home.pk}/{path}/"
    return stage.lin.post(address, {"on": "2026-11-01", **typed, **more}, follow=True)


def split_of(stage: Stage) -> dict:
    unit = make_unit(village=stage.village, name="9组")
    return {
        "people": [stage.son.pk], "head": stage.son.pk, "unit": unit.pk, "number": "088",
        "points": 10,
    }  # fmt: skip


def test_an_act_is_read_once_more_before_it_is_done(stage):
    stage.enter(30)
    asked = stage.lin.get(f"/staff/households/{stage.home.pk}/acts/split/").content.decode()
    assert "可兑积分：30" in asked
    events = AuditEvent.objects.count()
    checked = act(stage, "acts/split", sure=False, **split_of(stage)).content.decode()
    assert "还没有办" in checked
    assert 'name="people" value=' in checked
    assert not FileChange.objects.exists()
    assert AuditEvent.objects.count() == events
    done = act(stage, "acts/split", **split_of(stage))
    text = done.content.decode()
    assert "分户：已经办好" in text
    assert "分出来，建档" in text
    opened = Subject.objects.get(number="088")
    assert done.redirect_chain[-1][0] == f"/staff/households/{opened.pk}/"
    assert Entry.objects.filter(kind=Entry.Kind.TRANSFER_IN, subject=opened).count() == 1


def test_what_the_operation_refuses_is_told_before_anything_is_confirmed(stage):
    answer = act(stage, "acts/split", sure=False, **split_of(stage))
    assert answer.status_code == 409
    assert "要在0到这个数之间" in answer.content.decode()


def test_households_merge_after_a_preview(stage):
    stage.enter(7)
    typed = {"place": "1组77"}
    checked = act(stage, "acts/merge", sure=False, **typed).content.decode()
    assert "全部转到那一户" in checked
    assert "王五" in checked
    assert "张小" in checked
    act(stage, "acts/merge", **typed)
    assert Subject.objects.get(pk=stage.home.pk).state == Subject.State.CLOSED
    assert set(Member.objects.filter(subject=stage.other).values_list("name", flat=True)) == {
        "张三", "张小", "王五",
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["9组99", "77", "不知道", "1组 "])
def test_a_household_that_is_none_is_said_to_be_none(stage, typed):
    answer = act(stage, "acts/merge", sure=False, place=typed)
    assert "没有找到这一户" in answer.content.decode()


def test_a_member_is_added_edited_moved_and_leaves(stage):
    act(stage, "acts/add", name="张 二", relation="次子", phone="138-1234-5678")
    second = Member.objects.get(name="张二")
    assert second.phone == "13812345678"
    people = f"people/{second.pk}"
    act(stage, f"{people}/edit", name="张二", relation="次子", remark="在外打工")
    second.refresh_from_db()
    assert (second.phone, second.note) == ("13812345678", "在外打工")
    act(stage, f"{people}/edit", name="张二", relation="次子", remark="", drop_phone="on")
    second.refresh_from_db()
    assert (second.phone, second.phone_hmac) == ("", None)
    act(stage, f"{people}/move", place="1组077", relation="女婿")
    second.refresh_from_db()
    assert (second.subject_id, second.relation) == (stage.other.pk, "女婿")
    act(stage, f"people/{stage.son.pk}/away")
    act(stage, f"people/{stage.zhang.pk}/death")
    text = stage.lin.get(f"/staff/households/{stage.home.pk}/").content.decode()
    for words in (
        "张小迁出",
        "张三去世",
        "张二到了这一户",
        "换到了1组·077户",
        "缺户主",
        "登记去世",
    ):
        assert words in text
    act(stage, f"people/{stage.son.pk}/back", relation="户主")
    assert Subject.objects.get(pk=stage.home.pk).name == "张小"


def test_what_was_typed_wrong_stays_and_is_named(stage):
    answer = act(stage, "acts/add", name="", id_number="123", relation="子")
    text = answer.content.decode()
    assert "有问题：" in text
    assert "没有填姓名" in text
    assert 'value="123"' in text
    assert not FileChange.objects.exists()


def test_head_number_closing_and_opening_again(stage):
    act(stage, "acts/head", head=stage.son.pk, **{f"relation_{stage.zhang.pk}": "父亲"})
    assert Subject.objects.get(pk=stage.home.pk).name == "张小"
    unit = make_unit(village=stage.village, name="9组")
    act(stage, "acts/renumber", unit=unit.pk, number="100")
    assert str(Subject.objects.select_related("unit").get(pk=stage.home.pk)) == "9组·100户 张小"
    assert "先办迁出" in act(stage, "acts/close").content.decode()
    Member.objects.filter(subject=stage.home).update(state=Member.State.LEFT)
    act(stage, "acts/close")
    assert Subject.objects.get(pk=stage.home.pk).state == Subject.State.CLOSED
    assert "现在不能办" in act(stage, "acts/close").content.decode()
    act(stage, "acts/reopen")
    assert Subject.objects.get(pk=stage.home.pk).state == Subject.State.HEADLESS


def test_who_only_reads_sees_no_act_and_finds_no_page(stage):
    client = logged_in(make_staff(name="审计", role="auditor", village=stage.village))
    text = client.get(f"/staff/households/{stage.home.pk}/").content.decode()
    assert "张三" in text
    assert "分户" not in text
    for path in ("acts/split", f"people/{stage.son.pk}/edit"):
        assert client.get(f"/staff/households/{stage.home.pk}/{path}/").status_code == 404


def test_the_page_takes_the_same_queries_for_a_long_history(stage, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(60) as seen:
            stage.lin.get(f"/staff/households/{stage.home.pk}/")
        return len(seen)

    act(stage, f"people/{stage.son.pk}/away")
    few = queries()
    for _again in range(3):
        act(stage, f"people/{stage.son.pk}/back", relation="长子")
        act(stage, f"people/{stage.son.pk}/away")
    for order in range(5):
        make_member(household=stage.home, name=f"张{order}", relation="子")
    assert queries() == few
    assert date(2026, 11, 1) == FileChange.objects.latest("pk").happened_on


def test_a_person_is_handed_the_own_data_and_nobody_elses(stage):
    number = make_id_number()
    Member.objects.filter(pk=stage.son.pk).update(note="=1+1")
    son = Member.objects.get(pk=stage.son.pk)
    son.id_number = number
    son.save()
    address = f"/staff/households/{stage.home.pk}/people/{son.pk}/copy/"
    assert number not in stage.lin.get(address).content.decode()
    sheet = stage.lin.post(address, {"form": "print"}).content.decode()
    assert number in sheet
    table = stage.lin.post(address, {"form": "csv"})
    assert number in table.content.decode()
    assert "'=1+1" in table.content.decode()
    data = stage.lin.post(address, {"form": "json"})
    assert {"item": "身份证号", "value": number} in data.json()
    for answer in (sheet, table.content.decode(), data.content.decode()):
        assert "张小" in answer
        assert "张三" not in answer.replace("1组·", "").split("本人资料")[-1]
    assert "张" not in data["Content-Disposition"]
    events = AuditEvent.objects.filter(what="households.own_data_copied").order_by("pk")
    assert [event.detail["form"] for event in events] == ["print", "csv", "json"]
    assert number not in str([event.detail for event in events])


def test_the_page_says_in_which_grid_the_household_lies(stage):
    grid = make_unit(village=stage.village, name="东头网格", kind="grid")
    Placement.objects.create(village=stage.village, subject=stage.home, unit=grid, kind="grid")
    assert "东头网格" in stage.lin.get(f"/staff/households/{stage.home.pk}/").content.decode()


def kin_of(stage: Stage, **typed) -> str:
    path = f"people/{stage.zhang.pk}/kin"
    given = {"place": "1组77", "who": "王五", "kin": "in_law"} | typed
    return act(stage, path, **given).content.decode()


def test_t07_kin_in_another_household_are_noted_once_and_seen_on_both_files(stage):
    page = kin_of(stage)
    assert "登记亲属：已经办好" in page
    assert "张三：姻亲" in page
    assert "兄弟姐妹" in kin_of(stage, kin="sibling")
    assert Relation.objects.get().kin == "sibling"
    there = stage.lin.get(f"/staff/households/{stage.other.pk}/").content.decode()
    assert "王五：兄弟姐妹" in there
    assert AuditEvent.objects.filter(what="households.kin_recorded").count() == 2


def test_kin_who_cannot_be_are_told(stage):
    assert "没有叫这个名字的人" in kin_of(stage, who="不存在")
    assert "没有找到这一户" in kin_of(stage, place="9组1")
    own = kin_of(stage, place=f"1组{stage.home.number}", who="张小")
    assert "同一户的人不用登记亲属" in own
    assert not Relation.objects.exists()
