"""The databases of a test run: one template built by the owner, and its clones."""

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import django
from django.conf import settings
from django.db import connections
from psycopg2.extensions import connection as Connection  # noqa: N812

from config.database import prepare
from config.services.postgres import connected, make_roles

SOURCES = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "*/guards.py", "*/sql/*.sql")
ALIASES = ("default", "owner")
# What a page's own transaction asks inside the test's: the test's reach is read, put aside and put
# back, a savepoint is set and released. On the site it is BEGIN and COMMIT.
TRANSACTION = 5
# Any number does, as long as every process of the run uses the same.
BUILDING = 7_301_022


def superuser_url(database: str) -> str:
    """The superuser's address of a database; only tests have a superuser."""
    return _with_name(os.environ["DATABASE_SUPERUSER_URL"], database)


def _with_name(url: str, database: str) -> str:
    # By hand: urlunsplit forgets the slashes of an address without a host.
    address, mark, query = url.partition("?")
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.split('/')[0]}/{database}{mark}{query}"


def ensure_template() -> str:
    """The name of the template of this version of the code, built now if there is none yet."""
    name = f"test_template_{_version()}"
    with connected(superuser_url("postgres")) as server, server.cursor() as cursor:
        # Parallel processes build it once; the lock goes with the connection.
        cursor.execute("SELECT pg_advisory_lock(%s)", [BUILDING])
        cursor.execute("SELECT datallowconn FROM pg_database WHERE datname = %s", [name])
        found = cursor.fetchone()
        if found is None or found[0]:
            _build(name, cursor)
    return name


def _build(name: str, cursor) -> None:
    cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    cursor.execute(f"CREATE DATABASE {name}")
    make_roles(superuser_url(name))
    with in_use(name):
        prepare(lambda line: None)
    # Nobody can connect to it any more, so it can be copied at any time.
    cursor.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")


def _version() -> str:
    digest = hashlib.sha256(django.get_version().encode())
    base = Path(settings.BASE_DIR)
    for path in sorted(path for pattern in SOURCES for path in base.glob(pattern)):
        digest.update(str(path.relative_to(base)).encode() + path.read_bytes())
    digest.update((base / "deploy/sql/roles.sql").read_bytes())
    digest.update((base / "deploy/sql/grants.sql").read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def in_use(name: str) -> Iterator[None]:
    """Every new connection of Django, in any thread, goes to this database."""
    before = {alias: connections.settings[alias]["NAME"] for alias in ALIASES}
    connections.close_all()
    try:
        for alias in ALIASES:
            connections.settings[alias]["NAME"] = name
        yield
    finally:
        connections.close_all()
        for alias, earlier in before.items():
            connections.settings[alias]["NAME"] = earlier


@contextmanager
def clone_of(template: str) -> Iterator["CommittedDatabase"]:
    """A database of one's own for a while, as the migrations left it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    clone = CommittedDatabase(f"test_{worker}_{uuid.uuid4().hex[:12]}")
    with connected(superuser_url("postgres")) as server, server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {clone.name} TEMPLATE {template} OWNER villages_owner")
    try:
        yield clone
    finally:
        with connected(superuser_url("postgres")) as server, server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {clone.name} WITH (FORCE)")


@dataclass(frozen=True)
class CommittedDatabase:
    """One test's own database, in which commits are real."""

    name: str
    broker: str = field(default_factory=lambda: settings.CELERY_BROKER_URL)

    @contextmanager
    def as_superuser(self) -> Iterator[Connection]:
        """A superuser's autocommit connection, for tampering."""
        with connected(superuser_url(self.name)) as connection:
            yield connection

    @contextmanager
    def as_application(self) -> Iterator[Connection]:
        """One more autocommit connection of the application's role, for races."""
        with connected(self._url("DATABASE_URL")) as connection:
            yield connection

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a worker, site or command that is to use this database."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "DATABASE_URL": self._url("DATABASE_URL"),
            "DATABASE_OWNER_URL": self._url("DATABASE_OWNER_URL"),
            "DATABASE_SUPERUSER_URL": superuser_url(self.name),
            "REDIS_URL": self.broker,
            "KEYS_DIR": str(settings.KEYS_DIR),
        }

    def _url(self, variable: str) -> str:
        return _with_name(os.environ[variable], self.name)
