"""Correction is a reversal: once, opposite, of the same household, never of a reversal."""

from datetime import date

import pytest

from scoring.errors import NotEnoughPoints, NotReversible, OutsideTheRule
from scoring.models import Entry, MonthlyTotal
from tests.factories import make_household
from tests.scoring.stage import CATEGORY


def _refused(stage, *rows, refusal=NotReversible) -> int:
    before = Entry.objects.count()
    with pytest.raises(refusal) as refused:
        stage.post(*rows)
    assert Entry.objects.count() == before
    return refused.value.facts["row"]


def test_i07_reversal_undoes_an_award_in_every_sum(stage):
    [done] = stage.post(stage.reversal(stage.enter(20)))
    entry = Entry.objects.select_related("category").get(pk=done.entry_id)
    assert (entry.kind, entry.points, entry.item_id) == ("reversal", -20, stage.items["plus"])
    assert (entry.category.name, entry.rulebook_id) == (CATEGORY, stage.book.pk)
    assert stage.balance() == (0, 0, 0)
    total = MonthlyTotal.objects.get()
    assert (total.plus, total.minus, total.entries) == (0, 0, 2)


def test_i07_reversal_undoes_a_deduction_in_earned_only(stage):
    stage.enter(20)
    stage.post(stage.reversal(stage.enter(-6, item="minus")))
    assert stage.balance() == (20, 20, 20)
    total = MonthlyTotal.objects.get()
    assert (total.plus, total.minus) == (20, 0)


def test_i07_entry_is_reversed_once(stage):
    entry = stage.enter(5)
    stage.post(stage.reversal(entry))
    assert _refused(stage, stage.row(), stage.reversal(entry)) == 1


def test_i07_entry_is_reversed_once_also_within_a_batch(stage):
    entry = stage.enter(5)
    assert _refused(stage, stage.reversal(entry), stage.row(), stage.reversal(entry)) == 2


def test_i07_reversal_is_never_reversed(stage):
    [reversal] = stage.post(stage.reversal(stage.enter(5)))
    assert _refused(stage, stage.reversal(reversal.entry_id)) == 0


def test_i07_redemption_is_returned_not_reversed(stage):
    stage.enter(5)
    [spent] = stage.post(stage.spend(3))
    assert _refused(stage, stage.reversal(spent.entry_id)) == 0


@pytest.mark.parametrize("points", [-4, -6, 5, 0])
def test_i07_reversal_has_exactly_the_opposite_points(stage, points):
    assert _refused(stage, stage.reversal(stage.enter(5), points=points)) == 0


def test_i07_reversal_belongs_to_the_same_household(stage):
    other = make_household(village=stage.village)
    assert _refused(stage, stage.reversal(stage.enter(5), subject_id=other.pk)) == 0


def test_i07_reversal_is_not_dated_before_its_entry(stage):
    row = stage.reversal(stage.enter(5), occurred_on=date(2026, 10, 11))
    assert _refused(stage, row) == 0


def test_i07_reversal_takes_back_from_the_item_of_its_entry(stage):
    row = stage.reversal(stage.enter(5), item_id=stage.items["kind"])
    assert _refused(stage, row) == 0


def test_i07_reversal_without_its_entry_is_refused(stage):
    stage.enter(5)
    row = stage.row(-5, item=None, kind=Entry.Kind.REVERSAL)
    assert _refused(stage, row) == 0
    row = stage.row(-5, item=None, kind=Entry.Kind.REVERSAL, reverses=0)
    assert _refused(stage, row) == 0


def test_i07_only_a_reversal_names_an_entry(stage):
    entry = stage.enter(5)
    assert _refused(stage, stage.row(5, reverses=entry)) == 0
    row = stage.spend(1, reverses=entry)
    assert _refused(stage, row, refusal=OutsideTheRule) == 0


def test_i09_reversal_of_spent_points_makes_a_debt_and_a_debtor_cannot_redeem(stage):
    entry = stage.enter(10)
    stage.post(stage.spend(8))
    stage.post(stage.reversal(entry))
    assert stage.balance() == (0, 0, -8)
    assert _refused(stage, stage.spend(1), refusal=NotEnoughPoints) == 0
    stage.enter(8)
    assert _refused(stage, stage.spend(1), refusal=NotEnoughPoints) == 0
    stage.enter(1)
    stage.post(stage.spend(1))
    assert stage.balance() == (9, 9, 0)


def test_i25_reversal_of_a_closed_months_entry_is_entered_in_the_open_month(stage):
    entry = stage.enter(5, on=date(2026, 9, 10))
    stage.close("2026-09")
    stage.enter(5, on=date(2026, 10, 1))
    [done] = stage.post(stage.reversal(entry))
    assert Entry.objects.get(pk=done.entry_id).month == "2026-10"
    totals = MonthlyTotal.objects.order_by("month").values_list("month", "plus")
    assert list(totals) == [("2026-09", 5), ("2026-10", 0)]


def test_after_a_reversal_the_points_may_be_awarded_again(stage):
    stage.post(stage.reversal(stage.enter(5)))
    assert stage.enter(4)
    assert stage.balance() == (4, 4, 4)
