"""What was found in a file, as pages of rows that can be looked at before anything is written."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from households.importing.problems import RowProblem
from households.importing.results import PersonRead, ReadFile
from households.importing.texts import masked
from households.models import ImportBatch, ImportPage, Member
from households.operations.import_plan import Changed, Plan
from households.operations.importing import Examined
from households.queries.imports import phones_of
from trail.sealing import lookup_digest

PAGE_ROWS = 50
WRITTEN_AT_ONCE = 200
PERSONAL = ("id_number", "phone")

Line = dict[str, Any]


def keep_pages(*, batch: ImportBatch, read: ReadFile, examined: Examined) -> None:
    """Put away what was found, a page at a time, in place of what was found before."""
    ImportPage.objects.filter(batch_id=batch.pk).delete()
    pages = [
        ImportPage(batch_id=batch.pk, tab=tab, number=number, content=json.dumps(lines))
        for tab, found in _tabs(read, examined).items()
        for number, lines in enumerate(_pieces(found), 1)
    ]
    ImportPage.objects.bulk_create(pages, batch_size=WRITTEN_AT_ONCE)


def digest_of(plan: Plan) -> bytes:
    """A keyed digest of all that the plan would write; the same plan has the same."""
    digest = hashlib.sha256()
    for added in plan.added:
        home, person = added.subject, added.person
        unit = home.unit.name if home.unit else ""
        place = (home.village_id, unit, home.number, home.name, home.state)
        _add(digest, "+", *place, added.state, *_facts_of(person), person.id_number, person.phone)
    for changed in plan.changed:
        _add(digest, "=", changed.known.pk, sorted(changed.facts.items()))
    for subject in (*plan.households_changed, *plan.opened):
        _add(digest, "h", subject.pk, subject.number, subject.name, subject.state)
    return lookup_digest(digest.hexdigest(), purpose="households.import-plan")


def counts_of(examined: Examined) -> dict[str, int]:
    """How many rows there are of each kind, and of households."""
    plan, report = examined.plan, examined.report
    return {
        ImportPage.Tab.REFUSED.value: len(report.refused),
        ImportPage.Tab.CHANGED.value: report.updated,
        ImportPage.Tab.ADDED.value: report.accepted,
        ImportPage.Tab.WARNED.value: len(report.warned),
        ImportPage.Tab.SAME.value: report.unchanged,
        "repeats": report.unchanged - plan.unchanged,
        "people": report.people,
        "households": report.households,
        "households_added": len(plan.opened),
        "households_updated": len(plan.households_changed),
    }


def _tabs(read: ReadFile, examined: Examined) -> Mapping[str, list[Line]]:
    plan, report = examined.plan, examined.report
    phones = phones_of([one.known.pk for one in plan.changed if "phone" in one.facts])
    tab = ImportPage.Tab
    return {
        tab.REFUSED: [_problem_line(problem, read) for problem in report.refused],
        tab.CHANGED: [
            _line(one.person, read) | {"changes": _changes(one, phones.get(one.known.pk, ""))}
            for one in plan.changed
        ],
        tab.ADDED: [_line(one.person, read) for one in plan.added],
        tab.WARNED: [_problem_line(problem, read) for problem in report.warned],
        tab.SAME: [_line(person, read) for person in plan.same],
    }


def _line(person: PersonRead, read: ReadFile) -> Line:
    return {
        "row": person.row,
        "place": read.placed.get(person.row, ()),
        "name": person.name,
        "relation": person.relation,
        "id_number": masked(person.id_number),
    }


def _problem_line(problem: RowProblem, read: ReadFile) -> Line:
    return {
        "row": problem.row,
        "place": read.placed.get(problem.row, ()),
        "cells": [
            {
                "field": cell.field,
                "column": cell.column,
                "value": cell.value,
                "reason": cell.problem.reason,
                "fix": cell.problem.fix,
            }
            for cell in problem.cells
        ],
    }


def _changes(changed: Changed, phone: str) -> list[dict[str, str]]:
    old = {"phone": phone, "id_number": ""}
    return [
        {
            "field": str(Member._meta.get_field(fact).verbose_name),  # type: ignore[union-attr]
            "old": _shown(fact, old.get(fact, getattr(changed.known, fact, ""))),
            "new": _shown(fact, value),
        }
        for fact, value in changed.facts.items()
    ]


def _shown(fact: str, value: object) -> str:
    """A value as people read it; of personal numbers a few digits."""
    if fact == "sex":
        return str(Member.Sex(str(value)).label)
    if fact == "state":
        return str(Member.State(str(value)).label)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, date):
        return value.isoformat()
    if value in (None, ""):
        return _("没有")
    return masked(str(value)) if fact in PERSONAL else str(value)


def _facts_of(person: PersonRead) -> tuple[object, ...]:
    birth = person.birth_on.isoformat()
    return (person.name, person.relation, person.sex, birth, person.away, person.note)


def _add(digest: Any, *facts: object) -> None:
    digest.update(f"{facts!r}\n".encode())


def _pieces(lines: Sequence[Line]) -> list[Sequence[Line]]:
    return [lines[start : start + PAGE_ROWS] for start in range(0, len(lines), PAGE_ROWS)]
