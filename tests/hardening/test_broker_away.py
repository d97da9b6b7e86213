"""F-08, T-24: the broker dies while people work; log-in, pages, PINs and posts go on in time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.services.valkey import Valkey
from households.operations import cards
from jobs.models import Job
from tests.desk.staff_stage import open_office
from tests.factories import NOON, PASSWORD
from tests.services import ROOT

# Longer than this nobody waits; without a bound a post may hang for minutes.
BOUND = 5.0
WORK = """
import json, os, sys, time
import django
django.setup()
import redis
from django.test import Client
from jobs.waking import wake

told = json.loads(sys.argv[1])
steps = []

def step(name, ask):
    begun = time.monotonic()
    answer = ask()
    steps.append([name, answer.status_code, time.monotonic() - begun])
    return answer

def log_in(name):
    client = Client(raise_request_exception=False)
    form = {"login": name, "password": told["password"]}
    step("log in " + name, lambda: client.post("/staff/login/", form))
    return client

wake("jobs.sweep_jobs")  # the pool holds a connection now
redis.Redis(unix_socket_path=told["socket"]).shutdown(nosave=True)
lin, wei = log_in(told["lin"]), log_in(told["wei"])
for at in ("/", "/v/"):
    step("page " + at, lambda: Client(raise_request_exception=False).get(at))
step("staff", lambda: lin.get("/staff/"))
step("pin", lambda: Client(raise_request_exception=False).post(told["card"], {"pin": told["pin"]}))
step("propose", lambda: lin.post(told["lock"], {"act": "propose"}))
page = step("second", lambda: wei.get(told["lock"])).content.decode()
number = page.split('name="proposal" value="')[1].split('"')[0]
step("approve", lambda: wei.post(told["lock"], {"act": "approve", "proposal": number}))
print(json.dumps(steps))
"""


@pytest.fixture
def broker(tmp_path: Path):
    """A broker of this test's own, so that killing it disturbs nobody."""
    valkey = Valkey(tmp_path / "data", tmp_path, tmp_path / "valkey.log", durable=False)
    valkey.start()
    yield valkey
    valkey.stop()


def test_work_goes_on_without_the_broker(committed_db, broker, time_machine):
    time_machine.move_to(NOON)
    office = open_office()
    office.review()
    card = cards.issue_card(subject=office.stage.home, by=office.stage.clerk, at=NOON)
    told = {
        "socket": str(broker.socket),
        "password": PASSWORD,
        "lin": office.people["lin"].username,
        "wei": office.people["wei"].username,
        "lock": f"{office.base}lock/",
        "card": f"/h/{card.token}/verify/",
        "pin": card.pin,
    }
    ended = subprocess.run(
        [sys.executable, "-c", WORK, json.dumps(told)],
        cwd=ROOT,
        env={
            **os.environ,
            **committed_db.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "REDIS_URL": broker.url(),
            "TEST_KEYS_DIR": str(settings.KEYS_DIR),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    steps = json.loads(ended.stdout.splitlines()[-1])
    assert not broker.alive
    assert [name for name, status, _ in steps if status not in (200, 302)] == []
    assert [(name, took) for name, _, took in steps if took > BOUND] == []
    # What the broker was not told is a row, and the timetable finds it.
    assert Job.objects.filter(state=Job.State.WAITING).count() == 1
