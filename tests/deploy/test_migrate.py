"""A later migration on a guarded database: refused with the remedy, done by deploy/migrate.sh."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.services.binaries import postgres_bin
from tests.databases import CommittedDatabase
from tests.services import ROOT, manage

pytestmark = pytest.mark.services

GUARD = (ROOT / "deploy/sql/ddl_guard.sql").read_text()
MIGRATION = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_rules_ledger_and_months")]
    operations = [migrations.RunSQL("{sql}")]
"""
ADDS = "ALTER TABLE public.scoring_entry ADD COLUMN later integer"


@pytest.fixture
def later(committed_db: CommittedDatabase, tmp_path: Path):
    """The site's next version: one more app, whose migration is written by the test."""
    (tmp_path / "later" / "migrations").mkdir(parents=True)
    for folder in ("later", "later/migrations"):
        (tmp_path / folder / "__init__.py").touch()
    (tmp_path / "later_settings.py").write_text(
        'from config.settings.base import *\nINSTALLED_APPS = [*INSTALLED_APPS, "later"]\n'
    )
    with committed_db.as_superuser() as server, server.cursor() as cursor:
        cursor.execute(GUARD)
    return {
        **committed_db.environ,
        "DJANGO_SETTINGS_MODULE": "later_settings",
        "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT))),
        "PYTHON": sys.executable,
        "PG_BIN": str(postgres_bin()),
    }


def _write(folder: Path, sql: str) -> None:
    (folder / "later/migrations/0001_adds_a_column.py").write_text(MIGRATION.format(sql=sql))


def _migrate(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "deploy/migrate.sh"], env=environ, capture_output=True, text=True, check=False
    )


def _columns(database: CommittedDatabase) -> int:
    with database.as_superuser() as server, server.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.columns"
            " WHERE table_name = 'scoring_entry' AND column_name = 'later'"
        )
        return cursor.fetchone()[0]


def test_later_migration_is_refused_then_done_with_the_guard_off(committed_db, later, tmp_path):
    _write(tmp_path, ADDS)
    refused = manage("prepare_database", environ=later)
    assert refused.returncode == 1
    assert "ALTER TABLE of table public.scoring_entry is refused" in refused.stderr
    assert "deploy/migrate.sh" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert _columns(committed_db) == 0
    done = _migrate(later)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _columns(committed_db) == 1
    again = manage("prepare_database", environ=later)
    assert again.returncode == 0, again.stderr
    assert "改表守卫：已装，在起作用" in again.stdout


def test_guard_is_back_after_a_migration_that_failed(committed_db, later, tmp_path):
    _write(tmp_path, f"{ADDS}; SELECT 1 / 0")
    failed = _migrate(later)
    assert failed.returncode == 1
    assert "division by zero" in failed.stderr
    assert "改表守卫已经装上" in failed.stdout
    assert _columns(committed_db) == 0
    again = manage("check", "--database", "default", environ=later)
    assert "config." not in again.stdout + again.stderr


def test_migrate_names_the_address_it_lacks(later):
    ended = _migrate({**later, "DATABASE_SUPERUSER_URL": ""})
    assert ended.returncode == 2
    assert "DATABASE_SUPERUSER_URL" in ended.stderr
