"""An embedded PostgreSQL on a unix socket: no port, no password, reachable by its owner only."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812

from config.services.binaries import postgres_bin
from config.services.errors import ServerUnavailable
from config.services.process import (
    Child,
    hand_over,
    last_lines,
    launched,
    server_user,
    wait_until,
)

ROLES_SQL = Path(__file__).resolve().parents[2] / "deploy" / "sql" / "roles.sql"
DATABASE, OWNER, APPLICATION, SUPERUSER = "villages", "villages_owner", "villages_app", "postgres"
# Crash recovery of a big year comes before the first connection.
START_PATIENCE = 120.0
STOP_PATIENCE = 30.0
# A killed postmaster's backends hold its lock file and shared memory for some seconds.
LINGERING = ("lock file", "shared memory", "already in use", "Is another postmaster")
# The driver puts values into the statements: neither these nor what errors quote go to the log.
QUIET_LOG = {
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
}


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection in which each statement is its own transaction."""
    with closing(psycopg2.connect(url, connect_timeout=5)) as connection:
        connection.autocommit = True
        yield connection


def make_roles(url: str) -> None:
    """Run deploy/sql/roles.sql as a superuser inside the database of `url`."""
    with connected(url) as connection, connection.cursor() as cursor:
        cursor.execute(ROLES_SQL.read_text())


@dataclass
class Postgres:
    """One cluster. `durable=False` trades safety for speed and is for throw-away data."""

    data: Path
    sockets: Path
    log: Path
    durable: bool = True
    bin: Path = field(default_factory=postgres_bin)
    _child: Child | None = None

    def start(self) -> None:
        """Make the cluster if there is none, start it, and make roles and database."""
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._refuse_other_version()
        deadline = time.monotonic() + START_PATIENCE
        while not self._try_start(deadline):
            self._stop_leftover()
        self._make_database()

    def stop(self) -> None:
        if self._child:
            # SIGINT is the fast stop; SIGTERM would wait for every client to leave.
            self._child.stop(signal.SIGINT, patience=STOP_PATIENCE)
            self._child = None

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.alive

    def url(self, user: str, database: str = DATABASE) -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def _create(self) -> None:
        """`initdb` beside the final place, so that a broken-off one leaves nothing behind."""
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700, parents=True)
        hand_over(fresh, self.sockets)
        command: list[str | Path] = [
            *(self.bin / "initdb", "-D", fresh, "-U", SUPERUSER, "-A", "trust", "-k"),
            # With --locale=C trigrams of Chinese are empty and every search index is dead.
            *("--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
            *([] if self.durable else ["--no-sync"]),
        ]
        with self.log.open("ab") as output:
            done = subprocess.run(
                launched(command, user=server_user(), death_signal=signal.SIGKILL),
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                cwd="/",
            )
        if done.returncode != 0:
            raise ServerUnavailable(self._trouble("PostgreSQL 建库失败 (initdb failed)"))
        fresh.rename(self.data)

    def _refuse_other_version(self) -> None:
        kept = (self.data / "PG_VERSION").read_text().strip()
        answer = subprocess.run(
            [self.bin / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
        ours = answer.split()[2].split(".")[0]
        if kept != ours:
            raise ServerUnavailable(
                f"{self.data} 是 PostgreSQL {kept} 的数据，这里是 {ours}；"
                "要清空重来请运行 manage.py up --reset。"
                f" (Data of PostgreSQL {kept}, programs of {ours}.)"
            )

    def _try_start(self, deadline: float) -> bool:
        """True once it answers; False when an old one lingers and we should try again."""
        mark = self.log.stat().st_size if self.log.exists() else 0
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "port": "5432",
            "max_connections": "120",
            **QUIET_LOG,
            **({} if self.durable else THROW_AWAY),
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        self._child = Child(
            [self.bin / "postgres", "-D", self.data, *options],
            log=self.log,
            user=server_user(),
            death_signal=signal.SIGINT,
        )
        while self._child.alive:
            if self._answers():
                return True
            if not wait_until(deadline):
                self.stop()
                raise ServerUnavailable(self._trouble("PostgreSQL 没有起来 (did not start)"))
        said = self.log.read_bytes()[mark:].decode(errors="replace")
        if not any(sign in said for sign in LINGERING) or time.monotonic() > deadline:
            raise ServerUnavailable(self._trouble("PostgreSQL 没有起来 (did not start)"))
        time.sleep(0.5)
        return False

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _stop_leftover(self) -> None:
        """Stop a server that outlived its starter (only where the system cannot prevent it)."""
        if self._answers():
            command: list[str | Path] = [
                self.bin / "pg_ctl",
                "-D",
                self.data,
                "-m",
                "fast",
                "-w",
                "stop",
            ]
            subprocess.run(
                launched(command, user=server_user(), death_signal=signal.SIGKILL),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
                cwd="/",
            )

    def _make_database(self) -> None:
        """Roles, database and extensions; nothing changes when they are there."""
        with connected(self.url(SUPERUSER, "postgres")) as server, server.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {DATABASE}")
        make_roles(self.url(SUPERUSER))

    def _trouble(self, fact: str) -> str:
        return f"{fact}：{self.log}\n{last_lines(self.log)}"
