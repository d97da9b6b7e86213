"""A township with two villages and sheets of it, read as on the test's own day."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from households.importing.reading import read_file
from households.models import Member, Subject
from households.operations.importing import ImportMode, ImportReport, import_households
from tests.factories import NOON, make_township, make_village
from trail.actor import Actor
from trail.clock import business_date
from trail.models import AuditEvent
from villages.models import Township, Unit, Village

HEADER = (
    *("村", "组别", "户号", "户主姓名", "姓名", "与户主关系", "性别"),
    *("身份证号", "联系电话", "是否外出", "备注"),
)
LIN = Actor(name="林文书", role="township_clerk", person_id=7)


@dataclass(frozen=True)
class Places:
    """石台镇 with 窦庄村 and 刘庄村."""

    township: Township
    dou: Village
    liu: Village


def make_places() -> Places:
    township = make_township()
    dou = make_village(township=township, name="窦庄村", number=201)
    return Places(township, dou, make_village(township=township, name="刘庄村", number=202))


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


def row(name: str = "张三", **cells: str) -> dict[str, str]:
    """The head of household 001 of 1组 in 窦庄村, unless cells say otherwise."""
    plain = {"村": "窦庄村委会", "组别": "1组", "户号": "001", "户主姓名": name, "姓名": name}
    return plain | {"与户主关系": "户主"} | cells


def bring_in(
    township: Township, path: Path, mode: ImportMode = ImportMode.ALL_OR_NOTHING
) -> ImportReport:
    """Import a file of the township at noon."""
    return import_households(
        read=read_file(path, on=business_date(NOON)),
        file_sha256="ab" * 32,
        township=township,
        mode=mode,
        by=LIN,
        at=NOON,
    )


@pytest.fixture
def load(places: Places, save_sheet) -> Callable[..., ImportReport]:
    """Import rows into the places' township."""

    def loading(*rows, mode=ImportMode.ALL_OR_NOTHING, header=HEADER) -> ImportReport:
        return bring_in(places.township, save_sheet(*rows, header=header), mode)

    return loading


def stored() -> dict[str, list[tuple]]:
    """Every row of the register and of the trail, encrypted columns left out."""
    members = [field.name for field in Member._meta.fields if "hmac" not in field.name]
    return {
        "units": list(Unit.objects.order_by("pk").values_list()),
        "subjects": list(Subject.objects.order_by("pk").values_list()),
        "members": list(Member.objects.order_by("pk").values_list(*members)),
        "events": list(AuditEvent.objects.order_by("pk").values_list("pk")),
    }
