"""Proofs of a household's entries: they hold for what was sealed and for nothing else."""

from datetime import timedelta

import pytest

from scoring.engine.canon import leaf_digest
from scoring.models import Seal
from scoring.operations import sealing
from scoring.queries import proofs, seals
from scoring.queries.household_ledger import lines_of, own_figures, public_figures
from tests.factories import NOON, make_household
from tests.scoring.stage import Stage, set_stage


def facts_of(stage: Stage):
    lines = lines_of(village_id=stage.village.pk, subject_id=stage.home.pk)
    return [line.facts for line in lines]


def newest(stage: Stage) -> Seal:
    seal = seals.newest(village_id=stage.village.pk)
    assert seal is not None
    return seal


def fill(stage: Stage, *, seals_made: int = 3, each: int = 7) -> None:
    """Some entries of the household among those of a neighbour, sealed now and then."""
    other = make_household(village=stage.village)
    for number in range(seals_made):
        for step in range(each):
            stage.enter(home=other)
            if step % 3 == 0:
                stage.enter(-2 if step else 5, item="minus" if step else "plus")
        sealing.seal(village_id=stage.village.pk, by=stage.clerk, at=NOON + timedelta(days=number))


def test_every_sealed_entry_is_proven(stage):
    fill(stage)
    late = stage.enter()
    found = proofs.proofs_under(newest(stage), entries=facts_of(stage))
    assert (found.seal.number, found.holding, found.broken) == (3, 9, 0)
    assert late not in found.proofs
    assert {facts.id for facts in facts_of(stage)} - set(found.proofs) == {late}
    for facts in facts_of(stage)[:-1]:
        assert found.proofs[facts.id].digest == leaf_digest(facts)


def test_an_older_seal_proves_what_it_covers(stage):
    fill(stage)
    first = Seal.objects.get(village=stage.village, number=1)
    found = proofs.proofs_under(first, entries=facts_of(stage))
    assert (len(found.proofs), found.broken) == (3, 0)


@pytest.mark.parametrize("entries", [1, 12])
def test_it_takes_two_queries_for_any_number_of_entries(stage, entries, django_assert_num_queries):
    for _ in range(entries):
        stage.enter()
    sealing.seal(village_id=stage.village.pk, by=stage.clerk, at=NOON)
    seal, facts = newest(stage), facts_of(stage)
    with django_assert_num_queries(2):
        assert proofs.proofs_under(seal, entries=facts).holding == entries


def tamper(database, *statements: str) -> None:
    with database.as_superuser() as connection, connection.cursor() as cursor:
        for table in ("scoring_entry", "scoring_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE scoring_entry SET points = points + 1 WHERE id = {one}",
        "UPDATE scoring_entry SET occurred_on = occurred_on - 1 WHERE id = {one}",
        "UPDATE scoring_entry SET source = 'other' WHERE id = {one}",
        "UPDATE scoring_entry SET recorded_at = recorded_at + interval '1 us' WHERE id = {one}",
    ],
)
def test_a_changed_row_is_the_one_that_does_not_hold(committed_db, change):
    stage = set_stage()
    fill(stage)
    one = facts_of(stage)[4].id
    tamper(committed_db, change.format(one=one))
    found = proofs.proofs_under(newest(stage), entries=facts_of(stage))
    assert [pk for pk, proof in found.proofs.items() if not proof.holds] == [one]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE scoring_seal SET leaves = substring(leaves for 40)",
        "UPDATE scoring_seal SET leaves = ''::bytea",
        "UPDATE scoring_seal SET leaf_ids = '{}'",
        "UPDATE scoring_seal SET root = sha256('') WHERE number = 3",
        "UPDATE scoring_seal SET count = count + 1 WHERE number = 3",
    ],
)
def test_damaged_seals_prove_nothing_and_break_nothing(committed_db, change):
    stage = set_stage()
    fill(stage)
    tamper(committed_db, change)
    found = proofs.proofs_under(newest(stage), entries=facts_of(stage))
    assert (found.holding, found.broken) == (0, 9)


def test_a_row_slipped_in_under_a_seal_does_not_hold(committed_db):
    stage = set_stage()
    fill(stage)
    below = facts_of(stage)[0].id - 1_000
    columns = ", ".join(proofs_columns())
    tamper(
        committed_db,
        f"INSERT INTO scoring_entry (id, source, {columns}, digest) OVERRIDING SYSTEM VALUE"
        f" SELECT {below}, 'slipped', {columns}, digest FROM scoring_entry"
        f" WHERE id = {facts_of(stage)[0].id}",
    )
    found = proofs.proofs_under(newest(stage), entries=facts_of(stage))
    assert [pk for pk, proof in found.proofs.items() if not proof.holds] == [below]


def proofs_columns() -> list[str]:
    return [
        *("village_id", "subject_id", "kind", "points", "category_id", "item_id", "rulebook_id"),
        *("occurred_on", "month", "reverses_id", "recorded_at", "recorded_by_id"),
    ]


def test_lines_run_up_the_spendable_sum_and_know_their_reversal(stage):
    first = stage.enter(10)
    stage.enter(-3, item="minus")
    (answer,) = stage.post(stage.reversal(first))
    lines = lines_of(village_id=stage.village.pk, subject_id=stage.home.pk)
    assert [(line.place, line.balance) for line in lines] == [(1, 10), (2, 7), (3, -3)]
    assert [line.reversed_by for line in lines] == [answer.entry_id, None, None]
    assert lines[2].facts.reverses_id == first
    figures = own_figures(village_id=stage.village.pk, subject_id=stage.home.pk)
    assert (figures.gross, figures.earned, figures.spendable) == (0, -3, -3)
    assert stage.balance() == (0, -3, -3)


def test_a_household_without_entries_has_zeros(stage):
    assert lines_of(village_id=stage.village.pk, subject_id=stage.home.pk) == []
    figures = own_figures(village_id=stage.village.pk, subject_id=stage.home.pk)
    assert (figures.gross, figures.earned, figures.spendable) == (0, 0, 0)


def test_a_month_is_shown_in_public_only_after_its_notice(stage):
    stage.enter(10)
    stage.enter(-4, item="minus")
    who = {"village_id": stage.village.pk, "subject_id": stage.home.pk}
    assert public_figures(**who) is None
    month = stage.close("2026-10")
    assert public_figures(**who) is None
    month.state = month.State.PUBLISHED
    month.save(update_fields=["state"])
    found = public_figures(**who)
    assert found is not None
    assert (found.month, found.plus, found.gross) == ("2026-10", 10, 10)
    assert {"minus", "earned", "spendable", "entries"}.isdisjoint(dir(found))
