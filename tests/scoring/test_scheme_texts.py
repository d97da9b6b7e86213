"""A scheme as lines one can read aloud."""

from desk.demo.schemes import CREDIT, TEN_STARS
from scoring.scheme_texts import scheme_lines


def test_a_star_scheme_says_what_each_star_takes():
    lines = scheme_lines(TEN_STARS, names={"P02": "打扫庭院", "M01": "乱堆乱放"})
    assert lines[0] == "爱党爱国星（必得）：由评议决定"
    assert "整洁健康星：打扫庭院满2次，并且没有乱堆乱放" in lines
    assert lines[-3:] == ["铜星：满5颗星", "银星：满8颗星", "金星：满10颗星"]


def test_a_credit_scheme_says_its_floors():
    lines = scheme_lines(CREDIT, names={})
    assert lines[:2] == ["起始分：50分", "AAA：满90分"]
    assert lines[-1] == "D：不到以上各级"


def test_a_scheme_says_what_bars_and_the_other_way_to_a_star():
    either = [
        {"kind": "item_points", "items": ["P1"], "at_least": 3},
        {"kind": "decision"},
    ]
    data = {
        "stars": [{"code": "a", "name": "好学星", "criterion": {"kind": "any", "of": either}}],
        "vetoed": "D",
        "vetoes": [{"code": "v", "name": "生效文书"}],
    }
    assert scheme_lines(data, names={}) == [
        "好学星：P1满3分，或者由评议决定",
        "有一票否决的：D",
        "一票否决：生效文书",
    ]
