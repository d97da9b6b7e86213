"""Rows into households: what is carried down, what is refused, what is left out."""

from datetime import date

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

PLAIN = ["村", "组别", "户号", "户主姓名", "姓名", "与户主关系", "身份证号", "联系电话"]


def places(found):
    return [
        (h.village, h.group, h.number, h.head_name, [m.name for m in h.members])
        for h in found.households
    ]


def outcomes(problems):
    return [(bad.row, bad.column, bad.code) for bad in problems]


def test_empty_repeated_cells_are_read_from_above(read_rows, citizen_id):
    found = read_rows(
        ["石台村", "1组", "001", "王伟", "王伟", "户主", citizen_id(1)],
        [None, None, None, None, "李娜", "妻", citizen_id(2)],
        [None, None, "002", "赵强", "赵强", "户主", citizen_id(3)],
        [],
        [None, " ", "\u3000", None, "赵明", "子", citizen_id(4)],
        [None, "2组", "001", "孙丽", "孙丽", "户主", citizen_id(5)],
        ["窦庄村", "1组", "001", "周杰", "周杰", "户主", citizen_id(6)],
    )
    assert places(found) == [
        ("石台村", "1组", "001", "王伟", ["王伟", "李娜"]),
        ("石台村", "1组", "002", "赵强", ["赵强", "赵明"]),
        ("石台村", "2组", "001", "孙丽", ["孙丽"]),
        ("窦庄村", "1组", "001", "周杰", ["周杰"]),
    ]
    assert (found.people, found.accepted, found.refused, found.warned) == (6, 6, [], [])


def test_merged_household_cells_are_read_like_empty_ones(save_xlsx, read, citizen_id):
    path = save_xlsx(
        [
            PLAIN,
            ["石台村", "1组", "001", "王伟", "王伟", "户主", citizen_id(1)],
            ["石台村", "1组", "001", "王伟", "李娜", "妻", citizen_id(2)],
            ["石台村", "1组", "002", "赵强", "赵强", "户主", citizen_id(3)],
        ],
        merge=["A2:A4", "B2:B4", "C2:C3", "D2:D3"],
    )
    assert places(read(path)) == [
        ("石台村", "1组", "001", "王伟", ["王伟", "李娜"]),
        ("石台村", "1组", "002", "赵强", ["赵强"]),
    ]


def test_spellings_of_one_place_are_one_household(read_rows, citizen_id):
    found = read_rows(
        ["石台村", "1组", "001", "王伟", "王伟", "户主", citizen_id(1)],
        ["石台村村委会", "第一村民小组", 1, "王 伟", "李娜", "妻", citizen_id(2)],
    )
    assert places(found) == [("石台村", "1组", "001", "王伟", ["王伟", "李娜"])]


@pytest.mark.parametrize(
    "second",
    [
        [None, None, None, "赵强", "赵强", "户主"],
        [None, None, None, None, "赵强", "户主"],
        [None, "2组", None, None, "赵强", "子"],
        ["窦庄村", None, None, None, "赵强", "子"],
        [None, None, None, "赵强", "赵明", "子"],
    ],
)
def test_a_forgotten_household_number_is_refused_not_guessed(read_rows, citizen_id, second):
    found = read_rows(
        ["石台村", "1组", "001", "王伟", "王伟", "户主", citizen_id(1)],
        [*second, citizen_id(2)],
        [None, None, None, None, "赵小", "女", citizen_id(3)],
    )
    assert places(found) == [("石台村", "1组", "001", "王伟", ["王伟"])]
    assert outcomes(found.refused) == [
        (3, "户号", "number_missing"),
        (4, "户号", "number_missing"),
    ]


def test_first_row_without_place_or_number_is_refused(read_rows, citizen_id):
    found = read_rows(
        [None, "1组", "001", "王伟", "王伟", "户主", citizen_id(1)],
        ["石台村", None, "001", "王伟", "王伟", "户主", citizen_id(2)],
        ["石台村", "1组", None, "王伟", "王伟", "户主", citizen_id(3)],
        ["石台村", "1组", "-3", "王伟", "王伟", "户主", citizen_id(4)],
    )
    assert found.households == []
    assert found.people == 4
    # Row 3 takes no group from row 2: that group was of no village.
    assert outcomes(found.refused) == [
        (2, "村", "place_missing"),
        (3, "组别", "place_missing"),
        (4, "户号", "number_missing"),
        (5, "户号", "number_unreadable"),
    ]


def test_a_group_is_not_carried_into_another_village(read_rows, citizen_id):
    found = read_rows(
        ["石台村", "1组", "001", "王伟", "王伟", "户主", citizen_id(1)],
        ["窦庄村", None, "001", "赵强", "赵强", "户主", citizen_id(2)],
    )
    assert outcomes(found.refused) == [(3, "组别", "place_missing")]


def test_one_number_for_two_heads_is_refused_with_the_row(read_rows, citizen_id):
    found = read_rows(
        ["石台村", "1组", "001", "王伟", "王伟", "户主", citizen_id(1)],
        ["石台村", "1组", "001", "赵强", "赵强", "户主", citizen_id(2)],
    )
    assert outcomes(found.refused) == [(3, "户主姓名", "number_taken")]
    assert "第 2 行" in found.refused[0].reason
    assert found.refused[0].value == "赵*"


