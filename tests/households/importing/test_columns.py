import pytest

from households.importing.columns import Choice
from households.importing.errors import ColumnsAmbiguous, ColumnsMissing
from households.importing.headings import Field, field_of, heading_key, is_of_household

PLAIN = ["村", "组别", "户号", "户主姓名", "姓名", "与户主关系", "身份证号"]


@pytest.fixture
def line(citizen_id):
    return ["石台村", "1组", "001", "王伟", "王伟", "户主", citizen_id()]


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("村（社区）", Field.VILLAGE),
        ("行政村", Field.VILLAGE),
        ("所属村", Field.VILLAGE),
        ("村民小组", Field.GROUP),
        ("小 组", Field.GROUP),
        ("组", Field.GROUP),
        ("户编号", Field.NUMBER),
        ("门牌户号", Field.NUMBER),
        ("户\u3000号", Field.NUMBER),
        ("户主", Field.HEAD_NAME),
        ("姓名（户主）", Field.HEAD_NAME),
        ("*姓名", Field.NAME),
        ("家庭成员", Field.NAME),
        ("成员姓名", Field.NAME),
        ("关系", Field.RELATION),
        ("公民身份号码", Field.ID_NUMBER),
        ("证件号码", Field.ID_NUMBER),
        ("身份证号码（18位）", Field.ID_NUMBER),
        ("身份证号\n（必填）", Field.ID_NUMBER),
        ("手机号", Field.PHONE),
        ("电话：", Field.PHONE),
        ("出生年月", Field.BIRTH),
        ("性　别", Field.SEX),
        ("是否外出", Field.AWAY),
        ("备注", Field.NOTE),
    ],
)
def test_field_of_knows_the_words_of_other_townships(heading, wanted):
    found = field_of(heading)
    assert found is not None
    assert found[1] is wanted


@pytest.mark.parametrize("heading", ["", "序号", "民族", "户主身份证号", "户主联系电话", "村干部"])
def test_field_of_leaves_other_columns_alone(heading):
    assert field_of(heading) is None


def test_columns_of_the_head_alone_are_told_from_those_of_the_row():
    assert is_of_household("户主身份证号")
    assert not is_of_household("身份证号")
    assert not is_of_household("户主姓名")
    assert heading_key(" ＊身份证　号（必填）") == "身份证号必填"


def test_header_is_found_below_other_lines_and_in_other_order(save_xlsx, read, citizen_id):
    path = save_xlsx(
        {
            "填表说明": [["1. 身份证号按文本填写"], ["2. 户号为三位数"]],
            "2026年": [
                ["某镇农户信息汇总表"],
                ["填报单位：某镇", None, None, "日期：2026年11月"],
                [],
                ["序号", "公民身份号码", "家庭成员", "关系", "户主", "门牌户号", "小组", "行政村"],
                [1, citizen_id(), "王伟", "户主", "王伟", "001", "一组", "石台村村委会"],
            ],
        }
    )
    found = read(path)
    assert found.sheet == "2026年"
    (household,) = found.households
    assert (household.village_key, household.group_key, household.number) == ("石台村", "1", "001")
    assert [member.row for member in household.members] == [5]
    assert found.headings["id_number"] == "公民身份号码"


def test_two_line_merged_header_is_read_by_both_lines(save_xlsx, read, citizen_id):
    path = save_xlsx(
        [
            ["农户信息表"],
            ["村", "组", "户号", "户主", None, "家庭成员", None, None, "备注"],
            [None, None, None, "姓名", "身份证号", "姓名", "关系", "身份证号", None],
            ["石台村", 1, "001", "王伟", citizen_id(1), "王伟", "户主", citizen_id(1), None],
            [None, None, None, None, None, "李娜", "妻", citizen_id(2), "外嫁"],
        ],
        merge=["A1:I1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:H2", "I2:I3"],
    )
    found = read(path)
    (household,) = found.households
    assert household.head_name == "王伟"
    assert [(m.name, m.id_number, m.note) for m in household.members] == [
        ("王伟", citizen_id(1), ""),
        ("李娜", citizen_id(2), "外嫁"),
    ]
    assert not found.refused


