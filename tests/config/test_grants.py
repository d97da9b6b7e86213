"""Deny by default: what the application's role may do is written down table by table."""

import re
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from config.database import prepare

GRANTS = (Path(settings.BASE_DIR) / "deploy/sql/grants.sql").read_text()
NAMED = set(re.findall(r"\bON (?:TABLE )?public\.(\w+)|^-- nothing: public\.(\w+)", GRANTS, re.M))


def _tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p', 'v', 'm')"
        )
        return {name for (name,) in cursor.fetchall()}


def test_every_table_is_named_in_grants(db):
    assert _tables() - {granted or refused for granted, refused in NAMED} == set()


def test_grants_name_only_tables_that_exist(db):
    assert {granted or refused for granted, refused in NAMED} - _tables() == set()


def test_public_has_no_right_on_any_table(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.table_privileges"
            " WHERE table_schema = 'public' AND grantee = 'PUBLIC'"
        )
        assert cursor.fetchall() == []


def test_public_may_call_no_function_of_ours(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
            " WHERE r.rolname = 'villages_owner'"
            " AND has_function_privilege('public', p.oid, 'EXECUTE')"
        )
        assert cursor.fetchall() == []


def test_a_right_nobody_wrote_down_is_taken_away_by_the_next_run(committed_db):
    with connections["owner"].cursor() as cursor:
        cursor.execute("GRANT DELETE ON public.django_migrations TO villages_app")
        cursor.execute("GRANT SELECT ON public.django_migrations TO PUBLIC")
    prepare(lambda line: None)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('villages_app', 'django_migrations', 'DELETE'),"
            " has_table_privilege('public', 'django_migrations', 'SELECT')"
        )
        assert cursor.fetchone() == (False, False)
