import pytest

from notices.masking import masked_name
from notices.rows import asked, find, rows_of
from tests.notices.stage import CODE_ONLY, HEADS, MONTH, content

LABELS = {key: "" if key in CODE_ONLY else masked_name(name) for key, name in HEADS.items()}
ROWS = rows_of(content(MONTH), LABELS)


def keys(typed: str) -> list[str]:
    return [f"{row.group}/{row.number}" for row in find(ROWS, asked(typed))]


def test_rows_keep_the_sealed_order_and_know_their_place():
    assert [(row.place, row.group, row.number, row.label) for row in ROWS] == [
        (1, "2组", "005", "买**·艾*"),
        (2, "2组", "006", "（未登记）"),
        (3, "3组", "027", "张*三"),
        (4, "3组", "028", ""),
        (5, "3组", "029", "张*三"),
        (6, "10组", "001", "欧阳*娜"),
    ]


def test_a_row_knows_its_page():
    many = rows_of(content(MONTH, [f"1组/{number:03}" for number in range(1, 102)]), {})
    assert [many[place - 1].page for place in (1, 50, 51, 100, 101)] == [1, 1, 2, 2, 3]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("027", ["3组/027"]),
        ("27", ["3组/027"]),
        ("０２７", ["3组/027"]),
        ("027户", ["3组/027"]),
        ("3组027", ["3组/027"]),
        ("3组·027户", ["3组/027"]),
        ("3-27", ["3组/027"]),
        ("2组027", []),
        ("1", ["10组/001"]),
        ("张", ["3组/027", "3组/029"]),
        ("张*三", ["3组/027", "3组/029"]),
        ("张小三", ["3组/027", "3组/029"]),
        ("欧", ["10组/001"]),
        ("欧阳", ["10组/001"]),
        ("欧阳娜娜", ["10组/001"]),
        ("买买提·艾力", ["2组/005"]),
        ("买买提•艾力", ["2组/005"]),
        ("买**.艾*", ["2组/005"]),
        ("王刚", []),
        ("王", []),
        ("", []),
        ("13812345678", []),
        ("' OR 1=1--", []),
    ],
)
def test_find_reads_household_numbers_surnames_and_masked_names(typed, found):
    assert keys(typed) == found


@pytest.mark.parametrize("name", ["张小三", "王刚", "买买提·艾力", "13812345678"])
def test_p_25_what_is_shown_back_is_never_a_full_name(name):
    assert asked(name) == masked_name(name)


@pytest.mark.parametrize("typed", ["3组", "３组", " 3 组 ", "\u202e3组"])
def test_a_group_finds_its_rows(typed):
    assert keys(typed) == ["3组/027", "3组/028", "3组/029"]


@pytest.mark.parametrize("typed", ["²⁷", "½", "\u202e", "\x00"])
def test_signs_that_are_no_digits_find_nothing(typed):
    assert keys(typed) == []
