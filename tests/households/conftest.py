"""A township with two villages and files of it."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from households.operations.importing import ImportMode, ImportReport
from tests.households.stage import CHILD, HEADER, WIFE, ZHANG, Places, bring_in, make_places, row


@pytest.fixture
def places(db) -> Places:
    return make_places()


@pytest.fixture
def save_sheet(tmp_path: Path) -> Callable[..., Path]:
    """Write rows, given as dicts of columns, as a csv below the plain header."""

    def save(*rows: dict[str, str], header: tuple[str, ...] = HEADER) -> Path:
        path = tmp_path / "农户.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return save


@pytest.fixture
def load(places: Places, save_sheet) -> Callable[..., ImportReport]:
    """Import rows into the places' township."""

    def loading(*rows, mode=ImportMode.ALL_OR_NOTHING, header=HEADER) -> ImportReport:
        return bring_in(places.township, save_sheet(*rows, header=header), mode)

    return loading


@pytest.fixture
def family():
    """A head with a phone, his wife, and a child under 14."""
    return (
        row(身份证号=ZHANG, 联系电话="13900000001", 性别="男", 是否外出="是", 备注="低保"),
        row("李梅", 户主姓名="张三", 与户主关系="妻", 身份证号=WIFE, 是否外出="否"),
        row("张小宝", 户主姓名="张三", 与户主关系="长子", 身份证号=CHILD),
    )
