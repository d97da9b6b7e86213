import pytest

from households.importing.texts import is_blank, masked, shown, squeezed


@pytest.mark.parametrize(
    ("value", "mask"),
    [
        ("", ""),
        ("丁", "*"),
        ("王伟", "王*"),
        ("1990000", "19****0"),
        ("13800138000", "138******00"),
        ("11010519491231002X", "110*************2X"),
        (999999198110207507.0, "1.0E+18"),
        ("9" * 5000, "999***************99"),
        ("𠮷田一郎", "𠮷***"),
    ],
)
def test_masked_keeps_at_most_five_characters(value, mask):
    assert masked(value) == mask


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("3 组\n（东）", "3 组 （东）"),
        ("999999198110207507", "999*************07"),
        ("长" * 50, "长" * 40 + "…"),
        (3.0, "3"),
    ],
)
def test_shown_is_one_line_without_long_numbers(value, line):
    assert shown(value) == line


@pytest.mark.parametrize("cell", ["", " ", "\u3000\u00a0", "\u200b\ufeff", "\u200d"])
def test_is_blank_sees_through_invisible_characters(cell):
    assert is_blank(cell)


def test_is_blank_leaves_zero_and_no_alone():
    assert not is_blank(0.0)
    assert not is_blank(False)


def test_squeezed_changes_width_and_drops_white_space():
    assert squeezed(" １２ ３Ｘ\u3000") == "123X"