def test_two_line_header_without_merges_is_read_too(save_xlsx, read, citizen_id):
    path = save_xlsx(
        [
            ["村", "组", "户号", "户主", "家庭成员", None, "身份证号"],
            [None, None, None, None, "姓名", "关系", None],
            ["石台村", 1, "001", "王伟", "王伟", "户主", citizen_id()],
        ]
    )
    found = read(path)
    assert (found.people, found.accepted) == (1, 1)
    assert found.headings["name"] == "姓名"
    assert found.headings["number"] == "户号"


def test_subheadings_that_nobody_knows_are_no_person(save_xlsx, read, line):
    path = save_xlsx(
        [[*PLAIN, "联系方式"], [*[None] * 7, "微信"], [*line, "13800138000"]],
        merge=[f"{letter}1:{letter}2" for letter in "ABCDEFG"],
    )
    found = read(path)
    assert (found.people, found.accepted) == (1, 1)


def test_missing_columns_are_named_with_those_found(save_xlsx, read):
    path = save_xlsx([["村", "户主姓名", "姓名", "电话"], ["石台村", "王伟", "王伟", "1"]])
    with pytest.raises(ColumnsMissing) as refusal:
        read(path)
    assert "组别、户号、身份证号" in str(refusal.value)
    assert "村、户主姓名、姓名、电话" in str(refusal.value)


def test_file_without_any_header_is_refused(save_xlsx, read):
    with pytest.raises(ColumnsMissing, match="没有找到"):
        read(save_xlsx([["会议记录"], ["2026年"]]))


def test_header_without_rows_is_refused(save_xlsx, read):
    with pytest.raises(ColumnsMissing, match="没有内容"):
        read(save_xlsx([PLAIN, [None, " "]]))


def test_same_heading_twice_is_refused_not_guessed(save_xlsx, read, line):
    with pytest.raises(ColumnsAmbiguous, match="身份证号"):
        read(save_xlsx([[*PLAIN, "身份证号"], [*line, "x"]]))


def test_of_two_like_columns_the_plainer_is_read(save_xlsx, read, line):
    found = read(save_xlsx([["证件号码", *PLAIN], ["A123", *line]]))
    assert found.headings["id_number"] == "身份证号"
    assert found.accepted == 1


def test_several_fitting_sheets_are_refused_until_one_is_chosen(save_xlsx, read, line, citizen_id):
    other = [*line[:2], "002", *line[3:6], citizen_id(2)]
    path = save_xlsx({"一村": [PLAIN, line], "二村": [PLAIN, other]})
    with pytest.raises(ColumnsAmbiguous, match="一村、二村"):
        read(path)
    found = read(path, choice=Choice(sheet="二村"))
    assert [household.number for household in found.households] == ["002"]


def test_example_sheets_and_empty_forms_do_not_compete(save_xlsx, read, line):
    path = save_xlsx({"填写示例": [PLAIN, line], "空表": [PLAIN], "户籍表": [PLAIN, line]})
    assert read(path).sheet == "户籍表"


def test_a_person_may_choose_header_columns_and_fixed_values(save_xlsx, read, citizen_id):
    path = save_xlsx(
        [
            ["某村的名册"],
            ["编号", "谁", "证", "组"],
            ["001", "王伟", citizen_id(), "东头"],
        ]
    )
    choice = Choice(
        header_row=2,
        columns={Field.NUMBER: 0, Field.NAME: 1, Field.ID_NUMBER: 2},
        fixed={Field.VILLAGE: "石台村"},
    )
    found = read(path, choice=choice)
    (household,) = found.households
    assert (household.village, household.group, household.number) == ("石台村", "东头", "001")
    assert [member.name for member in household.members] == ["王伟"]


def test_a_fixed_empty_group_allows_villages_without_groups(save_xlsx, read, citizen_id):
    path = save_xlsx([["村", "户号", "姓名", "身份证号"], ["石台村", "1", "王伟", citizen_id()]])
    found = read(path, choice=Choice(fixed={Field.GROUP: ""}))
    assert [(h.group, h.number) for h in found.households] == [("", "1")]
