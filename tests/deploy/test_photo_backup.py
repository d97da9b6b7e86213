"""The photos come back as they were, and only with the right key (docs/manual/backup.md)."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def places(tmp_path) -> dict[str, str]:
    """Two photos, one of them half there, a folder for backups, and a key apart from it."""
    photos = tmp_path / "attachments/1/ab"
    photos.mkdir(parents=True)
    (photos / "abc.original").write_bytes(b"\xff\xd8 whole \xff\xd9")
    (photos / "abd.part").write_bytes(b"half")
    (tmp_path / "key").write_text("a key for this test\n")
    return {
        "ATTACHMENTS_DIR": str(tmp_path / "attachments"),
        "BACKUP_DIR": str(tmp_path / "backups"),
        "BACKUP_KEY_FILE": str(tmp_path / "key"),
    }


def _run(places: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ROOT / "deploy" / command[0]), *command[1:]],
        env={"PATH": os.environ["PATH"], **places},
        capture_output=True,
        text=True,
        check=False,
    )


def test_photos_are_backed_up_sealed_and_come_back(places, tmp_path):
    made = _run(places, "backup.sh", "photos")
    assert made.returncode == 0, made.stderr
    sealed = Path(made.stdout.strip())
    assert b"whole" not in sealed.read_bytes()
    back = tmp_path / "back"
    done = _run(places, "restore.sh", "photos", str(sealed), str(back))
    assert done.returncode == 0, done.stderr
    assert (back / "1/ab/abc.original").read_bytes() == b"\xff\xd8 whole \xff\xd9"
    assert not (back / "1/ab/abd.part").exists()
    again = _run(places, "restore.sh", "photos", str(sealed), str(back))
    assert again.returncode == 2


def test_photos_do_not_open_with_another_key(places, tmp_path):
    sealed = _run(places, "backup.sh", "photos").stdout.strip()
    Path(places["BACKUP_KEY_FILE"]).write_text("another key\n")
    done = _run(places, "restore.sh", "photos", sealed, str(tmp_path / "back"))
    assert done.returncode == 1
    assert not (tmp_path / "back").exists()
