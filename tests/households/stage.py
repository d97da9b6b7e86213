"""A township with two villages, a family of it, and rows of its sheets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from households.importing.problems import RowProblem
from households.importing.reading import read_file
from households.models import Member, Subject
from households.operations.importing import ImportMode, ImportReport, import_households
from tests.factories import NOON, make_id_number, make_township, make_village
from trail.actor import Actor
from trail.clock import business_date
from trail.models import AuditEvent
from trail.scope import reaching
from villages.models import Township, Unit, Village

HEADER = (
    *("村", "组别", "户号", "户主姓名", "姓名", "与户主关系", "性别"),
    *("身份证号", "联系电话", "是否外出", "备注"),
)
LIN = Actor(name="林文书", role="township_clerk", person_id=7)
ZHANG, WIFE, CHILD = (
    make_id_number(born_on=born, order=order)
    for order, born in enumerate((date(1980, 3, 5), date(1982, 7, 9), date(2015, 6, 1)), 1)
)


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


def row(name: str = "张三", **cells: str) -> dict[str, str]:
    """The head of household 001 of 1组 in 窦庄村, unless cells say otherwise."""
    plain = {"村": "窦庄村委会", "组别": "1组", "户号": "001", "户主姓名": name, "姓名": name}
    return plain | {"与户主关系": "户主"} | cells


def bring_in(
    township: Township, path: Path, mode: ImportMode = ImportMode.ALL_OR_NOTHING
) -> ImportReport:
    """Import a file of the township at noon."""
    with reaching(township.villages.values_list("pk", flat=True)):
        return import_households(
            read=read_file(path, on=business_date(NOON)),
            file_sha256="ab" * 32,
            township=township,
            mode=mode,
            by=LIN,
            at=NOON,
        )


def stored() -> dict[str, list[tuple]]:
    """Every row of the register and of the trail, encrypted columns left out."""
    members = [field.name for field in Member._meta.fields if "hmac" not in field.name]
    return {
        "units": list(Unit.objects.order_by("pk").values_list()),
        "subjects": list(Subject.objects.order_by("pk").values_list()),
        "members": list(Member.objects.order_by("pk").values_list(*members)),
        "events": list(AuditEvent.objects.order_by("pk").values_list("pk")),
    }


def codes(problems: Iterable[RowProblem]) -> list[tuple[int, str, str]]:
    """Row, column and kind of each problem."""
    return [(problem.row, problem.column, problem.code) for problem in problems]


def household() -> Subject:
    """The household with number 001."""
    return Subject.objects.get(number="001")
