"""Every file of trust.md's list is read right through the page, or refused there with words."""

import io
import zipfile
from functools import partial

import openpyxl
import pytest

from households.importing.packages import MAX_MEMBERS
from households.models import ImportBatch, Member
from households.operations import import_batches
from tests.desk.import_stage import Desk, as_csv, open_desk, register, said
from tests.factories import make_id_number
from tests.households.importing.old_book import cell, old_book, sheet
from tests.households.stage import HEADER, ZHANG, row
from trail.models import AuditEvent

MARK = "李𠮷㛃•"
PERSON = row(MARK, 身份证号=ZHANG)
WORKBOOK = '<workbook><sheets><sheet name="a"/></sheets></workbook>'


@pytest.fixture
def desk(db) -> Desk:
    return open_desk()


def _book(*lines, edit=None) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(list(line))
    if edit:
        edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _package(*members: tuple[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members:
            package.writestr(name, content)
    return out.getvalue()


def _line(person: dict[str, str]) -> list[str]:
    return [person.get(name, "") for name in HEADER]


TITLED = partial(_book, ["石台镇农户花名册"], ["填表：张  2026年11月1日"])
READ = {
    "utf-8": as_csv(PERSON),
    "utf-8 with a mark": as_csv(PERSON, encoding="utf-8-sig"),
    "gb18030": as_csv(PERSON, encoding="gb18030"),
    "utf-16": as_csv(PERSON, encoding="utf-16"),
    "semicolons": as_csv(PERSON).replace(b",", b";"),
    "tabs": as_csv(PERSON).replace(b",", b"\t"),
    "old line ends": as_csv(PERSON).replace(b"\r\n", b"\r"),
    "workbook": _book(HEADER, _line(PERSON)),
    "old workbook": old_book({"户籍表": sheet([HEADER, _line(PERSON)])}),
    "title, remark, total": TITLED(HEADER, _line(PERSON), ["合计", "", "", "", "1人"]),
    "empty formatted rows": _book(HEADER, _line(PERSON), *[[""] * 11] * 50),
    "a full-width ID": _book(
        HEADER, _line(PERSON | {"身份证号": "".join(chr(ord(c) + 0xFEE0) for c in ZHANG)})
    ),
    "spaces, marks and turns": _book(
        HEADER, _line(PERSON | {"身份证号": f"\u202e{ZHANG[:6]}\u00a0{ZHANG[6:]}\u200b"})
    ),
}
REFUSED = {
    "a bomb": (_package(("xl/workbook.xml", WORKBOOK), ("a.xml", b"0" * 90_000_000)), "没有打开"),
    "an old bomb": (
        old_book({n: sheet([["村"]], more=cell(65_535, 255, "远")) for n in "甲乙丙"}),
        "解开后太大",
    ),
    "too many parts": (
        _package(("xl/workbook.xml", WORKBOOK), *((f"{n}", "") for n in range(MAX_MEMBERS + 1))),
        "没有打开",
    ),
    "a path upwards": (_package(("xl/workbook.xml", WORKBOOK), ("../x", "1")), "路径或链接可疑"),
    "an entity": (
        _package(("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]>' + WORKBOOK)),
        "不该有的声明",
    ),
    "macros": (
        _package(("xl/workbook.xml", WORKBOOK), ("xl/vbaProject.bin", b"1")), "不带宏的 .xlsx",
    ),
    "another package": (_package(("word/document.xml", "<a/>")), "不是 Excel 工作簿"),
    "html named xlsx": (b"<html><table><tr><td>1</td></tr></table></html>", "网页格式"),
    "locked": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100 + "EncryptedPackage".encode("utf-16-le"),
        "去掉密码",
    ),
    "two encodings": (as_csv(PERSON) + as_csv(PERSON, encoding="gb18030"), "文字编码与别处不同"),
    "nothing": (b"", "不是表格文件"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "不是表格文件"),
    "a far cell": (_book(edit=lambda book: book.active.cell(900_000, 1, "x")), "表太长"),
    "broken": (b"PK\x03\x04" + b"\0" * 50, "已损坏"),
}  # fmt: skip
# What refuses the row, as the page says it.
CELLS = {
    "an ID kept as a number": ({"身份证号": 1.10105e17}, "身份证号存成了数字"),
    "digits lost": ({"身份证号": ZHANG[:15] + "000"}, "末几位已经丢失"),
    "another check digit": (
        {"身份证号": ZHANG[:-1] + ("1" if ZHANG[-1] != "1" else "2")},
        "校验码",
    ),
    "a superscript": ({"户号": "²"}, "户号里有不该有的字符"),
    "arabic digits": ({"户号": "٣"}, "户号里有不该有的字符"),
    "a fraction": ({"户号": 1.5}, "户号不是整数"),
    "another township's village": ({"村": "下湾村"}, "没有叫这个名字的村"),
    "no name": ({"姓名": ""}, "没有填姓名"),
}


@pytest.mark.parametrize("content", READ.values(), ids=READ)
def test_what_can_be_read_is_read_whatever_it_is_called(desk, content):
    answer = desk.upload(content, name="农户.xlsx")
    assert answer.status_code == 302, said(answer)
    number = ImportBatch.objects.get().pk
    assert "新增 1" in desk.columns(number)
    assert MARK in desk.page(number, "check", "?tab=added")


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_with_words(desk, content, words):
    before = register()
    answer = desk.upload(content, name="农户.xlsx")
    assert answer.status_code == 400
    assert words in said(answer)
    assert not ImportBatch.objects.exists()
    assert register() == before
    (event,) = AuditEvent.objects.filter(what__startswith="refused.")
    assert event.what == "refused.file_not_readable"


@pytest.mark.parametrize(("cells", "words"), CELLS.values(), ids=CELLS)
def test_a_cell_that_cannot_be_meant_refuses_its_row(desk, cells, words):
    other = make_id_number(order=44)
    good = row("王五", 户号="9", 身份证号=other)
    desk.upload(_book(HEADER, _line(PERSON | cells), _line(good)), name="农户.xlsx")
    number = ImportBatch.objects.get().pk
    text = desk.columns(number)
    assert words in text
    assert "出错 1" in text
    desk.write(number, rows="good")
    assert [one.name for one in Member.objects.all()] == ["王五"]


def test_a_formula_without_a_value_is_an_empty_cell(desk):
    desk.upload(_book(HEADER, _line(PERSON | {"备注": '=HYPERLINK("x")'})), name="农户.xlsx")
    number = ImportBatch.objects.get().pk
    desk.columns(number)
    desk.write(number)
    assert Member.objects.get().note == ""


def test_a_file_over_the_limit_is_refused_with_words(desk, monkeypatch):
    monkeypatch.setattr(import_batches, "MOST_BYTES", 100)
    answer = desk.upload(as_csv(PERSON))
    assert answer.status_code == 400
    assert "没有收下。请分成几个文件" in said(answer)
    assert AuditEvent.objects.filter(what="refused.file_is_too_big").count() == 1
