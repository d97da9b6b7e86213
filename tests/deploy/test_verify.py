"""The second verifier finds what the built-in one finds, and needs nothing but Python."""

import ast
import json
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random

import pytest

from notices import proof
from notices.models import NoticeBody
from scoring.models import Entry
from scoring.operations.checking import check
from tests.deploy.conftest import SOURCE, run_alone
from tests.deploy.random_ledgers import GUARDED, change, grow
from tests.factories import NOON, make_household, make_township
from tests.scoring.stage import Stage, set_stage
from villages.models import Village

# What the built-in verifier says, as the second one calls it; the groups are what is named.
SAID = {
    r"changed: .*": "changed",
    r"rewritten: .*": "rewritten",
    r"removed: .*": "removed",
    r"added under a seal": "added",
    r"seal (\d+): its leaves do not make its root": "seal_root",
    r"seal (\d+): it does not follow the seal before": "seal_chain",
    r"seal (\d+): its bounds are wrong": "seal_bounds",
    r"balance of subject (\d+) is not the sum": "balance",
    r"total of subject (\d+) in ([\d-]+) is not the sum": "total",
    r"notice (\S+) is not what was sealed": "notice_content",
    r"notice (\S+) names a seal that is not there": "notice_seal",
}
NAMED = ("seal", "subject", "month", "notice")


def _built_in(villages: Iterable[Village]) -> set[tuple]:
    """Everything the built-in verifier finds, in the words of the second one."""
    found = set()
    for village in villages:
        for problem in check(village_id=village.pk, village=village.code).problems:
            [(code, named)] = [
                (code, match.groups())
                for pattern, code in SAID.items()
                if (match := re.fullmatch(pattern, problem.what))
            ]
            found.add((problem.village, problem.entry, code, named))
    return found


def _second(report: dict) -> set[tuple]:
    """What the second verifier finds and the built-in one looks for too."""
    return {
        (
            problem["village"],
            problem["entry"],
            problem["code"],
            tuple(str(problem[name]) for name in NAMED if name in problem),
        )
        for problem in report["problems"]
        if problem["code"] in SAID.values()
    }


def codes(report: dict) -> set[str]:
    """What kinds of fault the report names."""
    return {problem["code"] for problem in report["problems"]}


def _agree_on(count: int, seed: int, database, export, verify) -> int:
    """Both verifiers on so many ledgers, clean and then forged; how many were forged."""
    chance, township = Random(seed), make_township()
    stages = [set_stage(township=township, number=200 + number) for number in range(count)]
    for stage in stages:
        grow(stage, chance)
    villages = [stage.village for stage in stages]
    status, report = verify(export())
    assert (status, report["problems"]) == (0, [])
    assert report["entries"] == Entry.objects.count()
    assert report["notices"] == NoticeBody.objects.count()
    assert _built_in(villages) == set()
    forged = 0
    with database.as_superuser() as server, server.cursor() as cursor:
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for village in villages[1::2]:
            statements = change(village.pk, chance)
            forged += bool(statements)
            for statement in statements:
                cursor.execute(statement)
    _, report = verify(export())
    assert _second(report) == _built_in(villages)
    forged_codes = {village.code for village in villages[1::2]}
    assert {problem["village"] for problem in report["problems"]} <= forged_codes
    return forged


def test_i03_both_verifiers_agree_on_random_ledgers(committed_db, export, verify):
    assert _agree_on(10, 20261121, committed_db, export, verify) > 0


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_i03_both_verifiers_agree_on_a_thousand_ledgers(seed, committed_db, export, verify):
    assert _agree_on(100, seed, committed_db, export, verify) > 30


@pytest.fixture
def shown(db) -> Stage:
    """Two closed months with their notices and one open; a minus, a reversal, a redemption."""
    stage = set_stage()
    other = make_household(village=stage.village)
    stage.enter(9, on=NOON.date().replace(month=9, day=3))
    stage.close("2026-09")
    first = stage.enter(8)
    stage.enter(5, item="kind", home=other)
    stage.enter(-3, item="minus")
    stage.post(stage.reversal(first), stage.spend(2))
    stage.enter(6)
    stage.close("2026-10")
    stage.enter(4, on=NOON.date(), home=other)
    return stage


@pytest.fixture
def unpacked(shown, export, unpack) -> Path:
    """The export as a folder, to be forged."""
    return unpack(export())


def rewritten(folder: Path, shown: Stage, part: str, forge: Callable[[list[dict]], object]) -> None:
    """Change the rows of one file in place."""
    path = folder / shown.village.code / f"{part}.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    forge(rows)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def test_i22_notices_state_what_the_ledger_says(shown, export, verify):
    status, report = verify(export())
    assert (status, report["ok"], report["problems"]) == (0, True, [])
    assert (report["villages"], report["entries"], report["notices"]) == (1, 8, 2)


def test_a_folder_is_read_like_the_zip(unpacked, verify):
    assert verify(unpacked)[0] == 0


def test_a_changed_entry_is_named(unpacked, shown, verify):
    rewritten(unpacked, shown, "entries", lambda rows: rows[1].update(points=80))
    status, report = verify(unpacked)
    entry = Entry.objects.order_by("pk")[1].pk
    assert status == 1
    assert (shown.village.code, entry, "changed") in {
        (problem["village"], problem["entry"], problem["code"]) for problem in report["problems"]
    }
    assert {"changed", "balance", "total", "notice_row", "notice_category"} <= codes(report)


