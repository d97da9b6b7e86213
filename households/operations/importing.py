"""The one way a household sheet gets into the register, for the command and the wizard alike."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from households.importing.problems import RowProblem
from households.importing.results import ReadFile
from households.operations.import_plan import Plan, plan_import
from households.operations.import_writing import write_plan
from households.queries import register_of
from trail.actor import Actor
from trail.clock import business_date
from trail.operations import record
from villages.models import Township, Village


class ImportMode(StrEnum):
    """What to do with a file: only look, write all of it or nothing, or leave bad rows out."""

    CHECK = "check"
    ALL_OR_NOTHING = "all_or_nothing"
    SKIP_BAD_ROWS = "skip_bad_rows"


@dataclass(frozen=True)
class ImportReport:
    """What became of every row: people = accepted + updated + unchanged + refused, less repeats.

    `accepted` are new people, `updated` people on file of whom the file knows something else;
    `written` is how many of both were written. `unchanged` has the file's exact repeats too.
    """

    sheet: str
    households: int
    people: int
    accepted: int
    updated: int
    unchanged: int
    written: int
    refused: list[RowProblem]
    warned: list[RowProblem]

    def as_dict(self) -> dict[str, object]:
        """Return the report for programs."""
        return {
            "sheet": self.sheet,
            "households": self.households,
            "people": self.people,
            "accepted": self.accepted,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "written": self.written,
            "refused": [problem.as_dict() for problem in self.refused],
            "warned": [problem.as_dict() for problem in self.warned],
        }


@dataclass(frozen=True)
class Examined:
    """A file beside the register: what an import would write, and what it would report."""

    plan: Plan
    report: ImportReport

    def may_be_written(self, mode: ImportMode) -> bool:
        """Whether this way of importing writes anything of it."""
        if mode is ImportMode.ALL_OR_NOTHING:
            return not self.report.refused
        return mode is ImportMode.SKIP_BAD_ROWS


def examine(
    *, read: ReadFile, township: Township, at: datetime, only: Village | None = None
) -> Examined:
    """What importing would do as of now; with `only` to one village. Writes nothing."""
    village_id = only.pk if only else None
    register = register_of(township_id=township.pk, village_id=village_id)
    on = business_date(at)
    plan = plan_import(read=read, township=township, register=register, on=on, only=only)
    refused, warned = _problems(read, plan)
    report = ImportReport(
        sheet=read.sheet,
        households=len(read.households),
        people=read.people,
        accepted=len(plan.added),
        updated=len(plan.changed),
        unchanged=plan.unchanged + read.unchanged_repeats,
        written=0,
        refused=refused,
        warned=warned,
    )
    return Examined(plan, report)


def wait_for_other_imports(*, township: Township) -> None:
    """Imports of one township go one after the other, until the end of the transaction."""
    Township.objects.select_for_update(no_key=True).get(pk=township.pk)


@transaction.atomic
def import_households(
    *,
    read: ReadFile,
    file_sha256: str,
    township: Township,
    mode: ImportMode,
    by: Actor,
    at: datetime,
) -> ImportReport:
    """Bring the township's register up to the file, all of it or nothing; the report says all.

    The same file again writes nothing. Nobody is moved between households or removed. Imports of
    one township go one after the other.
    """
    if mode is not ImportMode.CHECK:
        wait_for_other_imports(township=township)
    examined = examine(read=read, township=township, at=at)
    if not examined.may_be_written(mode):
        return examined.report
    plan = examined.plan
    if not plan.is_empty:
        write_plan(plan=plan, at=at)
        counts = imported(examined) | {"file_sha256": file_sha256}
        about = f"villages.township:{township.pk}"
        record(by=by, at=at, what="households.imported", about=about, detail=counts)
    return replace(examined.report, written=len(plan.added) + len(plan.changed))


def _problems(read: ReadFile, plan: Plan) -> tuple[list[RowProblem], list[RowProblem]]:
    """What the reading and the register say together; a refused row is not warned as well."""
    refused = {problem.row: problem.cells for problem in read.refused}
    warned = {problem.row: problem.cells for problem in read.warned}
    for row, cell in plan.refused.items():
        refused[row] = (cell, *warned.pop(row, ()))
    for row, cells in plan.warned.items():
        warned[row] = (*warned.get(row, ()), *cells)
    return (
        [RowProblem(read.sheet, row, refused[row]) for row in sorted(refused)],
        [RowProblem(read.sheet, row, warned[row]) for row in sorted(warned)],
    )


def imported(examined: Examined) -> dict[str, object]:
    """What an event tells of an import: how many of each kind."""
    plan, report = examined.plan, examined.report
    return {
        "households_added": len(plan.opened),
        "households_updated": len(plan.households_changed),
        "people_added": report.accepted,
        "people_updated": report.updated,
        "unchanged": report.unchanged,
        "refused": len(report.refused),
        "warned": len(report.warned),
    }
