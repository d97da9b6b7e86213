"""Whoever opens the database with psql finds what each table of proof holds."""

import pytest
from django.db import connection

TABLES = (
    "scoring_entry", "scoring_balance", "scoring_monthlytotal", "scoring_seal", "scoring_month",
    "scoring_rulebook", "scoring_item", "scoring_adoption", "scoring_correction", "notices_notice",
    "notices_noticebody", "notices_noticelabel", "trail_auditevent", "accounts_proposal",
)  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_the_table_says_what_it_holds(db, table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [table])
        (comment,) = cursor.fetchone()
    assert comment
    assert comment.isascii()
    assert ":" in comment
