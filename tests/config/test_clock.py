"""One setting moves both clocks of business days, Python's and the database's."""

import subprocess
import sys
from datetime import date, timedelta

import pytest

from tests.services import ROOT

BOTH = """
from django.db import connection
from trail import clock
with connection.cursor() as cursor:
    cursor.execute("SELECT vc_guard.business_today()")
    print(clock.today().isoformat(), cursor.fetchone()[0].isoformat())
"""


def _days(environ: dict[str, str]) -> list[date]:
    shell = [sys.executable, "manage.py", "shell", "-v", "0", "-c", BOTH]
    done = subprocess.run(
        shell, cwd=ROOT, env=environ, capture_output=True, text=True, check=True, timeout=60
    )
    return [date.fromisoformat(day) for day in done.stdout.split()]


@pytest.mark.parametrize("shift", [0, 40, -3])
def test_clock_shift_moves_python_and_database_alike(committed_db, shift):
    ours, theirs = _days(committed_db.environ)
    moved = _days({**committed_db.environ, "CLOCK_SHIFT_DAYS": str(shift)})
    assert ours == theirs
    assert moved == [ours + timedelta(days=shift)] * 2
