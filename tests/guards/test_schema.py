"""The schema stays ready to grow and keeps villages apart (design.md §3, §4 and §8).

Each rule is a function over rows of the catalogue, so that it can be shown to see a fault.
"""

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import connection, models

from tests.guards.tree import APPS
from trail.fields import SameVillageKey

OWNER = "villages_owner"
APPLICATION = "villages_app"
# The tables that grow with households and months; those of later issues are listed already.
LARGE = {
    "households_subject", "households_member", "households_collectionrecord", "scoring_entry",
    "scoring_balance", "scoring_monthlytotal", "scoring_rating", "notices_noticelabel",
    "households_assignment", "households_visit", "households_subjectsearch",
    "households_filechange", "households_consent", "reviews_declaration", "reviews_vote",
    "rewards_redemption",
}  # fmt: skip
UNIQUE_EVERYWHERE = {
    "households_subject_qr_token_key": "random; the address on the card names no village",
}
HELD_BY_THE_TOWNSHIP = {
    ("villages_posting", "group_id"): "work groups are the township's, most belong to no village",
    (
        "villages_posting",
        "deputy_of_id",
    ): "postings are the township's, some cover all its villages",
}
APPEND_ONLY = {
    "scoring_entry", "scoring_seal", "scoring_adoption", "trail_auditevent", "notices_noticebody",
    "scoring_correction", "scoring_noticedhouseholds", "households_filechange",
}  # fmt: skip
REFUSE_ALL = {"vc_guard.refuse_change"}
# Lets one function delete what is past its retention, and refuses everything else.
REFUSING = {"trail_auditevent": {"vc_guard.refuse_audit_change"}}
LEDGER = {"scoring_entry", "scoring_balance", "scoring_monthlytotal"}
# Bits of pg_trigger.tgtype.
ROW, BEFORE, DELETE, UPDATE, TRUNCATE = 1, 2, 8, 16, 32


def _rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


COLUMNS = """
    SELECT c.relname, a.attname, a.attnotnull
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
"""
WITHIN_A_VILLAGE = """
    SELECT c.relname, a.attname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_attribute v ON v.attrelid = c.oid AND v.attnum = ANY (k.conkey)
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
    WHERE k.contype = 'f' AND v.attname = 'village_id' AND a.attname <> 'village_id'
"""
UNIQUES = """
    SELECT c.relname, i.relname, a.attname FROM pg_index x
    JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]
    WHERE x.indisunique AND NOT x.indisprimary AND c.relnamespace = 'public'::regnamespace
"""
REFERENCES = """
    SELECT r.conrelid::regclass::text, r.confrelid::regclass::text,
           ARRAY(SELECT a.attname::text FROM unnest(r.conkey) WITH ORDINALITY AS k (number, place)
                 JOIN pg_attribute a ON a.attrelid = r.conrelid AND a.attnum = k.number
                 ORDER BY k.place)
    FROM pg_constraint r WHERE r.contype = 'f' AND r.connamespace = 'public'::regnamespace
"""
# Facts enter by the first; the second sets what is derived to what the entries say; the third
# takes audit events past their retention.
DOORS = {"ledger_post", "ledger_mend", "purge_audit"}
TRIGGERS = """
    SELECT t.tgrelid::regclass::text, t.tgname, t.tgtype, t.tgenabled, n.nspname || '.' || p.proname
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE NOT t.tgisinternal
"""
FUNCTIONS = f"""
    SELECT n.nspname, p.proname, r.rolname, p.prosecdef,
           coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false)
             OR p.prosqlbody IS NOT NULL,
           has_function_privilege('public', p.oid, 'EXECUTE'),
           has_function_privilege('{APPLICATION}', p.oid, 'EXECUTE')
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_roles r ON r.oid = p.proowner
    WHERE n.nspname IN ('public', 'vc_guard') AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""  # noqa: S608
PRIVILEGES = f"""
    SELECT c.relname, w.word
    FROM pg_class c, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS w (word)
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND (has_table_privilege('{APPLICATION}', c.oid, w.word)
           OR (w.word IN ('INSERT', 'UPDATE')
               AND has_any_column_privilege('{APPLICATION}', c.oid, w.word)))
