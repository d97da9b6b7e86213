"""The database or the broker dies while a month is being closed; the close is done anyway.

`up` runs on one of two copies of the same data and is disturbed; the other is closed in peace.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import sys
from pathlib import Path

import psycopg2
import pytest

from tests.services import Running, local_environ, manage, running, wait_for

pytestmark = [pytest.mark.services, pytest.mark.long]
MONTH = "2026-10"
# One close later than the sweep that follows the outage, with room for a slow machine.
PATIENCE = 200
READY = """
from tests.scoring.stage import set_stage
from tests.factories import make_household, make_township
from scoring import work
from trail import clock
stage = set_stage(township=make_township(code="999999999", name="演示镇"))
for points in (3, 8, 20):
    stage.enter(points, home=make_household(village=stage.village))
stage.approve_lock("2026-10", at=clock.now())
work.ask_to_close(village=stage.village, month="2026-10", by=stage.clerk.name, at=clock.now())
print(stage.village.code)
"""
TABLES = """
import json
from tests.scoring.comparing import business_tables
print(json.dumps(business_tables()))
"""
WAKE = """
from celery import current_app
current_app.send_task("jobs.sweep_jobs")
"""


def _python(code: str, environ: dict[str, str]) -> str:
    """Run code inside the site, with the servers of `environ` up; its last line."""
    shell = (sys.executable, "manage.py", "shell", "-v", "0", "-c", code)
    done = manage("with_services", "--", *shell, environ=environ)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1] if done.stdout.strip() else ""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> tuple[Path, str]:
    """A stopped site whose month is approved and waits for its close, and the village's code."""
    var = tmp_path_factory.mktemp("prepared") / "var"
    village = _python(READY, local_environ(var))
    return var, village


@pytest.fixture(scope="module")
def undisturbed(prepared, tmp_path_factory) -> dict[str, str]:
    var = tmp_path_factory.mktemp("peace") / "var"
    shutil.copytree(prepared[0], var, ignore=_sockets)
    environ = local_environ(var)
    command = (sys.executable, "manage.py", "close_month", "--village", prepared[1])
    done = manage("with_services", "--", *command, "--month", MONTH, environ=environ)
    assert done.returncode == 0, done.stderr
    return json.loads(_python(TABLES, environ))


def _sockets(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if (Path(folder) / name).is_socket()]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_closing(site: Running, environ: dict[str, str]) -> None:
    wait_for(lambda: site.says("按 Ctrl-C 停止"))
    _python(WAKE, environ)
    wait_for(lambda: _state(environ) == "running")


def _state(environ: dict[str, str]) -> str:
    """The state of the one job, asked at once; '' while the database is away."""
    address = json.loads((Path(environ["VAR_DIR"]) / "running.json").read_text())["DATABASE_URL"]
    try:
        asking = psycopg2.connect(address)
    except psycopg2.OperationalError:
        return ""
    with contextlib.closing(asking), asking.cursor() as cursor:
        cursor.execute("SELECT state FROM jobs_job")
        ((state,),) = cursor.fetchall()
    return state


@pytest.mark.parametrize("server", ["postgres", "valkey"])
def test_f07_f08_close_ends_as_an_undisturbed_one_when_a_server_is_killed(
    prepared, undisturbed, tmp_path, server
):
    var = tmp_path / "var"
    shutil.copytree(prepared[0], var, ignore=_sockets)
    environ = local_environ(var)
    disturbed = {**environ, "FAILPOINTS": "close:sealed=sleep:15", "JOB_LEASE_SECONDS": "30"}
    words = ("up", "--no-main-job", "--port", str(_free_port()))
    with running(*words, environ=disturbed, log=tmp_path / "up.out") as site:
        _wait_until_closing(site, environ)
        victims = site.named(server)
        assert victims
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: _state(environ) == "done", patience=PATIENCE)
        assert json.loads(_python(TABLES, environ)) == undisturbed
