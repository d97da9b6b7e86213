"""`manage.py import_points`: what it prints and how it ends."""

import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from households.models import Subject
from scoring.models import Entry, Month, RuleBook, TranscribedLine
from tests.scoring.points_books import (
    BOOK,
    CODE,
    DEMO,
    REDEEMED_TIMES,
    TRUTH,
    entry,
    make_cangcheng,
    redemption,
    save,
)
from trail.models import AuditEvent


@pytest.fixture
def township(db):
    return make_cangcheng()


def command(path, capsys, *options, code=CODE):
    try:
        call_command("import_points", str(path), "--township", code, *options)
    except SystemExit as ended:
        return ended.code, capsys.readouterr()
    return 0, capsys.readouterr()


def test_command_prints_the_answer_key(township, capsys):
    code, printed = command(BOOK, capsys, "--json")

    report = json.loads(printed.out)
    assert code == 0
    assert (report["households"], report["entries"]) == (TRUTH["households"], TRUTH["entries"])
    assert (report["gross"], report["minus"], report["redeemed"]) == (34815, -261, 26590)
    assert (report["redemptions"], report["spendable"]) == (REDEEMED_TIMES, 7964)
    assert report["rate"] == "26590 ÷ 34815 = 76.4 %"
    assert report["months"] == TRUTH["months"]
    assert report["refused"] == []
    assert {
        name: {"gross": one["gross"], "minus": one["minus"], "redeemed": one["redeemed"]}
        for name, one in report["villages"].items()
    } == TRUTH["per_village"]


def test_command_tells_people_the_same(township, capsys, tmp_path):
    path = save(tmp_path / "台账.xlsx", entries=[entry()], redemptions=[redemption()])
    workbook = openpyxl.load_workbook(path)
    workbook.create_sheet("填写说明").append(["本表每月报送一次"])
    workbook.save(path)

    code, printed = command(path, capsys)

    assert code == 0
    assert printed.out.splitlines() == [
        "下湾村：1 户，加减分 1 笔，兑换 1 笔；累计加分 5，减分 0，已兑换 2，可兑积分 3；"
        "2026-09 到 2026-09",
        "合计：1 户，加减分 1 笔，兑换 1 笔；累计加分 5，减分 0，已兑换 2，可兑积分 3；"
        "2026-09 到 2026-09",
        "兑换率（已兑换 ÷ 累计加分）：2 ÷ 5 = 40.0 %",
        "没有用到的工作表：填写说明",
        "新记账 2 笔。",
    ]


def test_command_dry_run_writes_nothing_and_tells_the_same_figures(township, capsys):
    code, printed = command(BOOK, capsys, "--json", "--dry-run")
    report = json.loads(printed.out)
    stored = (Subject, Entry, RuleBook, Month, TranscribedLine, AuditEvent)
    assert code == 0
    assert not any(model.objects.exists() for model in stored)

    written = json.loads(command(BOOK, capsys, "--json")[1].out)
    assert report == {**written, "written": 0}


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_command_names_each_bad_row_and_exits_1(township, capsys, tmp_path, options):
    path = save(tmp_path / "台账.xlsx", entries=[entry(points=0), entry(number="009")])

    code, printed = command(path, capsys, *options)
    assert code == 1
    assert printed.err.splitlines() == [
        "工作表“积分台账”第 2 行“加减分”列“0”：分数是 0。请填加减的分数，没有加减的请删去这一行。",
        "工作表“积分台账”第 3 行“户号”列“009”：这个村没有这个户号。"
        "请核对村和户号，或把这一户补进农户表。",
        "有 2 处问题，整个文件没有导入。",
    ]

    code, printed = command(path, capsys, "--json", *options)
    report = json.loads(printed.out)
    assert code == 1
    assert report["refused"][0] == {
        "sheet": "积分台账",
        "row": 2,
        "column": "加减分",
        "value": "0",
        "reason": "分数是 0",
        "fix": "请填加减的分数，没有加减的请删去这一行。",
    }
    assert not Entry.objects.exists()


def test_command_refuses_what_is_no_points_book(township, capsys):
    code, printed = command(DEMO / "shitai_households.xlsx", capsys, "--json")

    (refused,) = json.loads(printed.out)["refused"]
    assert code == 1
    assert "没有找到积分台账" in refused["reason"]
    code, printed = command(DEMO / "shitai_households.xlsx", capsys)
    assert code == 1
    assert printed.err.splitlines() == [refused["reason"], "有 1 处问题，整个文件没有导入。"]


def test_command_needs_a_township_and_a_file(township, tmp_path):
    with pytest.raises(CommandError, match="没有代码为 440783999 的乡镇"):
        call_command("import_points", str(BOOK), "--township", "440783999")
    with pytest.raises(CommandError, match="读不了文件"):
        call_command("import_points", str(tmp_path / "没有.xlsx"), "--township", CODE)


def test_command_shows_the_first_bad_rows_and_counts_the_rest(township, capsys, tmp_path):
    path = save(tmp_path / "台账.xlsx", entries=[entry(points=0)] * 12)

    _, printed = command(path, capsys)
    shown = printed.err.splitlines()
    assert len(shown) == 12
    assert shown[-2:] == ["还有 2 处，用 --json 看全部。", "有 12 处问题，整个文件没有导入。"]
    _, printed = command(path, capsys, "--json")
    assert len(json.loads(printed.out)["refused"]) == 12
