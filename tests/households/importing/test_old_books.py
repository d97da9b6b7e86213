"""Old workbooks (.xls) are read beside the product, where a bomb ends nothing but itself."""

import struct
from datetime import date
from pathlib import Path

import pytest

from households.importing import old_book_reader
from households.importing.errors import FileNotReadable
from households.importing.sheets import open_sheets
from tests.households.importing.conftest import HEADER
from tests.households.importing.old_book import cell, old_book, record, sheet, text

AREA_B2_C2 = record(0x00E5, bytes([1, 0, 1, 0, 1, 0, 1, 0, 2, 0]))
TOO_BIG = "解开后太大"


@pytest.fixture
def save(tmp_path):
    def saved(content: bytes) -> Path:
        path = tmp_path / "农户.xls"
        path.write_bytes(content)
        return path

    return saved


def rows_of(path: Path) -> list:
    (only,) = open_sheets(path)
    return [cells for _number, cells in only.rows()]


def test_an_old_workbook_is_read_like_a_new_one(save, read, citizen_id):
    rows = [
        ["2026年农户表"],
        HEADER,
        ["窦庄村", "1组", "001", "王伟", "王 伟", "户主", citizen_id(), "13900000001"],
        ["窦庄村", "1组", "001", "王伟", "李𠮷", "妻", citizen_id(2), 13900000002.0],
    ]
    found = read(save(old_book({"户籍表": sheet(rows)})))
    assert (found.sheet, found.people, found.refused) == ("户籍表", 2, [])
    (household,) = found.households
    assert [(one.row, one.name, one.phone) for one in household.members] == [
        (3, "王伟", "13900000001"),
        (4, "李𠮷", "13900000002"),
    ]


def test_t06_an_id_kept_as_a_number_is_seen_to_have_lost_digits(save, read):
    row = ["窦庄村", "1组", "001", "王伟", "王伟", "户主", 999999198503070018.0, ""]
    found = read(save(old_book({"户籍表": sheet([HEADER, row])})))
    assert [problem.code for problem in found.refused] == ["id_number_cell"]


def test_rows_keep_their_numbers_dates_their_kind_and_merges_their_place(save):
    body = sheet([[], ["", "户主", "电话"]], more=cell(2, 1, 46327.0, style=1) + AREA_B2_C2)
    (only,) = open_sheets(save(old_book({"户籍表": body})))
    assert [number for number, _cells in only.rows()] == [1, 2, 3]
    assert list(only.rows()) == list(only.rows())
    assert [cells for _number, cells in only.rows()][2][-1] == date(2026, 11, 1)
    assert len(only.merges) == 1


def test_hidden_sheets_are_not_read(save):
    book = old_book({"户籍表": sheet([["村"]]), "旧表": sheet([["组"]])}, hidden="旧表")
    assert [one.title for one in open_sheets(save(book))] == ["户籍表"]


def test_a_password_and_macros_are_named(save):
    locked = old_book({"户籍表": sheet([["村"]])}, locked=True)
    with pytest.raises(FileNotReadable, match="加了密码"):
        open_sheets(save(locked))
    with_macros = old_book({"户籍表": sheet([["村"]])}) + "_VBA_PROJECT_CUR".encode("utf-16-le")
    with pytest.raises(FileNotReadable, match="宏"):
        open_sheets(save(with_macros))


def test_t14_far_cells_are_refused_like_a_zip_bomb(save):
    far = sheet([["村"]], more=cell(65_535, 255, "远"))
    with pytest.raises(FileNotReadable, match=TOO_BIG):
        open_sheets(save(old_book({str(number): far for number in range(3)})))


def test_t12_a_false_size_takes_no_memory(save):
    size = record(0x0200, bytes([0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0]))
    with pytest.raises(FileNotReadable, match=TOO_BIG):
        open_sheets(save(old_book({"户籍表": sheet([["村"]], more=size)})))


def test_t17_one_long_word_in_many_cells_is_refused(save):
    words = record(0x00FC, struct.pack("<II", 1, 1) + text("村" * 4_000))
    cells = b"".join(
        record(0x00FD, struct.pack("<HHHI", row, column, 0, 0))
        for row in range(200)
        for column in range(100)
    )
    path = save(old_book({"户籍表": sheet([], more=cells)}, words=words))
    assert path.stat().st_size < 500_000
    with pytest.raises(FileNotReadable, match=TOO_BIG):
        open_sheets(path)


@pytest.mark.parametrize("cut", [600, 1_100, 1_700])
def test_a_file_cut_off_is_refused(save, cut):
    whole = old_book({"户籍表": sheet([["村", "组"]] * 50)})
    with pytest.raises(FileNotReadable, match="打不开"):
        open_sheets(save(whole[:cut]))


def test_the_reader_has_no_key(save, monkeypatch, tmp_path):
    monkeypatch.setenv("PII_KEYS", "secret")
    spy = tmp_path / "spy.py"
    spy.write_text(
        "import json, os, sys\n"
        "sys.stdout.write(json.dumps({'title': ','.join(os.environ), 'merges': []}) + '\\n')\n"
    )
    monkeypatch.setattr(old_book_reader, "__file__", str(spy))
    (only,) = open_sheets(save(old_book({"户籍表": sheet([["村"]])})))
    assert "PII_KEYS" not in only.title
