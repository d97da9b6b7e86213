"""A hint that cannot be given is only a hint lost."""

import os
import subprocess
import sys

from tests.services import ROOT

WITHOUT_A_BROKER = """
import logging
import django
django.setup()
logging.getLogger().addHandler(logging.StreamHandler())
from jobs.waking import wake
wake("jobs.sweep_jobs")
"""


def test_without_a_broker_the_page_goes_on():
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_A_BROKER],
        env={
            **os.environ,
            "REDIS_URL": "redis://127.0.0.1:1/0",
            # The settings of tests say nothing on stderr.
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    assert "no broker to hint at jobs.sweep_jobs" in ended.stderr
