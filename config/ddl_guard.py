"""Whether the DDL guard (deploy/sql/ddl_guard.sql) watches over a database."""

from enum import Enum
from pathlib import Path

from django.conf import settings
from django.db import connections

GUARD_SQL = Path(settings.BASE_DIR) / "deploy" / "sql" / "ddl_guard.sql"
REFUSED = "VC002"
TRIGGERS = {"vc_guard_before", "vc_guard_dropped", "vc_guard_after", "vc_guard_watch"}
FUNCTIONS = {"before", "dropped", "after", "watch", "objects"}
TRIGGERS_IN_FORCE = """
SELECT t.evtname, t.evtenabled = 'A' AND p.pronamespace = to_regnamespace('vc_ddl')
FROM pg_catalog.pg_event_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.evtfoid
WHERE t.evtname LIKE 'vc\\_guard\\_%'
"""
FUNCTIONS_IN_FORCE = """
SELECT proname, prosrc FROM pg_catalog.pg_proc
WHERE pronamespace = to_regnamespace('vc_ddl')
"""
# From PostgreSQL 17 on event triggers can be put to sleep: here, or for others that log in.
ASLEEP = """
SELECT coalesce(current_setting('event_triggers', true), 'on') = 'off' OR EXISTS (
  SELECT FROM pg_catalog.pg_db_role_setting, unnest(setconfig) AS setting
  WHERE setting IN ('event_triggers=off', 'event_triggers=false', 'event_triggers=0',
                    'event_triggers=no'))
"""


class Guard(Enum):
    """What can be said of the guard; nothing stops a superuser from taking it away."""

    ABSENT = "absent"
    BROKEN = "broken"
    ASLEEP = "asleep"
    ON = "on"


def guard_state(alias: str) -> Guard:
    """How the guard stands in this database, compared with the file it is installed from."""
    with connections[alias].cursor() as cursor:
        cursor.execute(TRIGGERS_IN_FORCE)
        triggers = dict(cursor.fetchall())
        cursor.execute(FUNCTIONS_IN_FORCE)
        functions = dict(cursor.fetchall())
        cursor.execute(ASLEEP)
        (asleep,) = cursor.fetchone()
    if not triggers and not functions:
        return Guard.ABSENT
    as_written = GUARD_SQL.read_text()
    if (
        triggers != dict.fromkeys(TRIGGERS, True)
        or functions.keys() != FUNCTIONS
        or not all(source in as_written for source in functions.values())
    ):
        return Guard.BROKEN
    return Guard.ASLEEP if asleep else Guard.ON
