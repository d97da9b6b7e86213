"""A sheet is brought in step by step, and nothing is written before the last of them."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection

from households.models import ImportBatch, ImportPage, Member, Subject
from households.tasks import wipe_imports
from jobs.models import Job
from tests.desk.import_stage import Desk, as_csv, open_desk, register, said, work
from tests.factories import YEAR_BEGINS, make_household, make_id_number, make_member
from tests.households.stage import CHILD, WIFE, ZHANG, row
from trail.models import AuditEvent

WANG = make_id_number(order=9)
PHONE = "13900000001"


@pytest.fixture
def desk(db) -> Desk:
    return open_desk()


@pytest.fixture
def family() -> tuple[dict[str, str], ...]:
    return (
        row(身份证号=ZHANG, 联系电话=PHONE),
        row("李梅", 户主姓名="张三", 与户主关系="妻", 身份证号=WIFE),
        row("张小宝", 户主姓名="张三", 与户主关系="长子", 身份证号=CHILD),
    )


def test_i35_a_sheet_is_imported_in_four_steps_and_not_before_the_last(desk, family):
    before = register()
    number = desk.brought(*family)
    text = desk.page(number, "columns")
    assert "第1行以下是内容" in text
    assert "必须有" in text
    assert "自动认出" in text
    assert PHONE not in text
    assert ZHANG not in text
    text = desk.columns(number)
    assert "读到 3 人，1 户，其中新建 1 户。还没有写进档案。" in text
    assert [f"{words} {n}" in text for words, n in (("新增", 3), ("出错", 0))] == [True, True]
    assert ZHANG not in desk.page(number, "check", "?tab=added")
    assert "导入 3 人" in desk.page(number, "confirm")
    assert register() == before
    text = desk.write(number)
    assert "已导入 3 人" in text
    assert f"IMP-{number}" in text
    assert Member.objects.filter(subject__number="001").count() == 3
    (event,) = AuditEvent.objects.filter(what="households.imported")
    assert (event.actor, event.role) == ("林经办", "township_clerk")
    kept = str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert "张三" not in kept + str(list(Job.objects.values_list("payload", "result")))


def test_i35_the_same_file_again_adds_nothing_and_is_said(desk, family):
    desk.write(desk.checked(*family))
    before = register()
    again = desk.brought(*family)
    assert "一模一样的文件" in desk.page(again, "columns")
    assert "不变 3" in desk.columns(again)
    assert "已导入 0 人" in desk.write(again)
    assert register() == before


def test_i35_two_who_import_the_same_file_add_it_once(desk, family):
    one, two = desk.checked(*family), desk.checked(*family)
    for number in (one, two):
        desk.press(number, "confirm", act="start", rows="all")
    work(two)
    before = register()
    work(one)
    assert register() == before
    assert ImportBatch.objects.filter(state="done").count() == 2
    assert Member.objects.count() == 3


def test_what_is_wrong_is_said_by_row_and_column_and_put_right_in_place(desk, family):
    bad = row("王五", 户号="002", 身份证号=WANG[:-1])
    number = desk.checked(*family, bad, row("赵六", 户号="003", 身份证号="1"))
    text = desk.page(number, "check")
    assert "农户 第5行" in text
    assert "身份证号应是 18 位，这里是 17 位。请照身份证改成正确的 18 位号码。" in text
    assert WANG[:-1] not in text
    text = said(
        desk.press(number, "check", act="type", r5_id_number=WANG, r6_out="1", r6_id_number="")
    )
    assert "没有出错的行" in desk.page(number, "check", "?tab=refused")
    assert "读到 4 人，2 户" in text
    desk.write(number)
    assert Subject.objects.get(number="002").members.get().id_number == WANG
    assert not Subject.objects.filter(number="003").exists()


def test_a_row_that_is_left_out_does_not_move_the_rows_below_it(desk, family):
    first = row("王五", 户号="002", 身份证号=WANG)
    below = row("王小", 户号="", 户主姓名="", 身份证号=make_id_number(order=10), 与户主关系="子")
    number = desk.checked(*family, first, below)
    desk.press(number, "check", act="type", r5_out="1")
    desk.write(number)
    assert [one.name for one in Subject.objects.get(number="002").members.all()] == ["王小"]


def test_all_or_nothing_refuses_and_good_rows_can_go_first(desk, family):
    number = desk.checked(*family, row("王五", 户号="002", 身份证号="1"))
    before = register()
    text = said(desk.press(number, "confirm", act="start", rows="all"))
    assert "还有1行出错" in text
    assert not Job.objects.exists()
    assert register() == before
    assert "已导入 3 人" in desk.write(number, rows="good")


def test_the_wrong_rows_are_downloaded_with_reasons_and_sent_again(desk, family):
    bad = [
        row("=王五", 户号="002", 身份证号=WANG),
        row("孙七", 户号="", 村="", 组别="", 户主姓名="", 与户主关系="妻", 身份证号="2"),
    ]
    number = desk.checked(*family, *bad)
    answer = desk.press(number, "check", act="fetch")
    assert (
        answer["Content-Disposition"] == f'attachment; filename="import-{number}-wrong-rows.xlsx"'
    )
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    lines = [list(line) for line in book.active.iter_rows(values_only=True)]
    assert lines[0][-2:] == ["出错原因", "怎么改"]
    assert len(lines) == 2
    line = dict(zip(lines[0], lines[1], strict=True))
    assert (line["村"], line["组别"], line["户号"], line["姓名"]) == (
        "窦庄村委会",
        "1组",
        "002",
        "孙七",
    )
    assert "身份证号应是 18 位" in line["出错原因"]
    assert all(cell.data_type != "f" for one in book.active.iter_rows() for cell in one)
    book.active.cell(2, lines[0].index("身份证号") + 1).value = make_id_number(order=12)
    out = io.BytesIO()
    book.save(out)
    desk.write(number, rows="good")
    assert desk.upload(out.getvalue(), name="改好.xlsx").status_code == 302
    again = ImportBatch.objects.latest("pk").pk
    assert "新增 1" in desk.columns(again)
    assert "已导入 1 人" in desk.write(again)


def test_updates_are_shown_from_what_to_what_and_numbers_only_in_part(desk, family):
    desk.write(desk.checked(*family))
    changed = family[0] | {"联系电话": "13900000002", "备注": "低保"}
    number = desk.checked(changed, *family[1:])
    page = desk.lin.get(f"/staff/import/{number}/check/?tab=changed").content.decode()
    assert "<del>139******01</del>" in page
    assert "<ins>139******02</ins>" in page
    assert "<ins>低保</ins>" in page
    assert "13900000002" not in page


def test_columns_may_be_chosen_by_hand_or_be_the_same_in_every_row(desk):
    header = ("谁", "号码", "户号")
    content = as_csv({"谁": "张三", "号码": ZHANG, "户号": "1"}, header=header)
    answer = desk.upload(content)
    assert answer.status_code == 302
    number = ImportBatch.objects.latest("pk").pk
    text = desk.columns(number)
    assert "必须有“村”" in text
    assert Job.objects.count() == 0
    chosen = {"name": "0", "id_number": "1", "village": "fixed", "group": "fixed"}
    text = desk.columns(number, **chosen)
    assert "请在框里写“村”每一行填什么" in text
    text = desk.columns(number, **chosen, fixed_village="窦庄村", fixed_group="3组")
    assert "新增 1" in text
    desk.write(number)
    home = Subject.objects.get()
    assert (home.village, home.unit.name, home.number) == (desk.places.dou, "3组", "1")


def test_sheet_and_header_row_can_be_changed(desk, family):
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["怎么填"])
    for title in ("一月", "二月"):
        sheet = book.create_sheet(title)
        sheet.append(["石台镇农户表"])
        sheet.append(list(family[0]))
        sheet.append([*family[0].values()])
    out = io.BytesIO()
    book.save(out)
    desk.upload(out.getvalue(), name="两张.xlsx")
    number = ImportBatch.objects.latest("pk").pk
    text = desk.page(number, "columns", "?sheet=3&row=2&rows=1")
    assert "工作表“二月”，第2行以下是内容" in text
    form = desk.lin.get(f"/staff/import/{number}/columns/?sheet=3&row=2").context["form"]
    typed = {bound.html_name: bound.value() or "" for bound in form}
    desk.lin.post(f"/staff/import/{number}/columns/?sheet=3&row=2", typed)
    assert ImportBatch.objects.get(pk=number).mapping["sheet"] == "二月"
    assert ImportBatch.objects.get(pk=number).counts["added"] == 1


def test_a_village_clerk_imports_the_own_village_and_rows_of_others_are_refused(desk, family):
    mine = row("王五", 村="刘庄村", 身份证号=WANG)
    number = desk.checked(*family, mine, who=desk.liu)
    text = desk.page(number, "check", who=desk.liu)
    assert "这一行是别的村的，这次只导入刘庄村" in text
    assert "出错 3" in text
    desk.write(number, who=desk.liu, rows="good")
    assert [one.name for one in Member.objects.all()] == ["王五"]
    bare = as_csv(mine, header=tuple(name for name in mine if name != "村"))
    desk.upload(bare, who=desk.liu)
    assert "不变 1" in desk.columns(ImportBatch.objects.latest("pk").pk, who=desk.liu)


def test_nobody_else_finds_an_import_and_it_ends_with_the_post(desk, family):
    number = desk.checked(*family)
    for step in ("columns", "check", "confirm", "done"):
        for who in (desk.liu, desk.zhao):
            assert who.get(f"/staff/import/{number}/{step}/").status_code == 404
            assert who.post(f"/staff/import/{number}/{step}/", {"act": "start"}).status_code == 404
    elsewhere = {"place": f"t{desk.places.township.pk}", "file": io.BytesIO(as_csv(*family))}
    assert desk.zhao.post("/staff/import/", elsewhere).status_code == 400
    batch = ImportBatch.objects.get(pk=number)
    desk.press(number, "confirm", act="start", rows="all")
    batch.user.person.postings.update(to_on=YEAR_BEGINS)
    before = register()
    work(number)
    assert register() == before
    job = Job.objects.get(kind="households.write_import")
    assert (job.state, "没有导入的权限" in job.error) == ("failed", True)


def test_what_was_stopped_is_not_written(desk, family):
    number = desk.checked(*family)
    before = register()
    page = said(desk.press(number, "confirm", act="start", rows="all"))
    assert "后台正在做" in page
    assert desk.lin.get(f"/staff/import/{number}/confirm/")["Refresh"] == "2"
    assert "已经停止" in said(desk.press(number, "confirm", act="cancel"))
    work(number)
    assert register() == before
    assert ImportBatch.objects.get().state == "checked"
    assert "已导入 3 人" in desk.write(number)


def test_what_is_not_as_it_was_shown_is_not_written(desk, family):
    number = desk.checked(*family)
    desk.press(number, "confirm", act="start", rows="all")
    home = make_household(village=desk.places.dou, number="001", name="张三")
    make_member(household=home, name="张三", id_number=ZHANG)
    before = register()
    work(number)
    assert register() == before
    text = desk.page(number, "confirm")
    assert "检查以后档案有了改动" in text
    text = said(desk.press(number, "confirm", act="again"))
    assert "新增 2" in text
    assert "已导入 3 人" in desk.write(number)


def test_a_large_file_is_checked_by_the_worker(desk, family, monkeypatch):
    monkeypatch.setattr("households.operations.import_batches.CHECKED_AT_ONCE", 10)
    number = desk.brought(*family)
    assert "后台正在做" in desk.columns(number)
    assert ImportBatch.objects.get().state == "mapped"
    work(number)
    assert "新增 3" in desk.page(number, "check")


def test_the_file_is_sealed_and_wiped_after_a_week(desk, family, time_machine):
    number = desk.checked(*family)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, fixes FROM households_importbatch")
        content = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT content FROM households_importpage")
        pages = b"".join(bytes(page) for (page,) in cursor.fetchall())
    assert len(content) > 100
    assert "张三".encode() not in content + pages
    wipe_imports()
    assert ImportPage.objects.exists()
    uploaded = ImportBatch.objects.get().uploaded_at
    ImportBatch.objects.update(uploaded_at=uploaded - timedelta(days=8))
    wipe_imports()
    wipe_imports()
    left = ImportBatch.objects.get()
    assert (left.content, left.fixes, left.before) == ("", "", "")
    assert not ImportPage.objects.exists()
    assert AuditEvent.objects.filter(what="import.wiped").count() == 1
    assert "已经清掉了" in said(desk.press(number, "confirm", act="start", rows="all"))


def test_an_import_that_is_given_up_holds_nothing(desk, family):
    number = desk.checked(*family)
    desk.press(number, "check", act="drop")
    left = ImportBatch.objects.get()
    assert (left.state, left.content) == ("dropped", "")
    assert not ImportPage.objects.exists()
    assert "不导了" in desk.page(number, "done")


def test_the_empty_sheet_is_one_the_import_reads(desk):
    answer = desk.lin.get("/staff/import/template/")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.active
    values = row(身份证号=ZHANG)
    for column in range(1, sheet.max_column + 1):
        sheet.cell(2, column).value = values.get(sheet.cell(1, column).value, "")
    out = io.BytesIO()
    book.save(out)
    assert desk.upload(out.getvalue(), name="空白.xlsx").status_code == 302
    assert "新增 1" in desk.columns(ImportBatch.objects.latest("pk").pk)
