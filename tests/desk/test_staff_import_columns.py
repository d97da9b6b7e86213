"""Columns that were put right once are put right the next time the same header comes."""

import pytest

from households.models import ImportBatch, Member, SavedColumns
from tests.desk.import_stage import Desk, as_csv, open_desk, said
from tests.factories import make_id_number
from tests.households.stage import row
from trail.models import AuditEvent

# 称呼 is no word for a name that the product knows.
HEADER = ("行政村", "小组", "编号", "称呼", "证号", "备注")


@pytest.fixture
def desk(db) -> Desk:
    return open_desk()


def line(number: int, **more: str) -> dict[str, str]:
    known = ("刘庄村", "1组", str(number), f"王{number}", make_id_number(order=number), "低保")
    return dict(zip(HEADER, known, strict=True)) | more


def bring(desk: Desk, number: int, *, who=None, header=HEADER, **more: str) -> int:
    answer = desk.upload(as_csv(line(number, **more), header=header), who=who)
    assert answer.status_code == 302, said(answer)
    return ImportBatch.objects.latest("pk").pk


def put_right(desk: Desk, number: int) -> None:
    desk.columns(number, number="2", name="3", id_number="4", note="")
    desk.write(number)


def test_a_confirmed_header_is_known_the_next_time(desk):
    first = bring(desk, 1)
    assert "这样的表头" not in desk.page(first, "columns")
    desk.columns(first, number="2", name="3", id_number="4", note="")
    assert not SavedColumns.objects.exists()
    desk.write(first)
    second = bring(desk, 2)
    assert "这样的表头" in desk.page(second, "columns")
    desk.columns(second)
    assert "已导入 1 人" in desk.write(second)
    assert [(one.name, one.note) for one in Member.objects.order_by("pk")] == [
        ("王1", ""),
        ("王2", ""),
    ]


def test_another_header_is_not_known(desk):
    put_right(desk, bring(desk, 1))
    other = bring(desk, 2, header=(*HEADER[:5], "说明"))
    assert "这样的表头" not in desk.page(other, "columns")


def test_i05_another_township_knows_nothing_of_it(desk):
    put_right(desk, bring(desk, 1))
    theirs = bring(desk, 2, who=desk.zhao)
    assert "这样的表头" not in desk.page(theirs, "columns", who=desk.zhao)


def test_what_is_the_same_in_all_rows_is_asked_again(desk):
    number = bring(desk, 1, header=HEADER[1:])
    desk.columns(
        number, village="fixed", fixed_village="刘庄村", number="1", name="2", id_number="3"
    )
    desk.write(number)
    again = bring(desk, 2, header=HEADER[1:])
    assert ImportBatch.objects.get(pk=again).mapping["fixed"] == {}
    assert "必须有“村”" in desk.columns(again)


def test_a_village_gets_its_own_name_and_the_townships_columns(desk):
    number = bring(desk, 1, header=HEADER[1:])
    desk.columns(
        number, village="fixed", fixed_village="窦庄村", number="1", name="2", id_number="3"
    )
    desk.write(number)
    mine = bring(desk, 2, who=desk.liu, header=HEADER[1:])
    batch = ImportBatch.objects.get(pk=mine)
    assert batch.mapping["fixed"] == {"village": "刘庄村"}
    assert batch.mapping["columns"]["name"] == 2


def test_it_is_forgotten_when_asked(desk):
    put_right(desk, bring(desk, 1))
    number = bring(desk, 2)
    page = said(desk.press(number, "columns", act="forget"))
    assert "已经忘掉" in page
    assert "这样的表头" not in page
    assert not SavedColumns.objects.exists()
    assert "name" not in ImportBatch.objects.get(pk=number).mapping["columns"]
    assert AuditEvent.objects.filter(what="import.columns_forgotten").count() == 1
    assert "这样的表头" not in desk.page(bring(desk, 3), "columns")


def test_of_a_header_only_a_digest_is_kept(desk):
    put_right(desk, bring(desk, 1))
    (saved,) = SavedColumns.objects.all()
    assert len(bytes(saved.header_digest)) == 32
    assert saved.columns == {"village": 0, "group": 1, "number": 2, "name": 3, "id_number": 4}


def test_a_title_above_the_header_is_no_part_of_it(desk):
    for order in (1, 2):
        person = row(户号=str(order), 身份证号=make_id_number(order=order))
        desk.upload("石台镇农户花名册,,,\r\n".encode() + as_csv(person))
        batch = ImportBatch.objects.latest("pk")
        assert batch.mapping["header"] == [2, 2]
        assert ("这样的表头" in desk.page(batch.pk, "columns")) is (order == 2)
        desk.columns(batch.pk)
        desk.write(batch.pk)


def test_an_import_that_would_write_nothing_says_so(desk):
    person = row(身份证号=make_id_number())
    first = desk.checked(person)
    desk.write(first)
    again = desk.checked(person)
    page = desk.page(again, "confirm")
    assert "没有要写进去的" in page
    assert "导入 0 人" not in page
