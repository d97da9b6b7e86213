"""Names are found however they are written or read."""

import pytest

from households.engine.spelling import alike, spelt, typed_pinyin


@pytest.mark.parametrize(
    ("name", "sound", "letters"),
    [
        ("单雄信", "shanxiongxin", "sxx"),
        ("仇英", "qiuying", "qy"),
        ("解缙", "xiejin", "xj"),
        ("曾小明", "zengxiaoming", "zxm"),
        ("区明", "ouming", "om"),
        ("查良镛", "zhaliangyong", "zly"),
        ("盖叫天", "gejiaotian", "gjt"),
        ("葛洪", "gehong", "gh"),
        ("任重", "renzhong", "rz"),
        ("华佗", "huatuo", "ht"),
        ("朴树", "piaoshu", "ps"),
        ("员半千", "yunbanqian", "ybq"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("万俟卨", "moqixie", "mqx"),
        ("吕布", "lvbu", "lb"),
    ],
)
def test_surnames_are_read_as_surnames(name, sound, letters):
    found = spelt(name)
    assert sound in found.pinyin.split()
    assert letters in found.initials.split()


def test_the_plain_reading_is_kept_beside_the_surname():
    assert spelt("曾小明").pinyin.split()[1:] == ["cengxiaoming"]
    assert spelt("吕布").pinyin.split() == ["lvbu", "lubu"]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("买买提·艾力", "买买提•艾力"),
        ("买买提·艾力", "买买提艾力"),
        ("張 峯", "张峰"),
        ("𠮷田", "吉田"),
        ("李喆", "李哲"),
        ("葛\U000e0100明", "葛明"),
    ],
)
def test_variants_are_alike(written, typed):
    assert alike(written) == alike(typed)


def test_different_names_are_not_alike():
    assert alike("张三") != alike("章三")


def test_pinyin_may_be_typed_with_spaces_and_signs():
    assert typed_pinyin("Zhang San'er") == "zhangsaner"
    assert typed_pinyin("lü") == "lv"
