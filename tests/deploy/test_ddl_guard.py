"""The DDL guard: what it refuses to everybody, what it lets pass, what it cannot stop.

Each hole of trust.md §2.3 has its test, on the embedded PostgreSQL and on an ordinary older one.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from config.services.postgres import APPLICATION, OWNER, SUPERUSER, Postgres, connected
from tests.databases import clone_of, superuser_url
from tests.services import ROOT, local_environ, manage

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("ddl guard")]

ON = (ROOT / "deploy/sql/ddl_guard.sql").read_text()
OFF = (ROOT / "deploy/sql/ddl_guard_off.sql").read_text()
REFUSED, ONLY_ADDED = "VC002", "VC001"
TABLES = (
    "scoring_entry",
    "scoring_seal",
    "scoring_adoption",
    "trail_auditevent",
    "notices_noticebody",
)
OF_A_TABLE = {
    "disable": "ALTER TABLE public.{0} DISABLE TRIGGER {0}_append_only",
    "disable all": "ALTER TABLE public.{0} DISABLE TRIGGER ALL",
    "weaken": "ALTER TABLE public.{0} ENABLE TRIGGER {0}_append_only",
    "drop trigger": "DROP TRIGGER {0}_append_only ON public.{0}",
    "rename trigger": "ALTER TRIGGER {0}_append_only ON public.{0} RENAME TO quiet",
    "replace trigger": "CREATE OR REPLACE TRIGGER {0}_append_only AFTER INSERT ON public.{0}"
    " FOR EACH STATEMENT EXECUTE FUNCTION vc_guard.refuse_change()",
    "add trigger": "CREATE TRIGGER mine BEFORE INSERT ON public.{0}"
    " FOR EACH STATEMENT EXECUTE FUNCTION vc_guard.refuse_change()",
    "rule": "CREATE RULE quiet AS ON UPDATE TO public.{0} DO INSTEAD NOTHING",
    "policy": "CREATE POLICY mine ON public.{0} USING (false)",
    "hide rows": "ALTER TABLE public.{0} ENABLE ROW LEVEL SECURITY",
    "add column": "ALTER TABLE public.{0} ADD COLUMN mine int",
    "drop column": "ALTER TABLE public.{0} DROP COLUMN id CASCADE",
    "retype": "ALTER TABLE public.{0} ALTER COLUMN id TYPE bigint USING id + 1",
    "rename": "ALTER TABLE public.{0} RENAME TO mine",
    "move": "ALTER TABLE public.{0} SET SCHEMA vc_guard",
    "child": "CREATE TABLE public.mine () INHERITS (public.{0})",
    "drop table": "DROP TABLE public.{0} CASCADE",
}
OF_FUNCTIONS = {
    "replace": "CREATE OR REPLACE FUNCTION public.ledger_fold(p_village bigint,"
    " p_rows public.ledger_row[]) RETURNS void LANGUAGE sql AS 'SELECT'",
    "replace guard": "CREATE OR REPLACE FUNCTION vc_guard.refuse_change() RETURNS trigger"
    " LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "replace the guard of the guards": "CREATE OR REPLACE FUNCTION vc_ddl.after()"
    " RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "overload": "CREATE FUNCTION public.ledger_post(text) RETURNS void LANGUAGE sql AS 'SELECT'",
    "rename function": "ALTER FUNCTION public.ledger_fold RENAME TO mine",
    "move function": "ALTER FUNCTION vc_guard.refuse_change() SET SCHEMA public",
    "reset function": "ALTER FUNCTION public.ledger_post RESET ALL",
    "drop function": "DROP FUNCTION public.ledger_post CASCADE",
    "drop guard": "DROP FUNCTION vc_guard.refuse_change() CASCADE",
    "drop the guard of the guards": "DROP FUNCTION vc_ddl.dropped() CASCADE",
    "retype row": "ALTER TYPE public.ledger_row DROP ATTRIBUTE points CASCADE",
    "drop type": "DROP TYPE public.ledger_row CASCADE",
}
OF_SCHEMAS = {
    "drop schema": "DROP SCHEMA vc_guard CASCADE",
    "drop schema of the guard": "DROP SCHEMA vc_ddl CASCADE",
    "drop language": "DROP EXTENSION plpgsql CASCADE",
    "drop public": "DROP SCHEMA public CASCADE",
    "rename schema": "ALTER SCHEMA vc_guard RENAME TO mine",
    "rename schema of the guard": "ALTER SCHEMA vc_ddl RENAME TO mine",
    "drop owned": "DROP OWNED BY villages_owner CASCADE",
    "drop owned of the site": "DROP OWNED BY villages_app",
    "in a block": "DO $$ BEGIN EXECUTE 'DROP TABLE public.scoring_entry CASCADE'; END $$",
    "parent": "DROP TABLE public.households_subject CASCADE",
}
ATTEMPTS = {
    **{
        f"{name} {table}": statement.format(table)
        for table in TABLES
        for name, statement in OF_A_TABLE.items()
    },
    **OF_FUNCTIONS,
    **OF_SCHEMAS,
    "rename public": "ALTER SCHEMA public RENAME TO mine",
}
# Here the owner has no right to begin with.
NOT_OWNERS = (
    "disable all",
    "replace the guard",
    "drop the guard of",
    "rename schema of the guard",
    "rename public",
)
HARMLESS = {
    "temporary table": "CREATE TEMP TABLE mine (id int)",
    "table": "CREATE TABLE public.mine (id int)",
    "reference": "CREATE TABLE public.mine (entry bigint REFERENCES public.scoring_entry (id))",
    "table and away": "CREATE TABLE public.mine (id int); DROP TABLE public.mine",
    "other column": "ALTER TABLE public.households_subject ADD COLUMN mine int",
    "function": "CREATE FUNCTION public.mine() RETURNS void LANGUAGE sql AS 'SELECT'",
    "grant": "GRANT SELECT ON public.scoring_entry TO villages_app",
    "reindex": "REINDEX TABLE public.scoring_entry",
    "analyze": "ANALYZE public.scoring_entry",
}


class Site:
    """A migrated database with the guard installed, and its three logins."""

    def __init__(self, urls: dict[str, str], var: Path) -> None:
        self.urls = urls
        self.environ = local_environ(
            var,
            DATABASE_URL=urls[APPLICATION],
            DATABASE_OWNER_URL=urls[OWNER],
            DATABASE_SUPERUSER_URL=urls[SUPERUSER],
            REDIS_URL="redis://broker.invalid/0",
            SECRET_KEY="s" * 60,
            KEYS_DIR=str(var),
        )

    def states(self, role: str, statements: dict[str, str], first: str = "") -> dict[str, str]:
        """The SQLSTATE with which each is refused, '' when it is not; nothing stays."""
        found = {}
        with connected(self.urls[role]) as server, server.cursor() as cursor:
            if first:
                cursor.execute(first)
            for name, statement in statements.items():
                cursor.execute("BEGIN")
                try:
                    cursor.execute(statement)
                    found[name] = ""
                except psycopg2.Error as error:
                    found[name] = error.pgcode
                cursor.execute("ROLLBACK")
        return found

    def run(self, statements: str) -> None:
        with connected(self.urls[SUPERUSER]) as server, server.cursor() as cursor:
            cursor.execute(statements)

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        self.run(OFF)
        try:
            yield
        finally:
            self.run(ON)

    def check(self) -> str:
        ended = manage("check", "--database", "default", environ=self.environ)
        return ended.stdout + ended.stderr


def _embedded(template: str, var: Path) -> Iterator[Site]:
    with clone_of(template) as clone:
        environ = clone.environ
        yield Site(
            {
                APPLICATION: environ["DATABASE_URL"],
                OWNER: environ["DATABASE_OWNER_URL"],
                SUPERUSER: superuser_url(clone.name),
            },
            var,
        )


def _ordinary(var: Path) -> Iterator[Site]:
    found = sorted(path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        assert "CI" not in os.environ, "CI must have an ordinary PostgreSQL installed"
        pytest.skip("no ordinary PostgreSQL on this machine (apt install postgresql)")
    place = Path(tempfile.mkdtemp(prefix="vp-", dir="/tmp"))
    place.chmod(0o755)
    (place / "run").mkdir(mode=0o700)
    server = Postgres(place / "data", place / "run", place / "log", durable=False, bin=found[0])
    try:
        server.start()
        site = Site({role: server.url(role) for role in (APPLICATION, OWNER, SUPERUSER)}, var)
        ended = manage("prepare_database", environ=site.environ)
        assert ended.returncode == 0, ended.stderr
        yield site
    finally:
        server.stop()
        shutil.rmtree(place)


@pytest.fixture(scope="module", params=["embedded", "ordinary"])
def site(request, database_template, tmp_path_factory) -> Iterator[Site]:
    var = tmp_path_factory.mktemp("var")
    found = _embedded(database_template, var) if request.param == "embedded" else _ordinary(var)
    for one in found:
        # Twice: installing it again is how it is brought up to date.
        one.run(ON)
        one.run(ON)
        yield one


def test_guard_refuses_every_change_to_the_superuser(site):
    assert site.states(SUPERUSER, ATTEMPTS) == dict.fromkeys(ATTEMPTS, REFUSED)


def test_guard_is_awake_when_triggers_are_told_to_sleep(site):
    asleep = "SET session_replication_role = replica"
    assert site.states(SUPERUSER, ATTEMPTS, asleep) == dict.fromkeys(ATTEMPTS, REFUSED)


def test_guard_refuses_every_change_to_the_owner(site):
    attempts = {name: sql for name, sql in ATTEMPTS.items() if not name.startswith(NOT_OWNERS)}
    assert site.states(OWNER, attempts) == dict.fromkeys(attempts, REFUSED)


def test_without_the_guard_the_superuser_may_do_all_of_it(site):
    """The control: it is the guard, and nothing else, that refuses."""
    own = ("guard of the guards", "of the guard")
    attempts = {name: sql for name, sql in ATTEMPTS.items() if not name.endswith(own)}
    with site.unguarded():
        assert {name: code for name, code in site.states(SUPERUSER, attempts).items() if code} == {}


def test_guard_lets_pass_what_touches_nothing_of_it(site):
    assert site.states(SUPERUSER, HARMLESS) == dict.fromkeys(HARMLESS, "")
    assert site.states(APPLICATION, {"temp": "CREATE TEMP TABLE a (id int)"}) == {"temp": ""}


def test_hole_a_drop_owned_takes_nothing(site):
    drops = {name: sql for name, sql in OF_SCHEMAS.items() if "owned" in name}
    assert len(drops) == 2
    assert site.states(SUPERUSER, drops) == dict.fromkeys(drops, REFUSED)
    # Also without the list of tags: what would be dropped is looked at by itself.
    site.run(OFF + ON.replace("TG_TAG IN ('DROP OWNED', 'DROP SCHEMA',", "TG_TAG IN ("))
    drops = {"owned": drops["drop owned"], "schema": "DROP SCHEMA vc_guard, public CASCADE"}
    assert site.states(SUPERUSER, drops) == dict.fromkeys(drops, REFUSED)
    site.run(ON)


def test_hole_b_the_schema_of_the_guards_stays(site):
    drop = {"public": "DROP SCHEMA public CASCADE", "guard": "DROP SCHEMA vc_guard CASCADE"}
    for role in (SUPERUSER, OWNER):
        assert site.states(role, drop) == dict.fromkeys(drop, REFUSED)


def test_hole_c_change_of_no_row_is_refused(site):
    changes = {
        table: f"UPDATE public.{table} SET id = id WHERE false"
        for table in TABLES
        if table != "scoring_entry"
    }
    changes["scoring_entry"] = "DELETE FROM public.scoring_entry WHERE false"
    for role in (SUPERUSER, OWNER):
        assert site.states(role, changes) == dict.fromkeys(TABLES, ONLY_ADDED)


def test_hole_d_what_cannot_be_stopped_is_found(site):
    assert "config." not in site.check()
    site.run("DROP EVENT TRIGGER vc_guard_dropped")
    assert "config.E010" in site.check()
    site.run(ON + "ALTER EVENT TRIGGER vc_guard_after ENABLE")
    assert "config.E010" in site.check()
    site.run(OFF + ON.replace("'ledger\\_%'", "'none\\_%'"))
    assert "config.E010" in site.check()
    site.run(OFF)
    assert "config.I009" in site.check()
    site.run(ON)
    assert "config." not in site.check()


def test_hole_d_event_triggers_turned_off_are_found(site):
    with connected(site.urls[SUPERUSER]) as server:
        if server.server_version < 170000:
            pytest.skip("PostgreSQL before 17 cannot turn event triggers off")
    asleep = {"drop": "DROP TABLE public.scoring_entry CASCADE"}
    # It lets everything pass, so finding it is all there is.
    assert site.states(SUPERUSER, asleep, "SET event_triggers = off") == {"drop": ""}
    database = site.urls[SUPERUSER].partition("?")[0].rpartition("/")[2]
    site.run(f"ALTER DATABASE {database} SET event_triggers = off")
    assert "config.E011" in site.check()
    site.run(f"ALTER DATABASE {database} RESET event_triggers")
    assert "config." not in site.check()


def test_hole_e_reversal_without_its_entry_is_refused(site):
    statement = (
        "INSERT INTO public.scoring_entry (village_id, subject_id, kind, points, occurred_on,"
        " month, source, recorded_at, digest) VALUES (1, 1, 'reversal', -5, '2026-10-01',"
        " '2026-10', 'x', now(), decode(repeat('ab', 32), 'hex'))"
    )
    with (
        connected(site.urls[SUPERUSER]) as server,
        server.cursor() as cursor,
        pytest.raises(psycopg2.errors.CheckViolation) as refused,
    ):
        cursor.execute(statement)
    assert refused.value.diag.constraint_name == "scoring_entry_reversal_names_its_entry"
