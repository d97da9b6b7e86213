"""A year's points workbook entered into the ledger, checked against its answer key."""

import json
import signal
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest

from households.models import Subject
from scoring.engine.rates import redemption_rate
from scoring.importing.reading import read_book
from scoring.models import (
    Balance,
    Entry,
    Item,
    LedgerState,
    Month,
    MonthlyTotal,
    RuleBook,
    Seal,
    TranscribedLine,
)
from scoring.operations import points_import, sealing
from scoring.operations.points_import import BookRefused
from scoring.queries.points_import import figures
from tests.factories import (
    NOON,
    make_household,
    make_rulebook,
    make_unit,
)
from tests.scoring.points_books import (
    BOOK,
    CODE,
    DEMO,
    LI,
    REDEEMED_TIMES,
    TRUTH,
    entry,
    make_cangcheng,
    redemption,
    save,
)
from trail.actor import Actor
from trail.models import AuditEvent

TODAY = date(2026, 11, 1)
BY = Actor.system("scoring.import_points")


@pytest.fixture(scope="module")
def demo_book():
    return read_book(BOOK, on=TODAY)


@pytest.fixture
def township(db):
    return make_cangcheng()


@pytest.fixture
def xiawan(township):
    return township.villages.get(name="下湾村")


@pytest.fixture
def book_of(tmp_path):
    """Read a workbook of these rows below the plain headers."""

    def book(*, households=(LI,), entries=(), redemptions=()):
        path = tmp_path / "台账.xlsx"
        save(path, households=households, entries=entries, redemptions=redemptions)
        return read_book(path, on=TODAY)

    return book


def run(book, township):
    return points_import.import_points(book=book, township=township, by=BY, at=NOON)


def addresses(refusal):
    return [(bad.sheet, bad.row, bad.column, bad.code) for bad in refusal.value.refused]


def everything_stored():
    """Every table an import writes, as facts without ids and moments."""
    return {
        "subjects": sorted(
            Subject.objects.values_list("village__name", "unit__name", "number", "name")
        ),
        "entries": sorted(
            Entry.objects.values_list(
                "source", "subject__number", "kind", "points", "item__code", "month"
            ),
            key=str,
        ),
        "balances": sorted(
            Balance.objects.values_list("village__name", "subject__number", "gross", "spendable")
        ),
        "totals": sorted(
            MonthlyTotal.objects.values_list(
                "village__name",
                "subject__number",
                "month",
                "category__name",
                "plus",
                "minus",
                "spent",
                "entries",
            ),
            key=str,
        ),
        "months": sorted(Month.objects.values_list("village__name", "month", "origin", "state")),
        "seals": sorted(Seal.objects.values_list("village__name", "number", "count")),
        "items": sorted(
            Item.objects.values_list(
                "village__name", "code", "name", "list", "low", "high", "route"
            )
        ),
        "words": sorted(TranscribedLine.objects.values_list("source", "handled_by", "goods")),
    }


def test_demo_book_gives_the_answer_key(township, demo_book):
    entered = run(demo_book, township)

    assert entered.written == TRUTH["entries"] + REDEEMED_TIMES
    found = {
        plan.village.name: figures(village_id=plan.village.pk) for plan in entered.plan.villages
    }
    for name, expected in TRUTH["per_village"].items():
        assert (found[name].gross, found[name].minus, found[name].redeemed) == (
            expected["gross"],
            expected["minus"],
            expected["redeemed"],
        )
        assert list(found[name].months) == TRUTH["months"]
    assert sum(one.households for one in found.values()) == TRUTH["households"]
    assert sum(one.entries for one in found.values()) == TRUTH["entries"]
    assert sum(one.redemptions for one in found.values()) == REDEEMED_TIMES
    assert sum(one.spendable for one in found.values()) == 7964
    assert redemption_rate(redeemed=TRUTH["redeemed"], gross=TRUTH["gross_plus"]).endswith("76.4 %")
    assert not Balance.objects.filter(spendable__lt=0).exists()
    assert {plan.village.name: plan.figures() for plan in entered.plan.villages} == found
    assert TranscribedLine.objects.count() == entered.written
    assert set(Entry.objects.values_list("month", "village_id").distinct()) == set(
        Month.objects.values_list("month", "village_id")
    )

    months = Month.objects.order_by("village_id", "month").values_list("month", "origin", "state")
    closed = [(month, "transcribed", "closed") for month in TRUTH["months"][:-1]]
    assert list(months) == [*closed, (TRUTH["months"][-1], "kept", "open")] * 2
    assert Seal.objects.count() == 22

    books = RuleBook.objects.all()
    assert {(book.origin, book.state) for book in books} == {("transcribed", "in_force")}
    assert {book.effective.lower for book in books} == {date(2025, 11, 1)}
    assert all("cangcheng_points.xlsx" in book.transcribed_from for book in books)
    assert all(book.transcribed_from.endswith(demo_book.digest) for book in books)