"""  # noqa: S608


def _without_village(columns: Iterable[tuple]) -> list[str]:
    columns = list(columns)
    large = {table for table, _, _ in columns} & LARGE
    sure = {table for table, column, not_null in columns if column == "village_id" and not_null}
    return sorted(large - sure)


def _uniques_across_villages(uniques: Iterable[tuple]) -> list[str]:
    return [
        f"{table}: {index} starts with {first}"
        for table, index, first in uniques
        if table in LARGE and first != "village_id" and index not in UNIQUE_EVERYWHERE
    ]


def _tenant_references() -> set[tuple[str, str]]:
    """Table and column of every reference from one table with a village to another."""

    def has_village(model: type[models.Model]) -> bool:
        return any(field.attname == "village_id" for field in model._meta.concrete_fields)

    return {
        (model._meta.db_table, field.attname)
        for model in apps.get_models()
        if model._meta.app_label in APPS and has_village(model)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and has_village(field.related_model)
    }


def _references_across_villages(
    expected: set[tuple[str, str]], references: Iterable[tuple]
) -> list[str]:
    # One reference may hold several: an entry's item, category and rule book are one line.
    composite = {
        (table, column)
        for table, _, columns in references
        if columns[0] == "village_id"
        for column in columns[1:]
    }
    return sorted(f"{table}.{column}" for table, column in expected - composite)


def _plain_references(expected: set[tuple[str, str]], references: Iterable[tuple]) -> list[str]:
    """In a large table a second reference without the village cannot be distributed."""
    return sorted(
        f"{table}.{columns[0]}"
        for table, _, columns in references
        if table in LARGE and len(columns) == 1 and (table, columns[0]) in expected
    )


def _row_triggers_on_the_ledger(triggers: Iterable[tuple]) -> list[str]:
    return [
        f"{table}: {name}" for table, name, kind, *_ in triggers if table in LEDGER and kind & ROW
    ]


def _not_append_only(triggers: Iterable[tuple]) -> list[str]:
    whole = BEFORE | DELETE | UPDATE | TRUNCATE
    guarded = {
        table
        for table, _, kind, enabled, function in triggers
        if kind == whole and enabled == "A" and function in REFUSING.get(table, REFUSE_ALL)
    }
    return sorted(APPEND_ONLY - guarded)


def _sleeping_triggers(triggers: Iterable[tuple]) -> list[str]:
    """Triggers that `session_replication_role = replica` would switch off, or kept elsewhere."""
    return [
        f"{table}: {name}"
        for table, name, _, enabled, function in triggers
        if enabled != "A" or not function.startswith("vc_guard.")
    ]


def _function_faults(functions: Iterable[tuple]) -> list[str]:
    found = []
    for schema, name, owner, definer, pinned, by_public, by_application in functions:
        is_door = name in DOORS
        may_be_asked = {*DOORS, "business_now", "business_today", "villages_in_reach"}
        found += [
            f"{schema}.{name} {fault}"
            for fault, wrong in (
                (f"is owned by {owner}", owner != OWNER),
                ("runs as its owner" if definer else "runs as its caller", definer != is_door),
                ("has no pinned search_path", not pinned),
                ("may be called by everybody", by_public),
                ("may be called by the application", by_application and name not in may_be_asked),
            )
            if wrong
        ]
    return found


def test_guard_sees_a_large_table_without_its_village():
    columns = [("scoring_entry", "village_id", False), ("scoring_rating", "id", True)]
    assert _without_village(columns) == ["scoring_entry", "scoring_rating"]
    assert _without_village([("scoring_entry", "village_id", True)]) == []


def test_guard_sees_a_unique_key_across_villages():
    uniques = [("scoring_entry", "once", "source"), ("scoring_entry", "twice", None)]
    assert len(_uniques_across_villages(uniques)) == 2
    assert _uniques_across_villages([("scoring_entry", "once", "village_id")]) == []


def test_guard_sees_a_reference_across_villages():
    expected = {("scoring_entry", "subject_id")}
    plain = ("scoring_entry", "households_subject", ["subject_id"])
    composite = ("scoring_entry", "households_subject", ["village_id", "subject_id"])
    assert _references_across_villages(expected, [plain]) == ["scoring_entry.subject_id"]
    assert _references_across_villages(expected, [composite]) == []
    assert _plain_references(expected, [plain, composite]) == ["scoring_entry.subject_id"]


def test_guard_sees_triggers_on_the_ledger_and_asleep():
    by_row = ("scoring_entry", "each", ROW | BEFORE, "O", "public.each")
    assert _row_triggers_on_the_ledger([by_row]) == ["scoring_entry: each"]
    assert _sleeping_triggers([by_row]) == ["scoring_entry: each"]
    whole = BEFORE | DELETE | UPDATE | TRUNCATE
    rows = [
        (table, "guard", whole, "A", min(REFUSING.get(table, REFUSE_ALL))) for table in APPEND_ONLY
    ]
    assert _not_append_only(rows) == []
    assert _not_append_only([(*row[:3], "O", row[4]) for row in rows]) == sorted(APPEND_ONLY)
    assert _not_append_only([(*row[:2], whole - TRUNCATE, *row[3:]) for row in rows])


@pytest.mark.parametrize(
    "function",
    [
        ("public", "ledger_fold", APPLICATION, False, True, False, False),
        ("public", "ledger_fold", OWNER, True, True, False, False),
        ("public", "ledger_post", OWNER, False, True, False, True),
        ("public", "ledger_post", OWNER, True, False, False, True),
        ("public", "ledger_post", OWNER, True, True, True, True),
        ("public", "ledger_fold", OWNER, False, True, False, True),
    ],
)
def test_guard_sees_an_open_function(function):
    assert len(_function_faults([function])) == 1


def test_large_tables_carry_their_village(db):
    columns = _rows(COLUMNS)
    assert len({table for table, _, _ in columns} & LARGE) >= 7
    assert _without_village(columns) == []


def test_unique_keys_of_large_tables_start_with_the_village(db):
    assert _uniques_across_villages(_rows(UNIQUES)) == []


def test_references_between_tenant_tables_stay_inside_a_village_i_05(db):
    expected = _tenant_references() - set(HELD_BY_THE_TOWNSHIP)
    assert len(expected) >= 15
    assert _references_across_villages(expected, _rows(REFERENCES)) == []


def test_large_tables_are_referred_by_village_alone(db):
    assert _plain_references(_tenant_references(), _rows(REFERENCES)) == []


def test_no_trigger_works_by_row_on_the_ledger(db):
    assert _row_triggers_on_the_ledger(_rows(TRIGGERS)) == []


def test_append_only_tables_refuse_every_change_always(db):
    assert _not_append_only(_rows(TRIGGERS)) == []


def test_every_trigger_is_always_on_and_lives_in_the_guard_schema(db):
    assert _sleeping_triggers(_rows(TRIGGERS)) == []


def test_guard_schema_belongs_to_the_owner(db):
    owner = (
        "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname IN ('vc_guard', 'public')"
    )
    assert _rows(owner) == [(OWNER,), (OWNER,)]


def test_functions_are_owned_pinned_and_closed(db):
    functions = _rows(FUNCTIONS)
    assert "ledger_post" in {name for _, name, *_ in functions}
    assert _function_faults(functions) == []


def test_application_writes_no_ledger_table(db):
    assert [row for row in _rows(PRIVILEGES) if row[0] in LEDGER] == []


def test_i_05_each_key_inside_a_village_is_checked_with_the_village(db):
    keys = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, SameVillageKey)
    }
    assert ("scoring_entry", "subject_id") in keys
    assert keys - set(_rows(WITHIN_A_VILLAGE)) == set()
