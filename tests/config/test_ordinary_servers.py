"""Ordinary servers named by URL, PostgreSQL 15 among them, and the ways to start one of ours."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.services import postgres as postgres_module
from config.services import process
from config.services.postgres import APPLICATION, OWNER, SUPERUSER, Postgres, connected
from tests.services import ROOT, local_environ, manage

pytestmark = pytest.mark.services


def _installed() -> list[Path]:
    """The machine's own PostgreSQL, besides the one in the wheel."""
    return sorted(path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@pytest.fixture
def programs() -> Path:
    found = _installed()
    if not found:
        assert "CI" not in os.environ, "CI must have an ordinary PostgreSQL installed"
        pytest.skip("no ordinary PostgreSQL on this machine (apt install postgresql)")
    return found[0]


@pytest.fixture
def place() -> Iterator[Path]:
    """A short folder that every account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="vp-", dir="/tmp"))
    folder.chmod(0o755)
    (folder / "run").mkdir(mode=0o700)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def ordinary(programs, place) -> Iterator[Postgres]:
    server = Postgres(place / "data", place / "run", place / "log", durable=False, bin=programs)
    server.start()
    yield server
    server.stop()


def _by_url(server: Postgres, var: Path) -> dict[str, str]:
    return local_environ(
        var,
        DATABASE_URL=server.url(APPLICATION),
        DATABASE_OWNER_URL=server.url(OWNER),
        DATABASE_SUPERUSER_URL=server.url(SUPERUSER),
    )


def test_ledger_tests_pass_on_the_ordinary_postgresql(ordinary, tmp_path):
    words = ("with_services", "--bare", "--", "pytest", "-q", "-p", "no:cacheprovider")
    words += ("-m", "not long")
    suites = [str(ROOT / "tests" / "config" / "test_grants.py")]
    suites += [str(path) for path in sorted(ROOT.glob("tests/scoring/**/test_ledger*.py"))]
    # Several hundred tests: as long as a machine with other work needs.
    ended = manage(*words, *suites, environ=_by_url(ordinary, tmp_path), patience=600)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_preparing_a_database_twice_changes_nothing(ordinary, tmp_path):
    environ = _by_url(ordinary, tmp_path)
    words = ("with_services", "--", "python", "manage.py", "prepare_database")
    for _ in range(2):
        ended = manage(*words, environ=environ)
        assert ended.returncode == 0, ended.stderr
    with connected(ordinary.url(APPLICATION)) as site, site.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert cursor.fetchone()[0] > 0


def test_up_uses_the_servers_it_is_given(ordinary, tmp_path):
    environ = _by_url(ordinary, tmp_path)
    words = ("up", "--once", "--no-main-job", "--port", "8917")
    ended = manage(*words, environ=environ)
    assert ended.returncode == 0, ended.stderr
    assert not (tmp_path / "postgres").exists()


def test_database_without_chinese_is_refused_with_the_remedy(ordinary, tmp_path):
    with connected(ordinary.url(SUPERUSER)) as server, server.cursor() as cursor:
        cursor.execute("CREATE DATABASE deaf LOCALE 'C' TEMPLATE template0")
    postgres_module.make_roles(ordinary.url(SUPERUSER, "deaf"))
    environ = _by_url(ordinary, tmp_path)
    environ["DATABASE_OWNER_URL"] = ordinary.url(OWNER, "deaf")
    ended = manage("with_services", "--", "true", environ=environ)
    assert ended.returncode == 1
    assert "LOCALE 'C.UTF-8'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_kept_data_of_another_version_is_said_clearly(ordinary, tmp_path):
    (tmp_path / "postgres").mkdir(mode=0o700)
    (tmp_path / "postgres" / "PG_VERSION").write_text("9\n")
    ended = manage("with_services", "--bare", "--", "true", environ=local_environ(tmp_path))
    assert ended.returncode == 2
    assert "PostgreSQL 9" in ended.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another account")
def test_root_without_name_spaces_runs_it_as_nobody(programs, place, monkeypatch):
    for module in (process, postgres_module):
        monkeypatch.setattr(module, "server_user", lambda: "nobody")
    server = Postgres(place / "data", place / "run", place / "log", durable=False, bin=programs)
    (place / "log").touch()
    process.hand_over(place)
    server.start()
    assert (place / "data" / "PG_VERSION").stat().st_uid == (place / "run").stat().st_uid != 0
    server.stop()
