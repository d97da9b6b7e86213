"""Points workbooks for tests: the demo's with its answer key, and plain ones with named rows."""

import json
from pathlib import Path

import openpyxl

from tests.factories import make_township, make_village
from villages.models import Township

DEMO = Path(__file__).parents[2] / "demo"
BOOK = DEMO / "cangcheng_points.xlsx"
TRUTH = json.loads((DEMO / "truth.json").read_text(encoding="utf-8"))["points"]
# The answer key counts no redemptions; it is their rows in the sheet.
REDEEMED_TIMES = 3157
CODE = "440783104"
HOUSEHOLDS = ["村", "组", "户号", "户主"]
ENTRIES = ["日期", "村", "户号", "户主", "类别", "事项", "加减分", "认定方式", "经办人"]
REDEMPTIONS = ["日期", "村", "户号", "户主", "物品", "数量", "积分"]
LI = ["下湾村", "1组", "001", "李芳"]


def entry(day="2026-09-03", points=5, *, number="001", head="李芳", item="志愿服务"):
    return [day, "下湾村", number, head, "公益美德", item, points, "网格员核实", "陶平玲"]


def redemption(day="2026-09-25", points=2, *, number="001", head="李芳"):
    return [day, "下湾村", number, head, "毛巾", 1, points]


def save(path, *, households=(LI,), entries=(), redemptions=()):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, header, rows in (
        ("农户", HOUSEHOLDS, households),
        ("积分台账", ENTRIES, entries),
        ("兑换登记", REDEMPTIONS, redemptions),
    ):
        sheet = workbook.create_sheet(title)
        for row in (header, *rows):
            sheet.append(row)
    workbook.save(path)
    return path


def make_cangcheng() -> Township:
    """The township of the demo's workbook, with the two villages it is about."""
    cangcheng = make_township(code=CODE, name="苍城镇")
    make_village(township=cangcheng, name="下湾村", number=227)
    make_village(township=cangcheng, name="大罗村", number=220)
    return cangcheng
