"""`manage.py import_households` on the demo's own file and its answer key."""

import hashlib
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from households.models import Member, Subject
from tests.factories import let_the_test_see, make_id_number, make_township, make_village
from tests.households.stage import row, stored
from trail.models import AuditEvent
from villages.models import Village

DEMO = Path(__file__).parents[2] / "demo"
SHEET = DEMO / "shitai_households.xlsx"
TRUTH = json.loads((DEMO / "truth.json").read_text(encoding="utf-8"))
TOWNSHIP = "340602101"
FACTS = {
    *("sheet", "households", "people", "accepted", "updated", "unchanged", "written"),
    *("refused", "warned"),
}


@pytest.fixture
def shitai(db):
    call_command("load_divisions", verbosity=0)
    let_the_test_see(*Village.objects.all())


def run(file: Path, *more: str, township: str = TOWNSHIP) -> tuple[str, str]:
    """What the command says, and what it ends with when it fails."""
    out = StringIO()
    try:
        call_command("import_households", str(file), "--township", township, *more, stdout=out)
    except CommandError as failure:
        return out.getvalue(), str(failure)
    return out.getvalue(), ""


def run_json(file: Path, *more: str) -> tuple[dict, str]:
    said, failure = run(file, "--json", *more)
    return json.loads(said), failure


def figures(report: dict) -> dict:
    return {
        key: len(value) if isinstance(value, list) else value
        for key, value in report.items()
        if key != "sheet"
    }


@pytest.mark.usefixtures("shitai")
def test_demo_imports_as_its_answer_key_says_and_once_only():
    report, failure = run_json(SHEET, "--skip-bad-rows")
    assert failure == ""
    assert set(report) == FACTS
    assert report["sheet"] == "户籍表"
    assert figures(report) == {
        "households": TRUTH["households"],
        "people": TRUTH["people"],
        "accepted": TRUTH["accepted_people"],
        "updated": 0,
        "unchanged": 1,
        "written": TRUTH["accepted_people"],
        "refused": TRUTH["refused_rows"],
        "warned": TRUTH["warned_rows"],
    }
    problems = [*report["refused"], *report["warned"]]
    assert {(problem["row"], problem["column"]) for problem in problems} == {
        (number, column) for number, column, _kind in TRUTH["bad_cells"]
    }
    assert Subject.objects.count() == TRUTH["households"]
    assert Member.objects.count() == TRUTH["accepted_people"]
    headless = Subject.objects.filter(state=Subject.State.HEADLESS)
    assert headless.count() == TRUTH["households_without_head"]
    assert not headless.filter(name="").exists()
    event = AuditEvent.objects.get(what="households.imported")
    assert event.detail["file_sha256"] == hashlib.sha256(SHEET.read_bytes()).hexdigest()

    events = AuditEvent.objects.count()
    newest = Member.objects.order_by("-pk").values_list("pk", flat=True)[0]
    again, failure = run_json(SHEET, "--skip-bad-rows")
    assert failure == ""
    assert figures(again) == figures(report) | {
        "accepted": 0,
        "unchanged": TRUTH["accepted_people"] + 1,
        "written": 0,
    }
    assert Member.objects.order_by("-pk").values_list("pk", flat=True)[0] == newest
    assert (Subject.objects.count(), AuditEvent.objects.count()) == (TRUTH["households"], events)


@pytest.mark.usefixtures("shitai")
def test_i35_demo_is_refused_as_a_whole_without_being_told_to_skip():
    before = stored()
    report, failure = run_json(SHEET)
    assert (report["accepted"], report["written"]) == (TRUTH["accepted_people"], 0)
    assert len(report["refused"]) == TRUTH["refused_rows"]
    assert failure == f"有{TRUTH['refused_rows']}行不能导入，什么也没有写进去"
    assert stored() == before


@pytest.fixture
def town(db):
    make_village(township=make_township(code=TOWNSHIP))


@pytest.mark.usefixtures("town")
def test_command_writes_nothing_on_a_dry_run(save_sheet):
    path = save_sheet(row(身份证号=make_id_number()))
    before = stored()
    report, failure = run_json(path, "--dry-run")
    assert failure == ""
    assert (report["accepted"], report["written"]) == (1, 0)
    assert stored() == before
    said, _failure = run(path, "--dry-run")
    assert said == (
        "工作表“农户”：1户，1人。新增1，更新0，没有变化0，出错0，提醒0。只检查，没有写入。\n"
    )


@pytest.mark.usefixtures("town")
def test_command_tells_the_counts_and_the_first_problems(save_sheet):
    good = row(身份证号=make_id_number(), 联系电话="139")
    bad = [row("王五", 户号=f"{order:03}", 身份证号=f"340603{order:02}") for order in range(2, 14)]
    said, failure = run(save_sheet(good, *bad), "--skip-bad-rows")
    assert failure == ""
    lines = said.splitlines()
    assert lines[0].endswith("新增1，更新0，没有变化0，出错12，提醒1。已写入1人。")
    assert lines[1].startswith("出错 第3行 身份证号 340***02：")
    assert lines[11] == "出错还有2行，用 --json 看全部"
    assert lines[12].startswith("提醒 第2行 联系电话 1**：")
    assert len(lines) == 13


@pytest.mark.usefixtures("town")
def test_command_never_says_a_whole_number(save_sheet):
    number = make_id_number()
    cells = [
        row(身份证号=number, 联系电话="1390000000"),
        row("李梅", 户号="002", 身份证号=number),
        row("王五", 户号="003", 身份证号=make_id_number(order=2)[:-1] + "*"),
    ]
    said = run(save_sheet(*cells))[0] + run(save_sheet(*cells), "--json")[0]
    for secret in (number, "1390000000", make_id_number(order=2)[:17]):
        assert secret not in said


@pytest.mark.usefixtures("town")
def test_command_needs_a_township_that_is_there(save_sheet):
    path = save_sheet(row(身份证号=make_id_number()))
    assert run(path, township="999999999") == (
        "",
        "没有代码是 999999999 的乡镇，请先导入区划",
    )


@pytest.mark.usefixtures("town")
def test_command_names_a_file_it_cannot_read(tmp_path):
    assert run(tmp_path / "没有.xlsx")[1].startswith("读不了文件")
    broken = tmp_path / "坏.csv"
    broken.write_text("张三,李四\n", encoding="utf-8")
    assert run(broken)[1].startswith("坏.csv: ")


@pytest.mark.usefixtures("shitai")
def test_file_of_another_township_is_refused_row_by_row(save_sheet):
    path = save_sheet(row(村="下湾村", 身份证号=make_id_number()))
    report, failure = run_json(path)
    assert [
        (problem["row"], problem["column"], problem["value"]) for problem in report["refused"]
    ] == [(2, "村", "下湾村")]
    assert failure == "有1行不能导入，什么也没有写进去"
    assert "请核对 --township 的代码" in run(path)[0]