def test_same_file_twice_adds_nothing_i_35(township, demo_book):
    run(demo_book, township)
    before, events = everything_stored(), AuditEvent.objects.count()

    assert run(demo_book, township).written == 0
    assert everything_stored() == before
    assert AuditEvent.objects.count() == events


def test_each_village_and_month_has_its_audit_event(township, demo_book):
    run(demo_book, township)

    events = AuditEvent.objects.filter(what="points.imported")
    assert Counter((event.village_id, event.detail["month"]) for event in events) == Counter(
        (village.pk, month) for village in township.villages.all() for month in TRUTH["months"]
    )
    assert sum(event.detail["written"] for event in events) == TRUTH["entries"] + REDEEMED_TIMES
    assert {event.detail["file"] for event in events} == {demo_book.digest}
    opened = AuditEvent.objects.filter(what="households.opened_from_points")
    assert sum(event.detail["households"] for event in opened) == TRUTH["households"]


@pytest.fixture
def two_months(book_of):
    return book_of(
        entries=[
            entry(),
            entry(),
            entry("2026-10-02", -2, item="乱堆乱放"),
            entry("2026-10-03", 3),
        ],
        redemptions=[redemption(), redemption(), redemption("2026-10-25", 5)],
    )


def test_identical_rows_are_facts_of_their_own(township, xiawan, two_months):
    run(two_months, township)

    found = figures(village_id=xiawan.pk)
    assert (found.entries, found.redemptions) == (4, 3)
    assert (found.gross, found.minus, found.redeemed, found.spendable) == (13, -2, 9, 2)
    digest = two_months.digest
    sources = Entry.objects.filter(month="2026-09").order_by("pk").values_list("source", flat=True)
    assert list(sources) == [
        f"import:{digest}:积分台账:2",
        f"import:{digest}:积分台账:3",
        f"import:{digest}:兑换登记:2",
        f"import:{digest}:兑换登记:3",
    ]


def test_killed_half_way_leaves_nothing_and_the_next_try_completes_it_i_35(committed_db, tmp_path):
    make_cangcheng()
    flag = tmp_path / "kill-once"
    flag.touch()
    environ = {**committed_db.environ, "FAILPOINTS": f"import:month=kill9:{flag}"}
    importing = [sys.executable, "manage.py", "import_points", str(BOOK), "--township", CODE]

    killed = subprocess.run(importing, env=environ, check=False, cwd=DEMO.parent)
    assert killed.returncode == -signal.SIGKILL
    assert not flag.exists()
    assert not Entry.objects.exists()
    assert not Subject.objects.exists()

    again = subprocess.run(
        [*importing, "--json"], env=environ, check=True, cwd=DEMO.parent, capture_output=True
    )
    report = json.loads(again.stdout)
    assert report["gross"] == TRUTH["gross_plus"]
    assert report["written"] == Entry.objects.count() == TRUTH["entries"] + REDEEMED_TIMES
    assert Month.objects.filter(state="closed").count() == 22


def test_transcribed_words_stay_beside_the_ledger(township, two_months):
    run(two_months, township)

    lines = TranscribedLine.objects.order_by("source").values_list(
        "handled_by", "confirmed_how", "goods", "quantity"
    )
    assert set(lines) == {("陶平玲", "网格员核实", "", None), ("", "", "毛巾", 1)}


def test_rules_are_what_the_book_shows(township, xiawan, book_of):
    run(book_of(entries=[entry(points=5), entry(points=3), entry(points=-1)]), township)

    items = Item.objects.filter(village=xiawan).order_by("code")
    assert list(items.values_list("code", "name", "list", "low", "high", "route")) == [
        ("1.1", "志愿服务", "positive", 3, 5, "grid"),
        ("1.2", "志愿服务", "negative", 1, 1, "grid"),
    ]


def test_a_household_on_file_is_the_same_however_it_is_written(township, xiawan, book_of):
    group = make_unit(village=xiawan, name="第一村民小组")
    known = make_household(village=xiawan, unit=group, number="1", name="李芳")
    new = ["下湾村委会", "1组", "002", "买买提·艾力"]

    run(book_of(households=[LI, new], entries=[entry()]), township)

    assert list(Entry.objects.values_list("subject_id", flat=True)) == [known.pk]
    added = Subject.objects.exclude(pk=known.pk).get()
    assert (added.number, added.name, added.unit_id) == ("002", "买买提·艾力", group.pk)
    assert added.publish_choice == Subject.PublishChoice.CODE_ONLY


