"""`ledger_post`, the one way in: what it writes, and each of its refusals with the row named."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.db.models import Sum

from scoring import errors
from scoring.models import Balance, Entry, LedgerState, MonthlyTotal
from tests.factories import NOON, make_household
from tests.scoring.stage import CATEGORY, OTHER_CATEGORY, Stage
from trail import clock

TOMORROW = timedelta(days=1)


def _totals(stage: Stage) -> dict[tuple[str, str | None], tuple[int, int, int, int]]:
    rows = MonthlyTotal.objects.filter(village=stage.village)
    return {
        (month, category): tuple(figures)
        for month, category, *figures in rows.values_list(
            "month", "category__name", "plus", "minus", "spent", "entries"
        )
    }


def _refused(stage: Stage, refusal: type[errors.LedgerRefusal], *rows) -> errors.LedgerRefusal:
    before = Entry.objects.count()
    with pytest.raises(refusal) as refused:
        stage.post(*rows)
    assert Entry.objects.count() == before
    return refused.value


def test_posted_entry_holds_every_fact_of_its_row(stage):
    [posted] = stage.post(stage.row(7, item="kind", on=date(2026, 10, 12), source="declared:1"))
    entry = Entry.objects.select_related("category").get(pk=posted.entry_id)
    assert posted.fresh
    assert (entry.village_id, entry.subject_id) == (stage.village.pk, stage.home.pk)
    assert (entry.kind, entry.points, entry.source) == ("award", 7, "declared:1")
    assert (entry.occurred_on, entry.month) == (date(2026, 10, 12), "2026-10")
    assert (entry.item_id, entry.rulebook_id) == (stage.items["kind"], stage.book.pk)
    assert entry.category.name == OTHER_CATEGORY
    assert entry.recorded_by_id == stage.clerk.person_id
    assert abs(entry.recorded_at - clock.now()) < timedelta(minutes=5)


def test_answers_come_in_the_order_of_the_rows_and_ids_grow_with_them(stage):
    answers = stage.post(stage.row(5), stage.row(-3, item="minus"), stage.spend(1))
    ids = [answer.entry_id for answer in answers]
    assert ids == sorted(ids)
    points = [Entry.objects.get(pk=entry_id).points for entry_id in ids]
    assert points == [5, -3, -1]


def test_no_rows_post_nothing(stage):
    assert stage.post() == []
    assert Entry.objects.count() == 0


def test_i04_balance_and_monthly_totals_are_the_sums_of_the_entries(stage):
    stage.post(
        stage.row(20),
        stage.row(4, item="kind"),
        stage.row(-6, item="minus"),
        stage.spend(3),
        stage.row(9, on=date(2026, 11, 1)),
    )
    assert stage.balance() == (33, 27, 24)
    assert _totals(stage) == {
        ("2026-10", CATEGORY): (20, -6, 0, 2),
        ("2026-10", OTHER_CATEGORY): (4, 0, 0, 1),
        ("2026-10", None): (0, 0, -3, 1),
        ("2026-11", CATEGORY): (9, 0, 0, 1),
    }


def test_i04_every_kind_counts_where_it_belongs(stage):
    kinds = Entry.Kind
    stage.post(
        stage.row(10),
        stage.row(50, item=None, kind=kinds.CARRY_IN),
        stage.row(5, item=None, kind=kinds.TRANSFER_IN),
        stage.spend(20),
        stage.row(4, item=None, kind=kinds.REDEMPTION_RETURN),
        stage.spend(2, kind=kinds.TRANSFER_OUT),
        stage.spend(1, kind=kinds.EXPIRY),
    )
    assert stage.balance() == (10, 10, 46)
    assert _totals(stage)[("2026-10", None)] == (0, 0, 36, 6)


def test_vc101_broken_ledger_takes_nothing_until_supervision_signs(stage, neighbour):
    state = LedgerState.objects.create(village=stage.village, broken_at=NOON, problem="第3笔")
    _refused(stage, errors.LedgerStopped, stage.row())
    neighbour.enter(5)
    state.signed_at, state.signed_by_id = NOON, stage.second.person_id
    state.save()
    assert stage.enter(5)


def test_vc102_unknown_subject_is_named_by_its_row(stage):
    nobody = make_household(village=stage.village)
    nobody.pk = 0
    refusal = _refused(stage, errors.NoSuchSubject, stage.row(), stage.row(home=nobody))
    assert refusal.facts["row"] == 1


def test_vc104_tomorrow_earns_nothing_and_today_does(stage):
    today = clock.today()
    refusal = _refused(
        stage, errors.DateInTheFuture, stage.row(on=today), stage.row(on=today + TOMORROW)
    )
    assert refusal.facts["row"] == 1
    assert stage.enter(5, on=today)


def test_vc106_nothing_is_scored_before_the_rules_were_in_force(stage):
    refusal = _refused(
        stage, errors.NoRuleInForce, stage.row(), stage.row(on=date(2025, 12, 31), source="late")
    )
    assert refusal.facts["row"] == 1
    assert stage.enter(5, on=date(2026, 1, 1))


def test_vc106_award_without_an_item_has_no_rule(stage):
    assert _refused(stage, errors.NoRuleInForce, stage.row(item=None)).facts["row"] == 0


@pytest.mark.parametrize(
    ("points", "item", "kind"),
    [
        (1, "kind", None),
        (9, "kind", None),
        (1001, "plus", None),
        (5, "minus", None),
        (-5, "plus", None),
        (-5, "plus", Entry.Kind.AWARD),
        (5, "minus", Entry.Kind.DEDUCTION),
        (1, "veto", None),
        (-1, "veto", None),
        (5, None, Entry.Kind.REDEMPTION),
        (-5, "minus", Entry.Kind.REDEMPTION),
        (5, None, Entry.Kind.TRANSFER_OUT),
        (5, None, Entry.Kind.EXPIRY),
        (-5, None, Entry.Kind.REDEMPTION_RETURN),
        (-5, None, Entry.Kind.TRANSFER_IN),
        (-5, None, Entry.Kind.CARRY_IN),
        (5, "plus", Entry.Kind.CARRY_IN),
        (10**9, None, Entry.Kind.CARRY_IN),
        (10**12, None, Entry.Kind.CARRY_IN),
    ],
)
def test_vc107_i12_kind_sign_and_amount_are_what_the_item_allows(stage, points, item, kind):
    wrong = stage.row(points, item=item, kind=kind)
    assert _refused(stage, errors.OutsideTheRule, stage.row(), wrong).facts["row"] == 1


def test_item_bounds_themselves_are_allowed(stage):
    stage.post(stage.row(2, item="kind"), stage.row(8, item="kind"))
    assert stage.balance() == (10, 10, 10)


def test_zero_points_are_no_fact(stage):
    rows = [stage.row(0, item=None, kind=Entry.Kind.CARRY_IN)]
    _refused(stage, errors.OutsideTheRule, *rows)


def test_vc111_i09_redemption_needs_the_points_in_the_order_of_the_rows(stage):
    stage.enter(10)
    refusal = _refused(stage, errors.NotEnoughPoints, stage.spend(6), stage.spend(5))
    assert refusal.facts["row"] == 1
    stage.post(stage.spend(6), stage.row(1), stage.spend(5))
    assert stage.balance() == (11, 11, 0)


@pytest.mark.parametrize("kind", [Entry.Kind.TRANSFER_OUT, Entry.Kind.EXPIRY])
def test_vc111_nothing_else_takes_more_than_is_there_either(stage, kind):
    stage.enter(10)
    _refused(stage, errors.NotEnoughPoints, stage.spend(11, kind=kind))
    stage.post(stage.spend(10, kind=kind))
    assert stage.balance() == (10, 10, 0)


def test_i09_points_of_another_household_do_not_pay(stage):
    other = make_household(village=stage.village)
    stage.enter(10, home=other)
    _refused(stage, errors.NotEnoughPoints, stage.spend(1))


def test_i09_deduction_may_exceed_what_is_left(stage):
    stage.enter(10)
    stage.post(stage.spend(8))
    stage.enter(-5, item="minus")
    assert stage.balance() == (10, 5, -3)


@pytest.mark.parametrize("bad", [0, 2, 4])
def test_refused_row_takes_the_whole_batch_with_it(stage, bad):
    rows = [stage.row(5) for _ in range(5)]
    rows[bad] = stage.row(2000)
    assert _refused(stage, errors.OutsideTheRule, *rows).facts["row"] == bad
    assert not Balance.objects.exists()
    assert stage.states() == {}


def test_errors_that_are_not_ours_pass_through_unchanged(stage):
    nameless = replace(stage.row(), source=None)
    with pytest.raises(IntegrityError, match="null value"):
        stage.post(nameless)


def _mixed_rows(stage: Stage, homes, seed: int) -> list:
    dice = random.Random(seed)
    rows = [stage.row(50, home=home, source=f"start:{n}") for n, home in enumerate(homes)]
    for number in range(200):
        home, source = dice.choice(homes), f"row:{number}"
        on = date(2026, dice.choice([9, 10]), dice.randint(1, 28))
        kind = dice.choice(["plus", "kind", "minus", "spend"])
        if kind == "spend":
            rows.append(stage.spend(1, home=home, on=on, source=source))
        else:
            points = -dice.randint(1, 3) if kind == "minus" else dice.randint(2, 8)
            rows.append(stage.row(points, item=kind, home=home, on=on, source=source))
    return rows


def _written(stage: Stage, homes) -> tuple:
    place = {home.pk: number for number, home in enumerate(homes)}
    entries = Entry.objects.filter(village=stage.village).order_by("pk")
    balances = Balance.objects.filter(village=stage.village)
    totals = MonthlyTotal.objects.filter(village=stage.village)
    return (
        [
            (place[s], *facts)
            for s, *facts in entries.values_list(
                *("subject_id", "kind", "points", "occurred_on", "month", "source"),
                *("item__code", "category__name"),
            )
        ],
        {
            place[s]: facts
            for s, *facts in balances.values_list("subject_id", "gross", "earned", "spendable")
        },
        {
            (place[s], month, category): figures
            for s, month, category, *figures in totals.values_list(
                "subject_id", "month", "category__name", "plus", "minus", "spent", "entries"
            )
        },
    )


def test_batch_writes_what_row_by_row_posting_writes(stage, neighbour):
    written = []
    for place, one_by_one in ((stage, False), (neighbour, True)):
        homes = [place.home, *(make_household(village=place.village) for _ in range(4))]
        rows = _mixed_rows(place, homes, seed=7)
        if one_by_one:
            for row in rows:
                place.post(row)
        else:
            place.post(*rows)
        written.append(_written(place, homes))
    assert len(written[0][0]) == 205
    assert written[0] == written[1]


def test_ten_thousand_rows_are_one_post(stage):
    homes = [make_household(village=stage.village) for _ in range(100)]
    rows = [
        stage.row(1 + number % 9, home=homes[number % 100], on=date(2026, 10, 1 + number % 28))
        for number in range(10_000)
    ]
    answers = stage.post(*rows)
    assert len({answer.entry_id for answer in answers}) == 10_000
    points = sum(row.points for row in rows)
    sums = Balance.objects.aggregate(Sum("gross"), Sum("spendable"))
    assert sums == {"gross__sum": points, "spendable__sum": points}
    assert Entry.objects.aggregate(Sum("points"))["points__sum"] == points
