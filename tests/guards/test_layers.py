"""The import order of design.md §1 holds, and a step upwards is caught."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guards.tree import CODE, ROOT

LINT = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code and its contracts, to be broken."""
    ignored = shutil.ignore_patterns("__pycache__", "migrations")
    for folder in CODE:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_go_down():
    answer = _lint(ROOT)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(
    ("module", "source", "contract"),
    [
        ("trail/upward.py", "import villages.models", "Apps import downwards only"),
        ("notices/models.py", "import notices.operations", "Inside an app, calls go down"),
        ("scoring/engine/impure.py", "import django.conf", "The scoring engine is pure"),
    ],
)
def test_step_upwards_is_caught(copy, module, source, contract):
    with (copy / module).open("a") as file:
        file.write(f"\n{source}\n")
    answer = _lint(copy)
    assert answer.returncode == 1
    assert f"{contract} BROKEN" in answer.stdout
