import pytest

from villages.area_codes import Kind, UnreadableDivisions, display_name, kind_of, read_places

HEADER = "province,city,county_code,county,township_code,township,village_code,village"
DOUZHUANG = "安徽省,淮北市,340602,杜集区,340602101,石台镇,340602101201,窦庄村委会"


def table(*rows: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join((HEADER, *rows)).encode(encoding)


@pytest.mark.parametrize(
    ("official", "name"),
    [
        ("窦庄村委会", "窦庄村"),
        ("窦庄村民委员会", "窦庄村"),
        ("北村村委会", "北村"),
        ("大罗村村委会", "大罗村"),
        ("大罗村村民委员会", "大罗村"),
        ("下湾村", "下湾村"),
        ("童台社区居委会", "童台社区"),
        ("子张湖社区居民委员会", "子张湖社区"),
        ("庙前居委会", "庙前社区"),
        ("前进村居委会", "前进村"),
        ("开发区虚拟社区", "开发区虚拟社区"),
        ("东风农场生活区", "东风农场生活区"),
        ("村委会", "村委会"),
    ],
)
def test_display_name_is_what_people_say(official, name):
    assert display_name(official) == name


@pytest.mark.parametrize(
    ("official", "code", "kind"),
    [
        ("窦庄村委会", "340602101201", Kind.VILLAGE),
        ("庙前居委会", "341723102001", Kind.COMMUNITY),
        ("前进村居委会", "341723102001", Kind.COMMUNITY),
        ("开发区虚拟社区", "341723400498", Kind.COMMUNITY),
        ("东风农场生活区", "341723400498", Kind.COMMUNITY),
        ("东风农场生产队", "341723400598", Kind.VILLAGE),
    ],
)
def test_kind_follows_the_name_then_the_code(official, code, kind):
    assert kind_of(official, code) is kind


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_read_places_takes_the_encodings_of_spreadsheets(encoding):
    [place] = read_places(table(DOUZHUANG, encoding=encoding))
    assert (place.province, place.city, place.county) == ("安徽省", "淮北市", "杜集区")
    assert (place.township_code, place.township) == ("340602101", "石台镇")
    assert (place.code, place.official_name) == ("340602101201", "窦庄村委会")
    assert (place.name, place.kind) == ("窦庄村", Kind.VILLAGE)


def test_read_places_forgives_full_width_digits_spaces_empty_lines_and_repeats():
    sloppy = DOUZHUANG.replace("340602101201", " ３４０６０２１０１２０１").replace(
        "窦庄", "窦\u3000庄"
    )
    assert read_places(table(DOUZHUANG, ",,,,,,,", sloppy)) == read_places(table(DOUZHUANG))


def test_read_places_takes_columns_in_any_order():
    text = "village,Village_Code,township,township_code,county,city,province\n"
    text += "窦庄村委会,340602101201,石台镇,340602101,杜集区,淮北市,安徽省\n"
    assert read_places(text.encode()) == read_places(table(DOUZHUANG))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [DOUZHUANG.replace("340602101201", "3.40602E+11")],
            "第2行village_code列：应为12位数字，现在是“3.40602E+11”。"
            "如果是表格软件改了它，请把这一列设成文本。",
        ),
        (
            [DOUZHUANG, DOUZHUANG.replace("340602101,", "34060210,")],
            "第3行township_code列：应为9位数字，现在是“34060210”。"
            "如果是表格软件改了它，请把这一列设成文本。",
        ),
        (
            [DOUZHUANG.replace("340602101201", "340602102201")],
            "第2行village_code列：340602102201不属于乡镇340602101：前9位应与乡镇代码相同。",
        ),
        ([DOUZHUANG.replace("窦庄村委会", "")], "第2行village列：是空的，请填写。"),
        ([DOUZHUANG.replace("石台镇", "石" * 41)], "第2行township列：太长，最多40个字。"),
        (
            [DOUZHUANG, DOUZHUANG.replace("窦庄", "刘庄")],
            "第3行village_code列：和第2行代码相同，内容不同。",
        ),
        (
            [DOUZHUANG, DOUZHUANG.replace("101201", "101202").replace("石台镇", "石台乡")],
            "第3行township列：和第2行同一个乡镇代码，乡镇、县、市或省的名称不同。",
        ),
        ([], "表里没有一个村，请检查文件。"),
    ],
)
def test_a_bad_cell_is_named_with_line_and_column(rows, message):
    with pytest.raises(UnreadableDivisions) as refusal:
        read_places(table(*rows))
    assert str(refusal.value) == message


def test_missing_columns_are_named():
    with pytest.raises(UnreadableDivisions) as refusal:
        read_places("province,city,county\n安徽省,淮北市,杜集区\n".encode())
    assert str(refusal.value) == (
        "第1行缺少列：township_code、township、village_code、village。第1行应为列名。"
    )


def test_a_file_that_is_no_text_is_refused():
    with pytest.raises(UnreadableDivisions, match="认不出文件的文字编码"):
        read_places(b"\xff\xff\xff")
