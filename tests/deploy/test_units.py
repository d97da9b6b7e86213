"""The systemd units: systemd itself finds no fault in them, and what they start is there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.services import ROOT

HOME = "/opt/villages"
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))


def _verified(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(folder.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as they would stand if the site lay where these tests run."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd on this machine")
    home = tmp_path / "home"
    (home / ".venv").mkdir(parents=True)
    programs = shutil.which("gunicorn")
    assert programs
    (home / ".venv" / "bin").symlink_to(Path(programs).parent)
    folder = tmp_path / "units"
    folder.mkdir()
    for unit in UNITS:
        (folder / unit.name).write_text(unit.read_text().replace(HOME, str(home)))
    return folder


def test_systemd_finds_no_fault(units):
    assert len(UNITS) == 3
    ended = _verified(units)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_systemd_would_find_one(units):
    """The control: a word that is none, and a program that is not there."""
    unit = units / "villages-web.service"
    unit.write_text(unit.read_text().replace("ProtectHome=", "ProtectHouse="))
    assert "ProtectHouse" in _verified(units).stderr
    unit.write_text(unit.read_text().replace("bin/gunicorn", "bin/nothing"))
    assert _verified(units).returncode != 0


def test_units_run_as_nobody_else_and_with_the_same_settings():
    for unit in UNITS:
        text = unit.read_text()
        assert "User=villages\n" in text
        assert "EnvironmentFile=/etc/villages/villages.env\n" in text
        assert "NoNewPrivileges=yes\n" in text
        assert not re.search(r"PASSWORD|SECRET|postgresql://", text)