BAD_BOOKS = {
    "unknown household": (
        {"entries": [entry(number="009")]},
        ("积分台账", 2, "户号", "household_unknown"),
    ),
    "another head": (
        {"entries": [entry(), entry(head="王五")]},
        ("积分台账", 3, "户主", "head_differs"),
    ),
    "unreadable day": ({"entries": [entry("去年秋天")]}, ("积分台账", 2, "日期", "day_unreadable")),
    "day to come": (
        {"entries": [entry("2026-11-02")]},
        ("积分台账", 2, "日期", "day_in_the_future"),
    ),
    "half a point": (
        {"entries": [entry(points=2.5)]},
        ("积分台账", 2, "加减分", "number_not_whole"),
    ),
    "no points": ({"entries": [entry(points=0)]}, ("积分台账", 2, "加减分", "points_zero")),
    "unknown village": (
        {"households": [LI, ["上湾村", "1组", "001", "李芳"]], "entries": [entry()]},
        ("农户", 3, "村", "village_unknown"),
    ),
    "two heads of a number": (
        {"households": [LI, ["下湾村", "1组", "1", "王五"]], "entries": [entry()]},
        ("农户", 3, "户主", "head_differs"),
    ),
    "goods without points": (
        {"entries": [entry(points=5)], "redemptions": [redemption(), redemption(points=4)]},
        ("兑换登记", 3, "积分", "not_enough_points"),
    ),
    "goods before the points": (
        {"entries": [entry("2026-10-01")], "redemptions": [redemption("2026-09-30")]},
        ("兑换登记", 2, "积分", "not_enough_points"),
    ),
}


@pytest.mark.parametrize(("rows", "address"), BAD_BOOKS.values(), ids=BAD_BOOKS.keys())
def test_one_bad_row_refuses_the_file_and_names_itself_i_35(township, book_of, rows, address):
    with pytest.raises(BookRefused) as refusal:
        run(book_of(**rows), township)

    assert addresses(refusal) == [address]
    assert refusal.value.refused[0].reason
    assert refusal.value.refused[0].fix
    assert not Subject.objects.exists()
    assert not Entry.objects.exists()
    assert not RuleBook.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_book_of_households_alone_opens_their_files_and_no_ledger(township, xiawan, book_of):
    entered = run(book_of(), township)

    assert entered.written == 0
    assert figures(village_id=xiawan.pk).households == 1
    assert not RuleBook.objects.exists()
    assert not Month.objects.exists()


def test_a_later_book_goes_on_where_the_closed_one_ended(township, xiawan, book_of, two_months):
    run(two_months, township)
    october = Month.objects.get(village=xiawan, month="2026-10")
    seal = sealing.seal(village_id=xiawan.pk, by=BY, at=NOON)
    october.state, october.closed_at, october.seal = Month.State.CLOSED, NOON, seal
    october.save(update_fields=["state", "closed_at", "seal"])

    later = book_of(entries=[entry("2026-11-01", 7)], redemptions=[redemption("2026-11-01", 9)])
    assert run(later, township).written == 2

    assert figures(village_id=xiawan.pk).spendable == 0
    assert list(figures(village_id=xiawan.pk).months) == ["2026-09", "2026-10", "2026-11"]
    states = RuleBook.objects.order_by("version").values_list("version", "state")
    assert list(states) == [(1, "superseded"), (2, "in_force")]


def test_same_number_and_head_in_two_groups_is_never_guessed(township, book_of):
    with pytest.raises(BookRefused) as refusal:
        run(book_of(households=[LI, ["下湾村", "2组", "001", "李芳"]], entries=[entry()]), township)
    assert addresses(refusal) == [("积分台账", 2, "户号", "household_ambiguous")]


def test_a_household_on_file_under_another_head_is_refused(township, xiawan, book_of):
    make_household(village=xiawan, number="001", name="王五")

    with pytest.raises(BookRefused) as refusal:
        run(book_of(entries=[entry()]), township)
    assert ("农户", 2, "户主", "head_differs") in addresses(refusal)
    assert "王五" not in "".join(bad.reason for bad in refusal.value.refused)


def test_another_version_of_an_entered_book_is_refused(township, two_months, book_of):
    run(two_months, township)
    stored = everything_stored()

    with pytest.raises(BookRefused) as refusal:
        run(book_of(entries=[entry(), entry("2026-10-03", 4)]), township)
    assert addresses(refusal) == [("积分台账", 2, "日期", "village_has_a_ledger")]
    assert everything_stored() == stored


def test_a_village_with_its_own_rules_takes_no_book(township, xiawan, book_of):
    make_rulebook(village=xiawan, from_on=date(2026, 9, 1))

    with pytest.raises(BookRefused) as refusal:
        run(book_of(entries=[entry()]), township)
    assert addresses(refusal) == [("积分台账", 2, "日期", "village_has_rules")]


def test_a_stopped_ledger_refuses_by_the_row(township, xiawan, book_of):
    LedgerState.objects.create(village=xiawan, broken_at=NOON)

    with pytest.raises(BookRefused) as refusal:
        run(book_of(entries=[entry()]), township)
    assert addresses(refusal) == [("积分台账", 2, "加减分", "ledger_stopped")]
