"""The second verifier, run as a stranger runs it."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

SOURCE = Path(__file__).resolve().parents[2] / "deploy/verify/verify.py"


@pytest.fixture
def verify(tmp_path) -> Callable[..., tuple[int, dict]]:
    """Run the one file alone: no environment, no site-packages, no project in sight."""
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(SOURCE, alone)

    def run(export: Path, *more: str) -> tuple[int, dict]:
        done = run_alone(alone, export, "--json", *more)
        return done.returncode, json.loads(done.stdout)

    return run


def run_alone(alone: Path, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    """The verifier with these arguments: no environment, no packages, and nothing on stderr."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", *map(str, arguments)],
        cwd=alone,
        env={},
        capture_output=True,
        check=False,
    )
    assert done.stderr == b""
    return done


@pytest.fixture
def export(tmp_path) -> Callable[[], Path]:
    """Export what is in the database now."""

    def run() -> Path:
        path = tmp_path / f"ledger{len(list(tmp_path.iterdir()))}.zip"
        call_command("export_ledger", str(path), verbosity=0)
        return path

    return run


@pytest.fixture
def unpack(tmp_path) -> Callable[[Path], Path]:
    """An export as a folder, to be forged."""

    def run(export: Path) -> Path:
        folder = tmp_path / "unpacked"
        with zipfile.ZipFile(export) as archive:
            archive.extractall(folder)
        return folder

    return run
