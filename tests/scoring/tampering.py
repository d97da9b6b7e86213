"""What only a superuser can do to a ledger, from one changed number to all of it anew."""

from scoring.engine.merkle import MerkleBuilder
from tests.databases import CommittedDatabase

GUARDED = ("scoring_entry", "scoring_seal", "notices_noticebody")
OWN_DIGEST = """
UPDATE scoring_entry SET digest = ledger_digest(id, village_id, subject_id, kind, points,
  category_id, item_id, rulebook_id, occurred_on, month, source, reverses_id, recorded_at,
  recorded_by_id) WHERE village_id = {village}
"""
TOTALS = (
    "DELETE FROM scoring_balance WHERE village_id = {village}",
    """
    INSERT INTO scoring_balance (village_id, subject_id, gross, earned, spendable)
    SELECT village_id, subject_id,
      coalesce(sum(points) FILTER (
        WHERE kind = 'award' OR (kind = 'reversal' AND points < 0)), 0),
      coalesce(sum(points) FILTER (WHERE kind IN ('award', 'deduction', 'reversal')), 0),
      sum(points)
    FROM scoring_entry WHERE village_id = {village} GROUP BY village_id, subject_id
    """,
    "DELETE FROM scoring_monthlytotal WHERE village_id = {village}",
    """
    INSERT INTO scoring_monthlytotal
      (village_id, subject_id, month, category_id, plus, minus, spent, entries)
    SELECT village_id, subject_id, month, category_id,
      coalesce(sum(points) FILTER (
        WHERE kind = 'award' OR (kind = 'reversal' AND points < 0)), 0),
      coalesce(sum(points) FILTER (
        WHERE kind = 'deduction' OR (kind = 'reversal' AND points > 0)), 0),
      coalesce(sum(points) FILTER (
        WHERE kind NOT IN ('award', 'deduction', 'reversal')), 0), count(*)
    FROM scoring_entry WHERE village_id = {village}
    GROUP BY village_id, subject_id, month, category_id
    """,
)


def tamper(database: CommittedDatabase, *statements: str, village: int = 0) -> None:
    """The guards off, the statements, the guards on; each must have changed something."""
    with database.as_superuser() as connection, connection.cursor() as cursor:
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            cursor.execute(statement.format(village=village))
            assert cursor.rowcount > 0, statement
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only")


def rewrite(database: CommittedDatabase, village: int, *statements: str) -> None:
    """Change rows, then digests, balances, totals and every seal, so that all agrees again."""
    tamper(database, *statements, OWN_DIGEST, *TOTALS, village=village)
    with database.as_superuser() as connection, connection.cursor() as cursor:
        cursor.execute("ALTER TABLE scoring_seal DISABLE TRIGGER ALL")
        cursor.execute(
            "SELECT id, upto_id FROM scoring_seal WHERE village_id = %s ORDER BY number", [village]
        )
        tree, before, above = MerkleBuilder(), b"", 0
        for seal_id, upto in cursor.fetchall():
            cursor.execute(
                "SELECT id, digest FROM scoring_entry"
                " WHERE village_id = %s AND id > %s AND id <= %s ORDER BY id",
                [village, above, upto],
            )
            rows = [(pk, bytes(digest)) for pk, digest in cursor.fetchall()]
            tree.extend(digest for _, digest in rows)
            cursor.execute(
                "UPDATE scoring_seal SET leaf_ids = %s, leaves = %s, root = %s, prev_root = %s,"
                " peaks = %s, count = %s, upto_id = %s WHERE id = %s",
                [
                    [pk for pk, _ in rows],
                    b"".join(digest for _, digest in rows),
                    tree.root(),
                    before,
                    b"".join(tree.peaks),
                    tree.count,
                    rows[-1][0],
                    seal_id,
                ],
            )
            before, above = tree.root(), upto
        cursor.execute("ALTER TABLE scoring_seal ENABLE ALWAYS TRIGGER scoring_seal_append_only")
