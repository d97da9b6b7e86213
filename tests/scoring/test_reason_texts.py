"""What the engine compared, told to a household."""

import json

import pytest

from scoring.engine.results import Reason, reasons_json
from scoring.reason_texts import sentences, star_names

NAMES = {"P02": "打扫庭院", "M01": "乱堆乱放"}
POINTS = Reason("category_points", ("人居环境整治",), 12, 15, met=True)
FEW = POINTS._replace(had=9, met=False)
TIMES = Reason("item_count", ("P02",), 2, 2, met=True)
CLEAN = Reason("none_of", ("M01",), 0, 0, met=True)
DECIDED = Reason("decision", ("loyal",), 1, 1, met=True, note="reviews.session:1")
STAR = Reason("star", ("green",), 1, 1, met=True, name="生态环保星", parts=(POINTS,))
LOYAL = Reason("required_star", ("loyal",), 1, 1, met=True, name="爱党爱国星", parts=(DECIDED,))


def told(*reasons: Reason) -> list[str]:
    return sentences(json.loads(reasons_json(reasons)), names=NAMES)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (POINTS, "人居环境整治要12分，有15分，够了"),
        (FEW, "人居环境整治要12分，有9分，还差3分"),
        (TIMES, "打扫庭院要2次，有2次，够了"),
        (TIMES._replace(had=0, met=False), "打扫庭院要2次，有0次，还差2次"),
        (Reason("item_points", ("P02", "P9"), 6, 7, met=True), "打扫庭院、P9要6分，有7分，够了"),
        (CLEAN, "没有乱堆乱放，符合"),
        (CLEAN._replace(had=2, met=False), "有乱堆乱放，共2次，一次也不能有"),
        (DECIDED, "评议给了这颗星"),
        (DECIDED._replace(had=0, met=False), "评议没有给这颗星"),
        (DECIDED._replace(had=0, met=False, note=""), "还没有评议"),
        (
            Reason("all", (), 2, 2, met=True, parts=(TIMES, CLEAN)),
            "打扫庭院要2次，有2次，够了；没有乱堆乱放，符合",
        ),
        (
            Reason("any", (), 1, 1, met=True, parts=(TIMES, CLEAN)),
            "下面有一项就行：打扫庭院要2次，有2次，够了；没有乱堆乱放，符合",
        ),
        (STAR, "生态环保星：得到。人居环境整治要12分，有15分，够了"),
        (
            STAR._replace(met=False, had=0, parts=(FEW,)),
            "生态环保星：还没得到。人居环境整治要12分，有9分，还差3分",
        ),
        (LOYAL, "爱党爱国星（必得）：得到。评议给了这颗星"),
        (Reason("required_stars", (), 3, 3, met=True), "必得的3颗星都有了"),
        (
            Reason(
                "veto", ("v",), 0, 1, met=False, name="生效文书", note="1号决定", until="2027-03-01"
            ),
            "一票否决：生效文书（1号决定），2027年3月1日到期",
        ),
        (Reason("band", (), 5, 6, met=True, name="铜星"), "铜星要5颗星，有6颗，够了"),
        (Reason("band", (), 8, 6, met=False, name="银星"), "银星要8颗星，有6颗，还差2颗"),
        (Reason("grade", (), 90, 95, met=True, name="AAA"), "AAA要90分，有95分，够了"),
        (Reason("later", (), 1, 1, met=True, name="后来的"), "后来的"),
    ],
)
def test_a_reason_is_said_in_one_sentence(reason, said):
    assert told(reason) == [said]


def test_missing_required_stars_are_called_by_their_names():
    missing = Reason("required_stars", ("loyal",), 3, 2, met=False)
    assert told(LOYAL, missing)[1] == "必得的星要3颗，有2颗，还差爱党爱国星"


def test_stars_are_named_by_the_reasons():
    reasons = json.loads(reasons_json((STAR, LOYAL, CLEAN)))
    assert star_names(reasons) == {"green": "生态环保星", "loyal": "爱党爱国星"}
