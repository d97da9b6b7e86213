"""The shared workbook through the pages: the counts of the command, and all of it taken back."""

import io
import json
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command

from households.models import ImportBatch, Member, Subject
from tests.desk.import_stage import Desk, register, said, work
from tests.desk.staff_stage import logged_in
from tests.factories import let_the_test_see, make_staff
from tests.households.stage import Places
from villages.models import Township, Village

DEMO = Path(__file__).parents[2] / "demo"
SHEET = DEMO / "shitai_households.xlsx"
TRUTH = json.loads((DEMO / "truth.json").read_text(encoding="utf-8"))
TOWNSHIP = "340602101"
SAME = {
    "people": "people", "households": "households", "accepted": "added", "updated": "changed",
    "unchanged": "same", "refused": "refused", "warned": "warned",
}  # fmt: skip


@pytest.fixture
def desk(db) -> Desk:
    call_command("load_divisions", verbosity=0)
    let_the_test_see(*Village.objects.all())
    township = Township.objects.get(code=TOWNSHIP)
    dou, liu = Village.objects.filter(township=township).order_by("pk")[:2]
    lin = logged_in(make_staff(name="林经办", role="township_clerk", township=township))
    return Desk(Places(township, dou, liu), lin, lin, lin)


def _as_the_command_counts(path: Path) -> dict[str, int]:
    out = io.StringIO()
    options = ["--township", TOWNSHIP, "--dry-run", "--skip-bad-rows", "--json"]
    call_command("import_households", str(path), *options, stdout=out)
    report = json.loads(out.getvalue())
    return {
        ours: len(found) if isinstance(found := report[theirs], list) else found
        for theirs, ours in SAME.items()
    }


def _imported_and_undone(desk: Desk, path: Path) -> dict[str, int]:
    """The counts of the wizard, which are the command's; everything is taken back."""
    before, expected = register(), _as_the_command_counts(path)
    answer = desk.upload(path.read_bytes(), name=path.name)
    assert answer.status_code == 302, said(answer)
    number = ImportBatch.objects.latest("pk").pk
    desk.columns(number)
    work(number)
    counts = ImportBatch.objects.get(pk=number).counts
    assert {name: counts[name] for name in expected} == expected
    assert register() == before
    desk.write(number, rows="good")
    assert Member.objects.count() == counts["added"]
    assert Subject.objects.count() == counts["households_added"]
    desk.undo(number)
    assert register() == before
    assert ImportBatch.objects.get(pk=number).state == "undone"
    return counts


def test_i35_a_village_of_the_shared_workbook_counts_as_by_the_command(desk, tmp_path):
    whole = openpyxl.load_workbook(SHEET, read_only=True)
    kept = list(whole["户籍表"].iter_rows(values_only=True, max_row=703))
    whole.close()
    book = openpyxl.Workbook()
    book.active.title = "户籍表"
    for line in kept:
        book.active.append(line)
    path = tmp_path / "一个村.xlsx"
    book.save(path)
    counts = _imported_and_undone(desk, path)
    assert counts["people"] > 600
    assert counts["refused"] > 0


@pytest.mark.long
def test_i35_the_shared_workbook_counts_as_by_the_command_and_is_taken_back(desk):
    counts = _imported_and_undone(desk, SHEET)
    assert (counts["people"], counts["households"]) == (TRUTH["people"], TRUTH["households"])
    assert counts["added"] == TRUTH["accepted_people"]
    assert counts["refused"] == TRUTH["refused_rows"]
