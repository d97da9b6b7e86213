from datetime import date

import openpyxl
import pytest

from households.identity import check_digit
from households.importing.reading import read_file

TODAY = date(2026, 11, 21)
HEADER = ["村", "组别", "户号", "户主姓名", "姓名", "与户主关系", "身份证号", "联系电话"]


@pytest.fixture
def citizen_id():
    """Give right IDs of a region that does not exist."""

    def make(serial=1, born="19850307"):
        first = f"999999{born}{serial:03d}"
        return first + check_digit(first)

    return make


@pytest.fixture
def save_xlsx(tmp_path):
    """Write rows as a workbook: one sheet of rows, or a dict of them."""

    def save(rows, *, name="农户.xlsx", merge=(), edit=None):
        book = openpyxl.Workbook()
        book.remove(book.active)
        sheets = rows if isinstance(rows, dict) else {"户籍表": rows}
        for title, lines in sheets.items():
            sheet = book.create_sheet(title)
            for line in lines:
                sheet.append(line)
        for area in merge:
            book.worksheets[0].merge_cells(area)
        if edit:
            edit(book)
        path = tmp_path / name
        book.save(path)
        return path

    return save


@pytest.fixture
def read():
    """Read a file as known on one day."""

    def reading(path, **more):
        return read_file(path, on=TODAY, **more)

    return reading


@pytest.fixture
def read_rows(save_xlsx, read):
    """Read rows below the plain header."""

    def reading(*rows, header=HEADER, **more):
        return read(save_xlsx([header, *rows]), **more)

    return reading