def test_second_head_of_a_household_is_refused(read_rows, citizen_id):
    found = read_rows(
        ["石台村", "1组", "001", "王伟", "王伟", "户主", citizen_id(1)],
        ["石台村", "1组", "001", "王伟", "李娜", "户主", citizen_id(2)],
    )
    assert outcomes(found.refused) == [(3, "与户主关系", "second_head")]


def test_head_with_another_name_than_written_is_warned(read_rows, citizen_id):
    found = read_rows(["石台村", "1组", "001", "王伟", "李娜", "户主", citizen_id(1)])
    assert outcomes(found.warned) == [(2, "户主姓名", "head_name_differs")]
    assert found.households[0].head_name == "李娜"


def test_dots_of_two_kinds_are_one_name_and_stay_as_typed(read_rows, citizen_id):
    found = read_rows(
        ["石台村", "1组", "001", "买买提·艾力", "买买提•艾力", "户主", citizen_id(1)],
        ["石台村", "1组", "001", "买买提‧艾力", "阿依古丽·吐尔逊", "妻", citizen_id(2)],
    )
    assert (found.refused, found.warned) == ([], [])
    assert found.households[0].head_name == "买买提•艾力"


def test_refused_head_leaves_a_household_with_its_head_s_name(read_rows, citizen_id):
    found = read_rows(
        ["石台村", "1组", "001", "王伟", "王伟", "户主", "123"],
        ["石台村", "1组", "001", None, "李娜", "妻", citizen_id(2)],
        ["石台村", "1组", "002", None, "赵强", "户主", "123"],
    )
    assert places(found) == [
        ("石台村", "1组", "001", "王伟", ["李娜"]),
        ("石台村", "1组", "002", "赵强", []),
    ]
    assert [household.has_head for household in found.households] == [False, False]
    assert (found.people, found.accepted, len(found.refused)) == (3, 1, 2)


def test_head_is_known_by_name_where_no_relation_is_given(save_xlsx, read, citizen_id):
    path = save_xlsx(
        [
            ["村", "组别", "户号", "户主", "姓名", "身份证号"],
            ["石台村", "1组", "001", "王伟", "王 伟", citizen_id(1)],
            ["石台村", "1组", "001", "王伟", "李娜", citizen_id(2)],
        ]
    )
    assert [m.is_head for m in read(path).households[0].members] == [True, False]


def test_exact_repeats_change_nothing_wherever_they_stand(read_rows, citizen_id):
    head = ["石台村", "1组", "001", "王伟", "王伟", "户主", citizen_id(1), "13800138000"]
    wrong = ["石台村", "1组", "001", "王伟", "李娜", "妻", "123"]
    found = read_rows(head, wrong, head, wrong, ["石台村", "1组", "001", "王伟", *head[4:]])
    assert (found.people, found.accepted, len(found.refused)) == (2, 1, 1)
    assert found.unchanged_repeats == 3


def test_one_id_for_two_names_refuses_both_rows(read_rows, citizen_id):
    found = read_rows(
        ["石台村", "1组", "001", "王伟", "王伟", "户主", citizen_id(1), "12"],
        ["石台村", "1组", "002", "李娜", "李娜", "户主", citizen_id(1)],
        ["石台村", "1组", "002", "李娜", "李小", "子", citizen_id(1)],
    )
    assert outcomes(found.refused) == [(row, "身份证号", "id_twice") for row in (2, 3, 4)]
    assert "第 3 行" in found.refused[0].reason
    assert "第 2 行" in found.refused[1].reason
    assert "姓名不同" in found.refused[1].reason
    assert (found.people, found.accepted, found.warned) == (3, 0, [])
    assert [household.head_name for household in found.households] == ["王伟", "李娜"]


def test_one_person_in_two_households_is_refused_in_both(read_rows, citizen_id):
    found = read_rows(
        ["石台村", "1组", "001", "王伟", "王伟", "户主", citizen_id(1)],
        ["石台村", "1组", "002", "王伟", "王伟", "户主", citizen_id(1)],
    )
    assert outcomes(found.refused) == [(row, "身份证号", "id_twice") for row in (2, 3)]
    assert "内容不同" in found.refused[0].reason


def test_namesakes_are_two_persons(read_rows, citizen_id):
    found = read_rows(
        ["石台村", "1组", "001", "王伟", "王伟", "户主", citizen_id(1)],
        ["石台村", "1组", "002", "王伟", "王伟", "户主", citizen_id(2)],
    )
    assert (found.accepted, found.refused, found.warned) == (2, [], [])


