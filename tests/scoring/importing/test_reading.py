import hashlib
from datetime import date

import openpyxl
import pytest

from households.importing.errors import ColumnsAmbiguous, ColumnsMissing, FileNotReadable
from scoring.importing.reading import read_book

TODAY = date(2026, 11, 1)
HOUSEHOLDS = ["村", "组", "户号", "户主"]
ENTRIES = ["日期", "村", "户号", "户主", "类别", "事项", "加减分", "认定方式", "经办人"]
REDEMPTIONS = ["日期", "村", "户号", "户主", "物品", "数量", "积分"]
LI = ["下湾村", "1组", "001", "李芳"]
ENTRY = ["2026-09-03", "下湾村", "001", "李芳", "公益美德", "志愿服务", 5, "网格员核实", "陶平玲"]
REDEMPTION = ["2026-09-25", "下湾村", "001", "李芳", "毛巾", 1, 6]


@pytest.fixture
def save(tmp_path):
    def save_sheets(**sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        path = tmp_path / "book.xlsx"
        book.save(path)
        return path

    return save_sheets


@pytest.fixture
def read(save):
    def read_sheets(**sheets):
        return read_book(save(**sheets), on=TODAY)

    return read_sheets


def plain(**more):
    return {
        "农户": [HOUSEHOLDS, LI],
        "积分台账": [ENTRIES, ENTRY],
        "兑换登记": [REDEMPTIONS, REDEMPTION],
    } | more


def test_a_plain_book_is_read_whole(read):
    book = read(**plain())

    (household,), (entry,), (redemption,) = book.households, book.entries, book.redemptions
    assert (household.village, household.group, household.number, household.head) == tuple(LI)
    assert (entry.day, entry.points) == (date(2026, 9, 3), 5)
    assert (entry.category, entry.item) == ("公益美德", "志愿服务")
    assert (entry.confirmed_how, entry.handled_by) == ("网格员核实", "陶平玲")
    assert (redemption.goods, redemption.quantity, redemption.points) == ("毛巾", 1, 6)
    assert (book.refused, book.left_out) == ((), ())
    assert book.begins_on == date(2026, 9, 1)


def test_sources_name_file_sheet_and_row(save):
    path = save(**plain())
    book = read_book(path, on=TODAY, name="台账.xlsx")

    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    assert (book.name, book.digest) == ("台账.xlsx", digest)
    assert book.source(book.entries[0]) == f"import:{digest}:积分台账:2"
    assert book.source(book.redemptions[0]) == f"import:{digest}:兑换登记:2"


def test_tables_are_found_by_their_headers_wherever_they_stand(read):
    book = read(
        填写说明=[["本表每月报送一次"]],
        Sheet3=[
            ["下湾村积分兑换登记表"],
            [],
            ["兑换日期", "所属村", "户编号", "户主姓名", "兑换物品", "兑换积分"],
            ["2026.9.25", "下湾村", "001", "李芳", "毛巾", 6],
            ["合计", "", "", "", "", 6],
        ],
        Sheet2=[
            ["2026年积分台账"],
            ["序号", "发生日期", "行政村", "户号", "姓名", "积分类别", "积分事项", "分值（分）"],
            [1, "2026年9月3日", "下湾村", "001", "李芳", "公益美德", "志愿服务", 5],
            ["序号", "发生日期", "行政村", "户号", "姓名", "积分类别", "积分事项", "分值（分）"],
            [None, None, None, None, None, None, None, None],
            [2, "2026年9月4日", "下湾村", "001", "李芳", "公益美德", "志愿服务", 5],
            ["制表人：陶平玲"],
        ],
        Sheet1=[["村名", "村民小组", "户号", "户主姓名"], LI],
    )

    assert [line.number for line in book.households] == ["001"]
    assert [(line.at.row, line.points) for line in book.entries] == [(3, 5), (6, 5)]
    assert [(line.at.row, line.points) for line in book.redemptions] == [(4, 6)]
    assert book.refused == ()
    assert book.left_out == ("填写说明",)


def test_one_sheet_per_month_is_one_ledger(read):
    book = read(
        **{"农户": [HOUSEHOLDS, LI], "9月": [ENTRIES, ENTRY], "10月": [ENTRIES, ENTRY, ENTRY]}
    )
    assert [(line.at.table.title, line.at.row) for line in book.entries] == [
        ("9月", 2),
        ("10月", 2),
        ("10月", 3),
    ]


def test_an_example_sheet_is_left_out(read):
    book = read(**plain(填写示例=[ENTRIES, ENTRY]))
    assert len(book.entries) == 1
    assert book.left_out == ("填写示例",)


def test_every_fault_of_a_row_is_named_under_its_own_header(read):
    wrong = ["昨天", "下湾村", "", "李芳", "公益美德", "志愿服务", 2.5, "", ""]
    book = read(**plain(积分台账=[["日 期", *ENTRIES[1:]], ENTRY, wrong]))

    (bad,) = book.refused
    assert (bad.sheet, bad.row) == ("积分台账", 3)
    assert [(cell.column, cell.problem.code) for cell in bad.cells] == [
        ("日期", "day_unreadable"),
        ("户号", "number_missing"),
        ("加减分", "number_not_whole"),
    ]
    assert len(book.entries) == 1


def test_a_head_in_a_refusal_is_masked(read):
    wrong = [*LI[:3], "12345"]
    book = read(**plain(农户=[HOUSEHOLDS, LI, wrong[:3] + ["李" * 60]]))
    (bad,) = book.refused
    assert bad.column == "户主"
    assert "李李李李" not in bad.value


def test_a_book_without_a_ledger_is_refused(save):
    path = save(农户=[HOUSEHOLDS, LI])
    with pytest.raises(ColumnsMissing, match="没有找到积分台账"):
        read_book(path, on=TODAY)


def test_a_sheet_that_is_nearly_a_table_is_never_overlooked(save):
    path = save(**plain(兑换登记=[["日期", "村", "户号", "户主", "物品"], REDEMPTION[:5]]))
    with pytest.raises(ColumnsMissing, match="兑换登记.*缺少必须有的列：积分"):
        read_book(path, on=TODAY)


def test_two_columns_of_one_name_are_refused(save):
    path = save(**plain(积分台账=[[*ENTRIES, "加减分"], [*ENTRY, 7]]))
    with pytest.raises(ColumnsAmbiguous, match="加减分"):
        read_book(path, on=TODAY)


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(b"\x00\x01\x02")
    with pytest.raises(FileNotReadable):
        read_book(path, on=TODAY)
