"""Every file is read right or refused whole, whatever its name says."""

import csv
import io
import stat
import time
import zipfile

import openpyxl
import pytest

from households.importing.delimited import MAX_TEXT_BYTES
from households.importing.errors import FileNotReadable
from households.importing.packages import MAX_ROWS
from households.importing.sheets import Merge, open_sheets

ROWS = [["户号", "姓名"], ["001", "王㛃"], ["002", "李𠮷"], ["003", "买买提·艾力•‧・"]]
WORKBOOK = '<workbook><sheets><sheet name="a"/></sheets></workbook>'


def as_csv(rows=ROWS, *, delimiter=",", end="\r\n"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue()


@pytest.fixture
def save(tmp_path):
    def saving(content, name="农户.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return saving


@pytest.fixture
def save_zip(tmp_path):
    def saving(members, name="农户.xlsx", **more):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **more) as package:
            for member, content in members:
                package.writestr(member, content)
        return path

    return saving


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_twins_read_the_same_in_every_encoding(save, encoding):
    (sheet,) = open_sheets(save(as_csv().encode(encoding)))
    assert [cells for _number, cells in sheet.rows()] == ROWS
    assert sheet.title == "农户"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_csv_in_utf_16_without_a_mark_is_read(save, encoding):
    rows = [["No", "Name"], ["001", "王㛃"]]
    (sheet,) = open_sheets(save(as_csv(rows).encode(encoding)))
    assert [cells for _number, cells in sheet.rows()] == rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_csv_delimiters_and_line_ends_are_recognised(save, delimiter, end):
    (sheet,) = open_sheets(save(as_csv(delimiter=delimiter, end=end).encode()))
    assert [cells for _number, cells in sheet.rows()] == ROWS


def test_csv_rows_are_numbered_as_excel_shows_them(save):
    (sheet,) = open_sheets(save('户号,姓名\n\n001,"王\n伟"\n002,"李 ""娜"""\n'.encode()))
    assert list(sheet.rows()) == [
        (1, ["户号", "姓名"]),
        (2, []),
        (3, ["001", "王\n伟"]),
        (4, ["002", '李 "娜"']),
    ]


def test_sheet_title_is_the_name_the_file_has_at_home(save):
    (sheet,) = open_sheets(save(as_csv().encode(), "upload-1"), name="石台农户.csv")
    assert sheet.title == "石台农户"


def test_csv_called_xlsx_is_read_as_what_it_is(save):
    (sheet,) = open_sheets(save(as_csv().encode(), "农户.xlsx"))
    assert [cells for _number, cells in sheet.rows()] == ROWS


def test_csv_in_two_encodings_is_refused_with_the_line(save):
    mixed = "户号,姓名\n001,王伟\n".encode("gb18030") + "002,欧阳娜\n".encode()
    with pytest.raises(FileNotReadable, match="第 3 行"):
        open_sheets(save(mixed))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "不是表格文件"),
        (b"\r\n \r\n", "不是表格文件"),
        (b"%PDF-1.7\n\x00\x01", "不是表格文件"),
        (b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" * 9, "不是表格文件"),
        (b"\xff\xfe\x00\xd8a", "不是表格文件"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页格式"),
        (b'  <?xml version="1.0"?><Workbook/>', "网页格式"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"\.xls 或 \.et 文件打不开"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "加了密码",
        ),
        (b"PK\x03\x04 cut off", "损坏"),
    ],
)
def test_foreign_files_are_refused_with_what_to_do(save, content, says):
    with pytest.raises(FileNotReadable, match=says) as refusal:
        open_sheets(save(content, "农户.xlsx"))
    assert "另存为" in str(refusal.value) or "能导入" in str(refusal.value)


def test_csv_with_an_endless_cell_is_refused(save):
    with pytest.raises(FileNotReadable, match="CSV"):
        list(open_sheets(save(b'a,b\n"' + b"x" * 200_000))[0].rows())


def test_workbook_rows_keep_their_numbers_and_numbers_their_kind(save_xlsx):
    path = save_xlsx([[], [], [None, "姓名", 110105194912310000]])
    (sheet,) = open_sheets(path)
    assert list(sheet.rows())[-1] == (3, ["姓名", 1.1010519491231e17])
    assert list(sheet.rows()) == list(sheet.rows())


def test_merges_are_numbered_like_the_rows_and_cells_read(save_xlsx):
    path = save_xlsx([[], [None, "户", None, "姓名"]], merge=["B2:C2", "D2:D3"])
    (sheet,) = open_sheets(path)
    assert set(sheet.merges) == {Merge(2, 2, 1, 2), Merge(2, 3, 3, 3)}


def test_hidden_sheets_are_not_read(save_xlsx):
    def hide(book):
        book["旧表"].sheet_state = "hidden"

    path = save_xlsx({"户籍表": ROWS, "旧表": ROWS}, edit=hide)
    assert [sheet.title for sheet in open_sheets(path)] == ["户籍表"]


