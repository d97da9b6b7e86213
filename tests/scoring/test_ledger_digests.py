"""I-03: the digest of every stored row is what the second implementation says, in any session."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date

import pytest
from django.db import connection

from scoring.engine.canon import EntryFacts, leaf_digest
from scoring.models import Entry
from scoring.queries.ledger import FACT_COLUMNS, stored_entries
from tests.scoring.stage import set_stage

SESSIONS = {
    "newfoundland": {
        "TimeZone": "America/St_Johns",
        "DateStyle": "German, DMY",
        "lc_numeric": "C",
        "IntervalStyle": "sql_standard",
    },
    "kiritimati": {
        "TimeZone": "Pacific/Kiritimati",
        "DateStyle": "SQL, MDY",
        "lc_time": "POSIX",
        "bytea_output": "escape",
    },
    "kathmandu": {
        "TimeZone": "Asia/Kathmandu",
        "DateStyle": "Postgres, YMD",
        "lc_monetary": "C.UTF-8",
        "extra_float_digits": "-15",
    },
}
RECOMPUTED = """
SELECT count(*), count(*) FILTER (WHERE digest = public.ledger_digest(
  id, village_id, subject_id, kind, points, category_id, item_id, rulebook_id, occurred_on, month,
  source, reverses_id, recorded_at, recorded_by_id)) FROM public.scoring_entry
"""


def _every_kind(stage) -> None:
    kinds = Entry.Kind
    [first, *_] = stage.post(
        stage.row(20, source="申报:甲\u3000𠮷 1"),
        stage.row(-6, item="minus", source="'; --\\x00"),
        stage.row(50, item=None, kind=kinds.CARRY_IN),
        stage.row(5, item=None, kind=kinds.TRANSFER_IN),
        stage.spend(20),
        stage.row(4, item=None, kind=kinds.REDEMPTION_RETURN),
        stage.spend(2, kind=kinds.TRANSFER_OUT),
        stage.spend(1, kind=kinds.EXPIRY, source="x" * 160),
    )
    stage.post(stage.reversal(first.entry_id), stage.row(3, on=date(2026, 11, 1)))


def _digests_agree(stage, *, count: int) -> None:
    stored = list(stored_entries(village_id=stage.village.pk, batch=3))
    assert len(stored) == count
    assert [digest for _, digest in stored] == [leaf_digest(facts) for facts, _ in stored]


def test_i03_digest_of_every_kind_of_entry_agrees_with_python(stage):
    _every_kind(stage)
    assert set(Entry.objects.values_list("kind", flat=True)) == set(Entry.Kind.values)
    _digests_agree(stage, count=10)


@contextmanager
def _session(settings: dict[str, str]) -> Iterator[None]:
    """Other settings for a while; the driver itself reads dates in the usual style only."""
    before = _set(settings)
    assert all(before[name] != settings[name] for name in ("TimeZone", "DateStyle"))
    yield
    _set(before)


def _set(settings: dict[str, str]) -> dict[str, str]:
    before = {}
    with connection.cursor() as cursor:
        for name, value in settings.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            before[name] = cursor.fetchone()[0]
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    return before


@pytest.mark.parametrize("session", SESSIONS)
def test_i03_digest_does_not_depend_on_the_session_that_posts(stage, session):
    rows = [stage.row(20), stage.row(-6, item="minus"), stage.spend(3)]
    reversal = stage.reversal(stage.enter(7))
    with _session(SESSIONS[session]):
        stage.post(*rows, reversal)
    _digests_agree(stage, count=5)


def test_i03_digest_of_stored_rows_is_the_same_in_every_session(committed_db):
    _every_kind(set_stage())
    with committed_db.as_superuser() as server, server.cursor() as cursor:
        for session in SESSIONS.values():
            for name, value in session.items():
                cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
            cursor.execute(RECOMPUTED)
            assert cursor.fetchone() == (10, 10)


def test_i03_every_column_of_an_entry_is_in_its_digest():
    columns = {field.column for field in Entry._meta.concrete_fields}
    assert columns - {"digest"} == set(FACT_COLUMNS)
    assert set(FACT_COLUMNS) == {field.name for field in fields(EntryFacts)}
