"""`verify_ledger` names what a superuser did with the triggers disabled (T-19, F-22)."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from scoring.models import Entry
from scoring.operations import sealing
from scoring.operations.checking import check
from tests.factories import (
    NOON,
    make_actor,
    make_entry,
    make_household,
    make_rulebook,
    make_township,
    make_village,
)


@pytest.fixture
def sealed_ledger(committed_db):
    """A village with two households: four sealed entries, a second seal, one entry after it."""
    village = make_village(township=make_township())
    book = make_rulebook(village=village)
    plus, minus = book.items.order_by("code")
    first, second = make_household(village=village), make_household(village=village)
    by = make_actor()
    for day, household in enumerate([first, second, first], start=1):
        make_entry(household=household, item=plus, points=day, occurred_on=date(2026, 10, day))
    sealing.seal(village_id=village.pk, by=by, at=NOON)
    make_entry(household=second, item=minus, points=-2, occurred_on=date(2026, 10, 5))
    sealing.seal(village_id=village.pk, by=by, at=NOON)
    make_entry(household=first, item=plus, points=7, occurred_on=date(2026, 10, 6))
    return village


def tamper(database, *statements):
    """What only a superuser can do: the guards off, the statements, the guards on."""
    with database.as_superuser() as connection, connection.cursor() as cursor:
        for table in ("scoring_entry", "scoring_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount > 0, statement


def problems_of(village):
    return [
        (problem.entry, problem.what)
        for problem in check(village_id=village.pk, village=village.code).problems
    ]


def ids(village):
    return list(Entry.objects.filter(village=village).order_by("pk").values_list("pk", flat=True))


def test_a_clean_ledger_has_no_problem(sealed_ledger):
    verdict = check(village_id=sealed_ledger.pk, village=sealed_ledger.code)
    assert (verdict.entries, verdict.seals, verdict.problems) == (5, 2, [])


@pytest.mark.parametrize(
    "change",
    [
        "points = points + 1",
        "occurred_on = occurred_on - 1",
        "source = source || 'x'",
        "month = '2026-09'",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "recorded_by_id = 77",
        "item_id = NULL, category_id = NULL, rulebook_id = NULL",
    ],
)
def test_a_changed_row_is_named_i03(sealed_ledger, committed_db, change):
    entry = ids(sealed_ledger)[1]
    tamper(committed_db, f"UPDATE scoring_entry SET {change} WHERE id = {entry}")
    assert (entry, "changed: the row does not fit its digest") in problems_of(sealed_ledger)


def test_a_changed_row_after_the_last_seal_is_named_i03(sealed_ledger, committed_db):
    entry = ids(sealed_ledger)[-1]
    tamper(committed_db, f"UPDATE scoring_entry SET points = 9 WHERE id = {entry}")
    assert (entry, "changed: the row does not fit its digest") in problems_of(sealed_ledger)


def test_a_removed_row_is_named_i02(sealed_ledger, committed_db):
    entry = ids(sealed_ledger)[2]
    tamper(committed_db, f"DELETE FROM scoring_entry WHERE id = {entry}")
    assert (entry, "removed: it was sealed and is gone") in problems_of(sealed_ledger)


def test_a_row_with_a_digest_made_for_it_is_named_i02(sealed_ledger, committed_db):
    entry = ids(sealed_ledger)[0]
    tamper(
        committed_db,
        f"UPDATE scoring_entry SET points = 50 WHERE id = {entry}",
        f"""UPDATE scoring_entry e SET digest = ledger_digest(e.id, village_id, subject_id, kind,
            points, category_id, item_id, rulebook_id, occurred_on, month, source, reverses_id,
            recorded_at, recorded_by_id) WHERE id = {entry}""",
    )
    assert problems_of(sealed_ledger)[0] == (
        entry,
        "rewritten: its digest is not the one that was sealed",
    )


def test_a_row_slipped_under_a_seal_is_named_i02(sealed_ledger, committed_db):
    first = ids(sealed_ledger)[0]
    tamper(
        committed_db,
        f"""INSERT INTO scoring_entry (id, village_id, subject_id, kind, points, category_id,
            item_id, rulebook_id, occurred_on, month, source, recorded_at, digest)
            OVERRIDING SYSTEM VALUE
            SELECT {first} - 1, village_id, subject_id, kind, points, category_id, item_id,
            rulebook_id, occurred_on, month, 'slipped in', recorded_at, digest
            FROM scoring_entry WHERE id = {first}""",
    )
    assert (first - 1, "added under a seal") in problems_of(sealed_ledger)


def test_two_swapped_rows_are_both_named(sealed_ledger, committed_db):
    first, second = ids(sealed_ledger)[:2]
    tamper(
        committed_db,
        f"""UPDATE scoring_entry a SET points = b.points, digest = b.digest FROM scoring_entry b
            WHERE (a.id, b.id) IN (({first}, {second}), ({second}, {first}))""",
    )
    named = {entry for entry, _ in problems_of(sealed_ledger)}
    assert {first, second} <= named


def test_rewritten_leaves_do_not_make_the_root(sealed_ledger, committed_db):
    tamper(
        committed_db,
        "UPDATE scoring_seal SET leaves = overlay(leaves placing '\\xff' from 1) WHERE number = 1",
    )
    assert "seal 1: its leaves do not make its root" in dict(problems_of(sealed_ledger)).values()


def test_a_missing_seal_breaks_the_row_of_seals_i36(sealed_ledger, committed_db):
    tamper(committed_db, "DELETE FROM scoring_seal WHERE number = 1")
    assert problems_of(sealed_ledger) != []


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE scoring_balance SET gross = gross + 1", "balance of subject"),
        ("UPDATE scoring_monthlytotal SET plus = plus + 1", "total of subject"),
        ("DELETE FROM scoring_balance", "balance of subject"),
    ],
)
def test_a_changed_total_is_named_i04(sealed_ledger, committed_db, statement, what):
    tamper(committed_db, statement)
    assert [found[1].startswith(what) for found in problems_of(sealed_ledger)] != []
    assert all(found[1].startswith(what) for found in problems_of(sealed_ledger))


def test_the_command_prints_json_and_fails_on_a_problem(sealed_ledger, committed_db):
    clean = StringIO()
    call_command("verify_ledger", "--json", stdout=clean)
    assert json.loads(clean.getvalue()) == {"ok": True, "entries": 5, "seals": 2, "problems": []}
    entry = ids(sealed_ledger)[1]
    tamper(committed_db, f"UPDATE scoring_entry SET points = 9 WHERE id = {entry}")
    broken = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("verify_ledger", "--json", stdout=broken)
    assert failure.value.returncode == 1
    first = json.loads(broken.getvalue())["problems"][0]
    assert (first["village"], first["entry"]) == (sealed_ledger.code, entry)