def test_all_faults_of_a_row_are_told_at_once(read_rows):
    found = read_rows(["石台村", "1组", "001", "王伟", "", "户主", "123", "199"])
    (bad,) = found.refused
    assert [cell.column for cell in bad.cells] == ["姓名", "身份证号", "联系电话"]
    assert (bad.sheet, bad.row, bad.column, bad.value) == ("户籍表", 2, "姓名", "")
    assert "身份证号：" in bad.reason
    assert "联系电话：" in bad.reason
    assert found.warned == []
    assert bad.as_dict() == {
        "sheet": "户籍表",
        "row": 2,
        "column": "姓名",
        "value": "",
        "reason": bad.reason,
        "fix": bad.fix,
    }


def test_wrong_optional_cells_are_left_out_and_warned(read_rows, citizen_id):
    header = [*PLAIN, "性别", "出生日期", "是否外出", "备注"]
    lead = ["石台村", "1组", "001", "王伟"]
    found = read_rows(
        [*lead, "王伟", "户主", citizen_id(1), "1990000", "男", "1985-03-07", "是", "好"],
        [*lead, "李娜", "妻", citizen_id(2), None, "男", "1985-03-07", "否", None],
        [*lead, "王小", "子", citizen_id(3), None, None, "1985-03-08", None, None],
        [*lead, "王中", "子", citizen_id(5), None, "男", "1985-02-30", "也许", None],
        [*lead, "王大", "子", citizen_id(7), None, "男", "1985.3", "是", None],
        header=header,
    )
    assert outcomes(found.warned) == [
        (2, "联系电话", "phone_length"),
        (3, "性别", "sex_differs_from_id"),
        (4, "出生日期", "birth_differs_from_id"),
        (5, "是否外出", "away_unknown"),
    ]
    assert [cell.column for cell in found.warned[3].cells] == ["是否外出", "出生日期"]
    people = found.households[0].members
    assert [(m.phone, m.sex, m.away, m.note) for m in people] == [
        ("", "男", True, "好"),
        ("", "", False, ""),
        ("", "", None, ""),
        ("", "男", None, ""),
        ("", "男", True, ""),
    ]
    assert {m.birth_on for m in people} == {date(1985, 3, 7)}


def test_titles_totals_remarks_and_repeated_headers_are_no_persons(read_rows, citizen_id):
    lead = ["石台村", "1组", "001", "王伟"]
    found = read_rows(
        [*lead, "王伟", "户主", citizen_id(1)],
        ["本组小计", None, None, None, 1],
        PLAIN,
        [None, None, None, None, "李娜", "妻", citizen_id(2)],
        ["合 计", None, 1, None, 2, None, 2],
        [None, None, None, None, "总计：2人"],
        ["注：本表一式三份"],
        ["填表人：王伟", None, None, "审核人：李娜", "日期：2026年11月"],
        ["石台村", "1组"],
    )
    assert places(found) == [("石台村", "1组", "001", "王伟", ["王伟", "李娜"])]
    assert (found.people, found.refused) == (2, [])
    assert found.rows_left_out == [3, 4, 6, 7, 8, 9, 10]


def test_a_note_with_the_word_total_does_not_hide_a_person(read_rows):
    found = read_rows(["石台村", "1组", "001", "合计伟", "王合计", "子", None])
    assert outcomes(found.refused) == [(2, "身份证号", "id_missing")]


def test_csv_twins_of_a_sheet_read_alike(tmp_path, save_xlsx, read, citizen_id):
    rows = [
        PLAIN,
        ["石台村", "1组", "001", "王㛃", "王㛃", "户主", citizen_id(1), "+86 138 0013 8000"],
        ["", "", "", "", "李𠮷", "妻", citizen_id(2).lower(), ""],
        ["", "", "002", "马䶮", "马䶮", "户主", "1.10105E+17", ""],
    ]
    expected = read(save_xlsx(rows, name="册.xlsx"))
    assert (expected.accepted, outcomes(expected.refused)) == (
        2,
        [(4, "身份证号", "id_number_cell")],
    )
    text = "\r\n".join(",".join(row) for row in rows)
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(text.encode(encoding))
        found = read(path)
        assert found.households == expected.households
        assert outcomes(found.refused) == outcomes(expected.refused)


def test_birth_serials_follow_the_workbook_s_own_epoch(save_xlsx, read, citizen_id):
    def count_from_1904(book):
        book.epoch = CALENDAR_MAC_1904

    row = ["石台村", "1组", "001", "王伟", "王伟", "户主", citizen_id(1), None]
    rows = [[*PLAIN, "出生日期"], [*row, (date(1985, 3, 7) - date(1904, 1, 1)).days]]
    assert read(save_xlsx(rows, edit=count_from_1904)).warned == []
    assert outcomes(read(save_xlsx(rows)).warned) == [(2, "出生日期", "birth_differs_from_id")]


def test_refusals_never_echo_a_full_number(read_rows, citizen_id):
    number = citizen_id(1)
    found = read_rows(
        ["石台村", "1组", "001", "王伟", "王伟", "户主", number[:-1] + "?", "138001380001"],
        [number, "1组", "-" + number, "王伟", "王伟", "户主", number],
    )
    for bad in found.refused:
        told = "".join(str(part) for part in bad.as_dict().values()) + repr(bad)
        assert number[:17] not in told
        assert "138001380001" not in told
    assert number not in repr(found.households)
