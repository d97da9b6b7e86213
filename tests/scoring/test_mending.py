"""Balances and totals are set right from the entries by one command, and from nothing else."""

from datetime import date
from io import StringIO
from time import sleep

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from scoring.models import Balance, Entry, LedgerState, MonthlyTotal
from scoring.operations import breaks, mending, sealing
from scoring.operations.checking import check
from scoring.operations.ledger import LOCK_SPACE
from tests.factories import NOON, make_actor, make_household
from tests.races import rewrite, together, without_village_lock
from tests.scoring.stage import Stage, beside, set_stage
from tests.scoring.tampering import tamper
from trail.actor import Actor
from trail.models import AuditEvent

SYSTEM = Actor.system("test")
BETWEEN = "CREATE TEMPORARY TABLE ledger_differences"
SPOILT = (
    "UPDATE scoring_balance SET spendable = spendable + 90 WHERE village_id = {village}",
    "UPDATE scoring_monthlytotal SET plus = plus - 1, entries = entries + 2"
    " WHERE village_id = {village} AND month = '2026-10'",
)


@pytest.fixture
def stage(committed_db) -> Stage:
    """A deduction, a reversal and a redemption over two months, and a sound neighbour."""
    stage = set_stage()
    wrong = stage.enter(8, on=date(2026, 9, 3))
    stage.enter(20)
    stage.enter(-2, item="minus")
    stage.enter(4, item="kind")
    stage.post(stage.reversal(wrong), stage.spend(5))
    return stage


def figures() -> list[list[dict]]:
    """All stored figures, whatever the rows are called."""
    return [
        sorted((row for row in model.objects.values() if row.pop("id")), key=lambda row: str(row))
        for model in (Balance, MonthlyTotal)
    ]


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("mend_totals", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def problems(stage: Stage) -> list[str]:
    found = check(village_id=stage.village.pk, village=stage.village.code).problems
    return [problem.what for problem in found]


def test_t19_spoilt_figures_are_named_then_reported_then_mended(stage, committed_db):
    before, code, home = figures(), stage.village.code, stage.home
    tamper(committed_db, *SPOILT, village=stage.village.pk)
    assert problems(stage)[0] == f"balance of subject {home.pk} is not the sum"
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("mend_totals", "--village", code, stdout=out)
    assert refusal.value.returncode == 1
    first = f"village {code} subject {home.number}: balance spendable: stored 107, recomputed 17"
    assert out.getvalue().splitlines()[0] == first
    assert "entries: stored 3, recomputed 1" in out.getvalue()
    assert problems(stage) != []
    mended = told("--village", code, "--apply")
    assert mended.splitlines()[:-1] == out.getvalue().splitlines()[:-1]
    assert (problems(stage), figures()) == ([], before)
    assert told("--all") == "0 figures differ\n"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM scoring_balance WHERE village_id = {village}",
        "DELETE FROM scoring_monthlytotal WHERE village_id = {village}",
        "INSERT INTO scoring_monthlytotal"
        " (village_id, subject_id, month, plus, minus, spent, entries)"
        " SELECT village_id, subject_id, '2020-01', 9, 0, 0, 1 FROM scoring_balance"
        " WHERE village_id = {village}",
        "UPDATE scoring_monthlytotal SET category_id = NULL WHERE village_id = {village}"
        " AND month = '2026-09'",
    ],
)
def test_rows_that_are_missing_too_many_or_elsewhere_are_mended(stage, committed_db, statement):
    before = figures()
    tamper(committed_db, statement, village=stage.village.pk)
    assert problems(stage) != []
    assert mending.mend(village=stage.village, by=SYSTEM, at=NOON)
    assert (problems(stage), figures()) == ([], before)


def test_mending_touches_no_entry_and_no_other_village(stage, committed_db):
    other = beside(stage)
    other.enter(3)
    tamper(committed_db, "UPDATE scoring_balance SET gross = 77")
    entries = list(Entry.objects.order_by("pk").values())
    mending.mend(village=stage.village, by=SYSTEM, at=NOON)
    assert list(Entry.objects.order_by("pk").values()) == entries
    assert (problems(stage), len(problems(other))) == ([], 1)


