"""The restore drill's stage: a cluster of its own, filled, and the manual's steps as they stand."""

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from config.services.binaries import postgres_bin
from config.services.postgres import APPLICATION, OWNER, SUPERUSER, Postgres, connected
from tests.services import ROOT, local_environ, manage, wait_for

MANUAL = (ROOT / "docs/manual/backup.md").read_text()
STEPS = dict(re.findall(r"<!-- step: (.+?) -->\n```\n(.*?)```", MANUAL, re.S))
FILL = """
from notices import operations as notices
from notices.models import Notice
from tests.factories import NOON
from tests.scoring.stage import set_stage

stage = set_stage()
stage.enter(5)
stage.reverse = stage.post(stage.reversal(stage.enter(7)))
stage.close("2026-10")
notice = Notice.objects.get()
proposal = notices.propose_publication(notice=notice, by=stage.clerk, at=NOON)
notices.approve_publication(notice=notice, proposal=proposal, publish_on=NOON.date(),
                            by=stage.second, at=NOON)
notices.publish(notice=notice, at=NOON)
"""
POST = """
from datetime import date
from scoring.models import Entry
from scoring.operations import ledger, sealing
from trail import clock
from trail.actor import Actor

old = Entry.objects.filter(kind="award").latest("pk")
row = ledger.NewEntry(subject_id=old.subject_id, kind=Entry.Kind.AWARD, points=3,
                      occurred_on=date(2026, 11, 3), source="drill:{name}", item_id=old.item_id)
by = Actor.system("drill")
posted = ledger.post(village_id=old.village_id, rows=[row], by=by)
assert posted[0].fresh and posted[0].entry_id > old.pk
sealing.seal(village_id=old.village_id, by=by, at=clock.now())
"""
FACTS = {
    "digests": "SELECT id, digest FROM scoring_entry ORDER BY id",
    "seals": "SELECT number, root FROM scoring_seal ORDER BY id",
    "notices": "SELECT canonical, short_code FROM notices_noticebody ORDER BY 2",
    "triggers": "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger"
    " WHERE NOT tgisinternal ORDER BY 1, 2",
    "tables": "SELECT relname, relowner::regrole::text, array(SELECT unnest(coalesce("
    "relacl, acldefault('r', relowner)))::text ORDER BY 1) FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1",
    "columns": "SELECT attrelid::regclass::text, attname, attacl::text FROM pg_attribute"
    " WHERE attacl IS NOT NULL AND attrelid::regclass::text NOT LIKE 'pg\\_%' ORDER BY 1, 2",
    "functions": "SELECT oid::regprocedure::text, proowner::regrole::text, prosecdef,"
    " array(SELECT unnest(coalesce(proacl, acldefault('f', proowner)))::text ORDER BY 1)"
    " FROM pg_proc WHERE pronamespace::regnamespace::text IN ('public', 'vc_guard', 'vc_ddl')"
    " ORDER BY 1",
    "event triggers": "SELECT evtname, evtenabled FROM pg_event_trigger ORDER BY 1",
    "schemas": "SELECT nspname, nspowner::regrole::text, array(SELECT unnest(coalesce("
    "nspacl, acldefault('n', nspowner)))::text ORDER BY 1) FROM pg_namespace"
    " WHERE nspname IN ('public', 'vc_guard', 'vc_ddl') ORDER BY 1",
    "sequences": "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1",
}


class Restored(Postgres):
    """A server that is started as it was restored: nobody mends its roles or grants."""

    def _make_database(self) -> None:
        return None


@dataclass
class Drill:
    """One machine with its data, its backups and its keys, all in one short folder."""

    place: Path
    variables: dict[str, str] = field(default_factory=dict)

    def server(self, data: str, kind: type[Postgres] = Restored) -> Postgres:
        return kind(self.place / data, self.place / "run", self.place / f"{data}.log")

    @property
    def backups(self) -> Path:
        return self.place / "backups"

    @property
    def environ(self) -> dict[str, str]:
        server = self.server("data")
        return {
            **local_environ(self.place / "var"),
            "DATABASE_URL": server.url(APPLICATION),
            "DATABASE_OWNER_URL": server.url(OWNER),
            "DATABASE_SUPERUSER_URL": server.url(SUPERUSER),
            "BACKUP_DATABASE_URL": server.url("villages_backup"),
            "MAINTENANCE_URL": server.url(SUPERUSER, "postgres"),
            "REDIS_URL": "redis://broker.invalid/0",
            "SECRET_KEY": "s" * 60,
            "KEYS_DIR": str(self.place / "keys"),
            "WITNESS_FILE": str(self.place / "witness"),
            "BACKUP_DIR": str(self.backups),
            "BACKUP_KEY_FILE": str(self.place / "backup.key"),
            "PG_BIN": str(postgres_bin()),
            **self.variables,
        }

    def follow(self, step: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a step of the manual, letter by letter."""
        return subprocess.run(
            ["sh", "-euc", STEPS[step]],
            env={**self.environ, **more},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def done(self, step: str, **more: str) -> str:
        """Follow a step that must succeed; what it printed."""
        ended = self.follow(step, **more)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def manage(self, *words: str) -> str:
        ended = manage(*words, environ=self.environ)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def facts(self) -> dict[str, list[tuple]]:
        """All that must be the same after a restore."""
        found = {}
        address = self.environ["DATABASE_SUPERUSER_URL"]
        with connected(address) as server, server.cursor() as cursor:
            for name, query in FACTS.items():
                cursor.execute(query)
                found[name] = cursor.fetchall()
        return found

    def ask(self, query: str) -> object:
        address = self.environ["DATABASE_SUPERUSER_URL"]
        with connected(address) as server, server.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]

    def opened(self, *, sealed: Path) -> bytes:
        """What is inside an encrypted backup."""
        target = self.place / "opened"
        script = f'. deploy/sealed.sh; unseal "{sealed}" "{target}"'
        subprocess.run(["sh", "-euc", script], env=self.environ, cwd=ROOT, check=True)
        return target.read_bytes()

    def sealed(self, content: bytes, name: str) -> Path:
        """A backup with this inside, made with the right key."""
        plain, target = self.place / "plain", self.place / name
        plain.write_bytes(content)
        script = f'. deploy/sealed.sh; seal "{plain}" "{target}"'
        subprocess.run(["sh", "-euc", script], env=self.environ, cwd=ROOT, check=True)
        return target

    def wait_until_open(self) -> None:
        """Recovery has read all it found, and the server takes entries."""
        wait_for(lambda: not self.ask("SELECT pg_is_in_recovery()"))
