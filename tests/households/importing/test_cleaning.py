from datetime import date, datetime

import pytest

from households.importing import cleaning
from households.importing.problems import Problem

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("王伟", "王伟"),
        ("王 伟", "王伟"),
        ("付\u3000宁", "付宁"),
        (" 王\u00a0伟\u3000", "王伟"),
        ("王\u200b伟", "王伟"),
        ("\ufeff王\u00ad伟\u202e", "王伟"),
        ("王\n伟", "王伟"),
        ("李 𠮷", "李𠮷"),
        ("𠮷 田", "𠮷田"),
        ("王㛃", "王㛃"),
        ("马䶮", "马䶮"),
        ("\ue863 龙", "\ue863龙"),
        ("\uf9d4 明", "\uf9d4明"),
        ("葛\U000e0100 城", "葛\U000e0100城"),
        ("买买提·艾力", "买买提·艾力"),
        ("买买提•艾力", "买买提•艾力"),
        ("买买提‧艾力", "买买提‧艾力"),
        ("买买提・艾力", "买买提・艾力"),
        ("买买提 · 艾力", "买买提 · 艾力"),
        ("阿卜杜热合曼·阿卜杜克热木江·买买提依明", "阿卜杜热合曼·阿卜杜克热木江·买买提依明"),
        ("欧阳 娜", "欧阳娜"),
        ("丁", "丁"),
        ("Anna Lee", "Anna Lee"),
        ("Zoe\u0301", "Zoe\u0301"),
        ("Ａｎｎａ", "Ａｎｎａ"),
        ("Null", "Null"),
        ("None", "None"),
        ("' OR 1=1--", "' OR 1=1--"),
        ("<b>", "<b>"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("王\0伟", "王伟"),
    ],
)
def test_clean_name_takes_only_white_space_between_han(typed, name):
    assert cleaning.clean_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "name_missing"),
        (" \u3000\u200b", "name_missing"),
        (16336.0, "name_unreadable"),
        (True, "name_unreadable"),
        ("123", "name_unreadable"),
        ("--", "name_unreadable"),
        ("王" * 51, "name_unreadable"),
    ],
)
def test_clean_name_refuses_what_is_no_name(typed, code):
    assert cleaning.clean_name(typed).code == code


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002X",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002x",
        "'11010519491231002X",
        "\u202e11010519491231002X\u200b",
        "\u00a011010519491231002X\u3000",
    ],
)
def test_clean_id_reads_every_way_of_typing_it(typed):
    assert cleaning.clean_id(typed, on=TODAY) == "11010519491231002X"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "id_missing"),
        (1.10105e17, "id_number_cell"),
        (110105194912310000.0, "id_number_cell"),
        (110105491231002.0, "id_number_cell"),
        (5.0, "id_number_cell"),
        (datetime.fromisoformat("2020-01-02"), "id_number_cell"),
        ("1.10105E+17", "id_number_cell"),
        ("1.10105e+17", "id_number_cell"),
        ("1.10105194912310E+17", "id_number_cell"),
        ("110105194912310000", "id_number_cell"),
        ("110105491231002", "id_old_fifteen"),
        ("1101051949123100", "id_length"),
        ("H1234567800", "id_length"),
        ("暂无", "id_length"),
        ("²10105194912310021", "id_characters"),
        ("٣10105194912310021", "id_characters"),
        ("½10105194912310021", "id_characters"),
        ("110105194902300021", "id_birth_date"),
        ("110105203001010021", "id_birth_date"),
        ("000000000000000000", "id_birth_date"),
        ("110105194912310021", "id_check_digit"),
    ],
)
def test_clean_id_refuses_and_never_guesses(typed, code):
    assert cleaning.clean_id(typed, on=TODAY).code == code


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("", ""),
        ("  ", ""),
        ("13800138000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("86-13800138000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("(+86)138-0013-8000", "13800138000"),
        ("'13800138000", "13800138000"),
        ("138\u20110013\u20118000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("＋８６　１３８００１３８０００", "13800138000"),
        ("\u200b138\u00a00013\u00a08000", "13800138000"),
        (13800138000.0, "13800138000"),
    ],
)
def test_clean_phone_reads_every_way_of_typing_it(typed, phone):
    assert cleaning.clean_phone(typed) == phone


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1990000", "phone_length"),
        ("138001380000", "phone_length"),
        ("12345678901", "phone_length"),
        ("13800138000、13900139000", "phone_characters"),
        ("无", "phone_characters"),
        ("1380013800²", "phone_characters"),
        ("٣3800138000", "phone_characters"),
        (138.5, "phone_length"),
        (True, "phone_characters"),
        (datetime.fromisoformat("2020-01-02"), "phone_characters"),
        ("1" * 50_000, "phone_length"),
        ("- " * 25_000 + "x", "phone_characters"),
    ],
)
def test_clean_phone_names_what_is_wrong(typed, code):
    assert cleaning.clean_phone(typed).code == code


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("001", "001"),
        (1.0, "1"),
        ("０１２", "012"),
        (" 12-3 ", "12-3"),
        ("东5号", "东5号"),
        ("'007", "007"),
    ],
)
def test_clean_number_keeps_the_number_as_written(typed, number):
    assert cleaning.clean_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "number_missing"),
        (1.5, "number_unreadable"),
        ("-1", "number_unreadable"),
        (-1.0, "number_unreadable"),
        ("²", "number_unreadable"),
        ("٣", "number_unreadable"),
        ("½", "number_unreadable"),
        ("1" * 21, "number_unreadable"),
        (datetime.fromisoformat("2026-01-02"), "number_unreadable"),
        (True, "number_unreadable"),
        (1e300, "number_unreadable"),
    ],
)
def test_clean_number_refuses_what_is_none(typed, code):
    assert cleaning.clean_number(typed).code == code


@pytest.mark.parametrize(
    ("typed", "place"), [(" 石台 村", "石台村"), (3.0, "3"), ("第３组", "第3组"), ("", "")]
)
def test_clean_place_reads_a_name(typed, place):
    assert cleaning.clean_place(typed) == place


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (datetime.fromisoformat("2026-01-02"), "place_date"),
        (1.5, "place_fraction"),
        ("村" * 31, "place_long"),
    ],
)
def test_clean_place_refuses_what_is_none(typed, code):
    assert cleaning.clean_place(typed).code == code


@pytest.mark.parametrize(
    ("clean", "typed", "value"),
    [
        (cleaning.clean_sex, "男", "男"),
        (cleaning.clean_sex, " 女性", "女"),
        (cleaning.clean_sex, "", ""),
        (cleaning.clean_away, "是", True),
        (cleaning.clean_away, "否", False),
        (cleaning.clean_away, "√", True),
        (cleaning.clean_away, 0.0, False),
        (cleaning.clean_away, True, True),
        (cleaning.clean_away, "", None),
        (cleaning.clean_relation, "长 子", "长子"),
        (cleaning.clean_note, " 低保\u200b户 ", "低保户"),
    ],
)
def test_smaller_columns_are_read(clean, typed, value):
    assert clean(typed) == value


@pytest.mark.parametrize(
    ("clean", "typed"),
    [
        (cleaning.clean_sex, "3"),
        (cleaning.clean_away, "也许"),
        (cleaning.clean_relation, "很" * 21),
        (cleaning.clean_note, "长" * 201),
    ],
)
def test_smaller_columns_name_what_they_cannot_read(clean, typed):
    assert isinstance(clean(typed), Problem)