def test_a_removed_entry_is_named(unpacked, shown, verify):
    entry = Entry.objects.order_by("pk")[2].pk
    rewritten(unpacked, shown, "entries", lambda rows: rows.pop(2))
    report = verify(unpacked)[1]
    assert [problem["entry"] for problem in report["problems"] if problem["code"] == "removed"] == [
        entry
    ]
    assert "incomplete" in codes(report)


@pytest.mark.parametrize(
    ("part", "values", "code"),
    [
        ("balances", {"spendable": 99}, {"balance"}),
        ("totals", {"plus": 99}, {"total"}),
        ("seals", {"root": "00" * 32}, {"seal_root", "seal_chain", "notice_seal"}),
        ("notices", {"short_code": "0" * 12}, {"notice_content"}),
        ("notices", {"subjects": [1]}, {"notice_form"}),
        ("notices", {"subjects": [10**9, 10**9]}, {"notice_unknown", "notice_missing"}),
        ("subjects", {"id": 10**9}, {"notice_unknown"}),
        ("categories", {"name": "别的"}, {"notice_category"}),
        ("entries", {"points": "8"}, {"unreadable"}),
        ("entries", {"village": 0}, {"foreign", "changed"}),
    ],
)
def test_a_changed_row_of_each_file_is_found(unpacked, shown, verify, part, values, code):
    rewritten(unpacked, shown, part, lambda rows: rows[0].update(values))
    status, report = verify(unpacked)
    assert status == 1
    assert code <= codes(report)


def test_an_entry_in_a_closed_month_is_named_i25(unpacked, shown, verify):
    last = Entry.objects.order_by("-pk")[0].pk
    rewritten(unpacked, shown, "entries", lambda rows: rows[-1].update(month="2026-10"))
    assert (last, "late") in {
        (problem["entry"], problem["code"]) for problem in verify(unpacked)[1]["problems"]
    }


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (lambda facts: facts["rows"][0].update(plus=1), "notice_row"),
        (lambda facts: facts["rows"][0].update(gross=10**6), "notice_row"),
        (lambda facts: facts["rows"].pop(), "notice_missing"),
        (lambda facts: facts["rows"].append(facts["rows"][0]), "notice_unknown"),
        (lambda facts: facts["categories"][0].update(minus=0), "notice_category"),
        (lambda facts: facts["categories"].pop(), "notice_category"),
        (lambda facts: facts["totals"].update(gross=1), "notice_total"),
        (lambda facts: facts["seal"].update(upto=1), "notice_sealed"),
        (lambda facts: facts.pop("rows"), "notice_form"),
        (lambda facts: facts.update(format=2), "notice_form"),
        (lambda facts: facts.update(month="2026-09"), "notice_form"),
    ],
)
def test_i22_a_notice_forged_with_its_code_does_not_fit_the_ledger(
    unpacked, shown, verify, forge, code
):
    """Its digest and code are made anew, so only the ledger shows it (and the paper)."""
    body = NoticeBody.objects.get(notice__month="2026-10")
    facts = json.loads(body.canonical)
    forge(facts)
    again = sealed_again(facts, body)
    rewritten(unpacked, shown, "notices", lambda rows: rows[1].update(again))
    status, report = verify(unpacked)
    assert status == 1
    assert code in codes(report)
    assert "notice_content" not in codes(report)


def sealed_again(facts: dict, body: NoticeBody) -> dict:
    canonical = proof.canonical_json(facts)
    digest, root = proof.content_digest(canonical), bytes(body.seal_root)
    code = proof.short_code(content_sha256=digest, seal_root=root, notice_id=body.notice_id)
    return {"canonical": canonical, "content_sha256": digest.hex(), "short_code": code}


def test_words_for_people_name_village_and_entry(unpacked, shown, verify, tmp_path):
    rewritten(unpacked, shown, "entries", lambda rows: rows[1].update(points=80))
    entry = Entry.objects.order_by("pk")[1].pk
    said = run_alone(tmp_path / "alone", unpacked).stdout.decode()
    village = shown.village
    assert f"{village.code} {village.name} 第 {entry} 笔：这一笔被改过" in said
    assert "核对了 1 个村、8 笔、" in said


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"{}"])
def test_what_is_no_export_is_refused_in_words(tmp_path, verify, content):
    path = tmp_path / "other.zip"
    path.write_bytes(content)
    status, report = verify(path)
    assert (status, codes(report)) == (1, {"unreadable"})


def test_a_damaged_zip_is_told_not_thrown(shown, export, verify, tmp_path):
    data = bytearray(export().read_bytes())
    data[200:260] = bytes(60)
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(data)
    status, report = verify(damaged)
    assert status == 1
    assert "unreadable" in codes(report)


def test_verifier_is_plain_python_without_the_product():
    tree = ast.parse(SOURCE.read_text(), feature_version=(3, 8))
    modules = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    assert modules - {"__future__"} <= sys.stdlib_module_names


def test_every_fault_has_its_words():
    source = SOURCE.read_text()
    codes = set(re.findall(r'(?:_note\(|yield |nowhere, )"([a-z_]+)"', source))
    words = set(re.findall(r'^    "([a-z_]+)": "[^"]*[\u4e00-\u9fff]', source, re.M))
    assert codes == words
