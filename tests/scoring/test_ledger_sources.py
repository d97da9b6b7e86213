"""A source is entered once: a retry is answered with the first entry, other content is refused."""

from dataclasses import replace
from datetime import date

import pytest

from scoring.errors import DateInTheFuture, SourceReused
from scoring.models import Entry
from scoring.operations.ledger import Posted
from tests.factories import make_household


def test_i13_retry_is_answered_with_the_first_entry(stage):
    row = stage.row(5, source="declared:1")
    [first] = stage.post(row)
    assert stage.post(row) == [Posted(first.entry_id, fresh=False)]
    assert Entry.objects.count() == 1
    assert stage.balance() == (5, 5, 5)


def test_i13_retry_succeeds_after_the_month_was_closed(stage):
    row = stage.row(5, source="declared:1")
    [first] = stage.post(row)
    stage.close("2026-10")
    assert stage.post(row) == [Posted(first.entry_id, fresh=False)]
    assert stage.states() == {"2026-10": "closed"}


def test_i13_retry_of_a_redemption_does_not_need_the_points_again(stage):
    stage.enter(5)
    row = stage.spend(5, source="window:1")
    [first] = stage.post(row)
    assert stage.post(row) == [Posted(first.entry_id, fresh=False)]
    assert stage.balance() == (5, 5, 0)


def test_i13_retry_of_a_reversal_is_no_second_reversal(stage):
    row = stage.reversal(stage.enter(5))
    [first] = stage.post(row)
    assert stage.post(row) == [Posted(first.entry_id, fresh=False)]


def test_i13_retried_batch_enters_only_what_is_new(stage):
    known, fresh = stage.row(5, source="a"), stage.row(6, source="b")
    [first] = stage.post(known)
    [new, old] = stage.post(fresh, known)
    assert old == Posted(first.entry_id, fresh=False)
    assert new.fresh
    assert stage.balance() == (11, 11, 11)


def test_same_source_in_another_village_is_another_fact(stage, neighbour):
    assert stage.post(stage.row(source="a"))[0].fresh
    assert neighbour.post(neighbour.row(source="a"))[0].fresh


@pytest.mark.parametrize(
    "change",
    [
        {"points": 6},
        {"occurred_on": date(2026, 10, 13)},
        {"kind": Entry.Kind.CARRY_IN, "item_id": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_i13_vc103_source_with_other_content_is_refused(stage, change):
    row = stage.row(5, source="declared:1")
    stage.post(row)
    with pytest.raises(SourceReused) as refused:
        stage.post(stage.row(5), replace(row, **change))
    assert refused.value.facts["row"] == 1
    assert Entry.objects.count() == 1


def test_i13_vc103_source_of_another_household_or_item_is_refused(stage):
    row = stage.row(5, source="declared:1")
    stage.post(row)
    for other in (
        replace(row, subject_id=make_household(village=stage.village).pk),
        replace(row, item_id=stage.items["kind"]),
    ):
        with pytest.raises(SourceReused):
            stage.post(other)


def test_vc103_source_twice_in_a_batch_is_refused_at_its_second_row(stage):
    row = stage.row(5, source="a")
    with pytest.raises(SourceReused) as refused:
        stage.post(stage.row(5), row, row)
    assert refused.value.facts["row"] == 2
    assert Entry.objects.count() == 0


def test_refused_source_is_free_again(stage):
    wrong = stage.row(5, source="a", on=date(9999, 1, 1))
    with pytest.raises(DateInTheFuture):
        stage.post(wrong)
    assert stage.post(replace(wrong, occurred_on=date(2026, 10, 1)))[0].fresh
