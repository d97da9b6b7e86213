"""Checking a ledger while others go on writing."""

from django.db import connection, transaction

from scoring.queries.verifying import Verdict, verify


def check(*, village_id: int, village: str) -> Verdict:
    """Verify one village on one snapshot, so that a post in between is no false alarm."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return verify(village_id=village_id, village=village)