def test_mending_is_recorded_once_with_counts_and_a_digest(stage, committed_db):
    tamper(committed_db, SPOILT[0], village=stage.village.pk)
    by = make_actor()
    mending.compare(village=stage.village)
    mending.mend(village=stage.village, by=by, at=NOON)
    mending.mend(village=stage.village, by=by, at=NOON)
    event = AuditEvent.objects.get(what="ledger.mended")
    assert (event.village_id, event.person_id) == (stage.village.pk, by.person_id)
    assert (event.detail["figures"], event.detail["subjects"]) == (1, 1)
    assert len(event.detail["sha256"]) == 64


def test_i08_figures_of_a_broken_ledger_are_not_mended(stage, committed_db):
    sealing.seal(village_id=stage.village.pk, by=SYSTEM, at=NOON)
    entry = Entry.objects.filter(village=stage.village).latest("pk")
    # With a digest of its own: only the seal tells.
    tamper(
        committed_db,
        f"UPDATE scoring_entry SET points = -1 WHERE id = {entry.pk}",
        "UPDATE scoring_entry SET digest = ledger_digest(id, village_id, subject_id, kind,"
        " points, category_id, item_id, rulebook_id, occurred_on, month, source, reverses_id,"
        f" recorded_at, recorded_by_id) WHERE id = {entry.pk}",
    )
    before = figures()
    with pytest.raises(CommandError) as refusal:
        told("--village", stage.village.code, "--apply")
    assert refusal.value.returncode == 2
    with pytest.raises(mending.EntriesAreBroken):
        mending.compare(village=stage.village)
    assert figures() == before


def test_the_function_itself_refuses_a_changed_row(stage, committed_db):
    tamper(committed_db, "UPDATE scoring_entry SET points = points + 1 WHERE points = 20")
    with pytest.raises(DatabaseError) as refusal, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public.ledger_mend(%s, true)", [stage.village.pk])
    assert getattr(refusal.value.__cause__, "pgcode", "") == "VC112"


def test_a_table_of_the_callers_cannot_stand_in_for_the_recomputed_one(stage):
    before = figures()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE ledger_recomputed (subject_id bigint)")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("SELECT * FROM public.ledger_mend(%s, true)", [stage.village.pk])
    assert figures() == before


def test_a_stopped_ledger_stays_stopped_until_supervision_signs(stage, committed_db):
    tamper(committed_db, SPOILT[0], village=stage.village.pk)
    breaks.examine(village=stage.village, by=SYSTEM, at=NOON)
    mending.mend(village=stage.village, by=SYSTEM, at=NOON)
    assert problems(stage) == []
    assert LedgerState.objects.get(village=stage.village).stopped


def test_an_unknown_village_is_refused(db):
    with pytest.raises(CommandError) as refusal:
        told("--village", "999999999999")
    assert refusal.value.returncode == 2


def _posted_while_mending(stage: Stage) -> list[str]:
    homes = [make_household(village=stage.village) for _ in range(4)]

    def posting(home):
        return lambda: [stage.enter(1, home=home) for _ in range(6)]

    def mend():
        return [mending.mend(village=stage.village, by=SYSTEM, at=NOON) for _ in range(6)]

    answers = together(mend, *(posting(home) for home in homes))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert Entry.objects.filter(village=stage.village, subject__in=homes).count() == 24
    return problems(stage)


def test_posts_that_race_with_mending_are_all_counted_once(stage, committed_db):
    tamper(committed_db, *SPOILT, village=stage.village.pk)
    assert _posted_while_mending(stage) == []


def _posted_between_the_sums(stage: Stage, database, *changes: tuple[str, str]) -> list[str]:
    """A post comes when entries have been summed and totals not been read: what is wrong then."""
    rewrite(
        database,
        "public.ledger_mend",
        (BETWEEN, f"PERFORM pg_sleep(1.5);\n  {BETWEEN}"),
        *changes,
    )

    def enter_later():
        sleep(0.5)
        return stage.enter(1)

    mended, posted = together(
        lambda: mending.mend(village=stage.village, by=SYSTEM, at=NOON), enter_later
    )
    assert isinstance(posted, int)
    return [*map(str, mended), *problems(stage)]


def test_a_post_waits_for_mending(stage, committed_db):
    assert _posted_between_the_sums(stage, committed_db) == []


def test_control_without_the_lock_mending_takes_a_post_away(stage, committed_db):
    without_village_lock(committed_db)
    lock = (f"PERFORM pg_advisory_xact_lock({LOCK_SPACE} + p_village);", "")
    assert _posted_between_the_sums(stage, committed_db, lock) != []
