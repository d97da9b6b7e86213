"""A full name or a number is found wherever it stands in the page; a masked one is not."""

import pytest

from notices.leaks import Line, leaks_in, lines_of

NAMES = frozenset({"张小三", "王刚", "欧阳娜娜"})
NUMBERS = frozenset({"34060219800305001X", "13812345678"})


def leaks(text: str, label: str = "") -> list[str]:
    line = Line(text=text, label=label)
    return [leak.what for leak in leaks_in([line], names=NAMES, numbers=NUMBERS)]


def test_lines_are_read_as_a_reader_sees_them():
    html = (
        "<h3>下湾村公示</h3><table><tr><th>3组·027户</th>"
        '<td class="who">张*三</td><td class="plus">加5分</td><td>128分</td></tr></table>'
    )
    assert lines_of(html) == [
        Line(text="下湾村公示", label=""),
        Line(text="3组·027户 张*三 加5分 128分", label="张*三"),
    ]


@pytest.mark.parametrize("label", ["张*三", "欧阳*娜", "王*", "", "（未登记）", "只公开户号"])
def test_masked_labels_pass(label):
    assert leaks(f"3组·027户 {label} 加5分 2026分", label) == []


@pytest.mark.parametrize("label", ["张小三", "王刚", "王刚家", "欧阳娜娜"])
def test_a_full_name_in_a_label_is_found(label):
    assert leaks(f"3组·027户 {label}", label) == ["name"]


def test_a_name_of_three_is_found_anywhere_and_one_of_two_in_labels_only():
    assert leaks("张小三的积分公示") == ["name"]
    assert leaks("王刚组·027户") == []


@pytest.mark.parametrize(
    "text",
    ["34060219800305001X", "电话13812345678", "尾号2345678", "110101199003071234", "13912341234"],
)
def test_digits_of_a_number_are_found(text):
    assert leaks(text) == ["number"]


def test_four_digits_are_a_year_outside_a_label_and_a_number_inside():
    assert leaks("2026年 1980分") == []
    assert leaks("3组·027户 5678", "5678") == ["number"]