def test_workbook_counting_from_1904_says_so(save_xlsx):
    def set_epoch(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    assert open_sheets(save_xlsx(ROWS, edit=set_epoch))[0].uses_1904
    assert not open_sheets(save_xlsx(ROWS))[0].uses_1904


def test_bomb_by_ratio_is_refused_at_once(save_zip):
    path = save_zip([("xl/workbook.xml", WORKBOOK), ("xl/a.bin", b"\0" * 30_000_000)])
    assert path.stat().st_size < 100_000
    started = time.monotonic()
    with pytest.raises(FileNotReadable, match="太大"):
        open_sheets(path)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("declared", [900, 900_001])
def test_package_that_lies_about_its_size_is_refused(save_zip, declared):
    path = save_zip([("xl/workbook.xml", WORKBOOK), ("xl/a.bin", b"\0" * 900_000)])
    true_size, lie = (900_000).to_bytes(4, "little"), declared.to_bytes(4, "little")
    content = path.read_bytes()
    assert content.count(true_size) == 2
    path.write_bytes(content.replace(true_size, lie))
    with pytest.raises(FileNotReadable):
        open_sheets(path)


def test_package_with_a_locked_member_is_refused(save_zip):
    path = save_zip([("xl/workbook.xml", WORKBOOK)])
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(FileNotReadable, match="加了密码"):
        open_sheets(path)


def test_endless_text_is_refused_unread(tmp_path):
    path = tmp_path / "农户.csv"
    with path.open("wb") as file:
        file.truncate(MAX_TEXT_BYTES + 1)
    with pytest.raises(FileNotReadable, match="分成几个文件"):
        open_sheets(path)


def test_package_of_too_many_members_is_refused(save_zip):
    members = [(f"xl/media/{n}.xml", "") for n in range(2001)]
    with pytest.raises(FileNotReadable):
        open_sheets(save_zip([("xl/workbook.xml", WORKBOOK), *members]))


@pytest.mark.parametrize(
    "trick", ["../../etc/passwd", "/etc/passwd", "xl\\..\\..\\a.xml", "c:/a.xml", "a/../b.xml"]
)
def test_package_with_a_path_trick_is_refused(save_zip, trick):
    with pytest.raises(FileNotReadable, match="可疑"):
        open_sheets(save_zip([("xl/workbook.xml", WORKBOOK), (trick, "x")]))


def test_package_with_a_link_is_refused(save_zip):
    link = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(FileNotReadable, match="可疑"):
        open_sheets(save_zip([("xl/workbook.xml", WORKBOOK), (link, "/etc/passwd")]))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_package_with_one_name_twice_is_refused(save_zip):
    with pytest.raises(FileNotReadable, match="可疑"):
        open_sheets(save_zip([("xl/workbook.xml", WORKBOOK), ("xl/workbook.xml", "x")]))


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ([("word/document.xml", "<d/>")], "不是 Excel"),
        ([("xl/workbook.bin", b"\0")], "不是 Excel"),
        ([("content.xml", "<office/>")], "不是 Excel"),
        ([("xl/workbook.xml", WORKBOOK), ("xl/vbaProject.bin", b"\0")], "宏"),
        ([("xl/workbook.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><workbook/>")], "声明"),
        ([("xl/workbook.xml", WORKBOOK.encode("utf-16"))], "声明"),
        ([("xl/workbook.xml", WORKBOOK), ("xl/a.bin", "\n<!DOCTYPE a><worksheet/>")], "声明"),
        ([("xl/workbook.xml", "not xml at all")], "损坏"),
    ],
)
def test_packages_that_are_no_plain_workbook_are_refused(save_zip, members, says):
    with pytest.raises(FileNotReadable, match=says):
        open_sheets(save_zip(members))


def test_value_far_below_is_refused_before_the_reader_lays_it_out(save_xlsx):
    def far_below(book):
        book.active.cell(row=MAX_ROWS + 1, column=1, value="x")

    with pytest.raises(FileNotReadable, match="表太长"):
        open_sheets(save_xlsx(ROWS, edit=far_below))


def test_value_far_right_is_refused_before_the_reader_lays_it_out(save_xlsx):
    def far_right(book):
        book.active.cell(row=2, column=16_384, value="x")

    with pytest.raises(FileNotReadable, match="表太宽"):
        open_sheets(save_xlsx(ROWS, edit=far_right))


def test_formatted_empty_cells_far_away_do_no_harm(save_xlsx):
    def format_far_cells(book):
        for row, column in ((1_048_576, 1), (2, 16_384), (1_048_576, 16_384)):
            book.active.cell(row=row, column=column).font = openpyxl.styles.Font(bold=True)

    (sheet,) = open_sheets(save_xlsx(ROWS, edit=format_far_cells))
    assert [list(cells) for _number, cells in sheet.rows()] == ROWS


def test_false_dimension_is_not_believed(save_xlsx, save_zip):
    with zipfile.ZipFile(save_xlsx(ROWS)) as package:
        members = [(name, package.read(name)) for name in package.namelist()]
    lying = [
        (name, content.replace(b'<dimension ref="A1:B4"', b'<dimension ref="A1:XFD1048576"'))
        for name, content in members
    ]
    assert lying != members
    (sheet,) = open_sheets(save_zip(lying, "lying.xlsx"))
    assert [list(cells) for _number, cells in sheet.rows()] == ROWS
