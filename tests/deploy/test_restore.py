"""The restore drill, by the steps of docs/manual/backup.md as they stand there."""

import io
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from config.services.errors import ServerUnavailable
from config.services.postgres import Postgres, connected
from config.services.process import server_user
from tests.deploy.drill import FILL, POST, STEPS, Drill
from tests.services import ROOT

# One machine is lost once, whatever number of processes run the tests.
pytestmark = [pytest.mark.services, pytest.mark.xdist_group("restore drill")]

GUARD = (ROOT / "deploy/sql/ddl_guard.sql").read_text()


@dataclass(frozen=True)
class Lost:
    """A machine that is gone, and what is left of it."""

    drill: Drill
    base: Path
    dump: Path
    facts: dict[str, list[tuple]]


@pytest.fixture(scope="module")
def lost() -> Iterator[Lost]:
    """A ledger with a seal, a notice and the guard; backed up, written on, and then destroyed."""
    if server_user() == "nobody":
        pytest.skip("the server runs as another account than the backup")
    place = Path(tempfile.mkdtemp(prefix="vp-", dir="/tmp"))
    place.chmod(0o755)
    (place / "run").mkdir(mode=0o700)
    drill = Drill(place)
    server = drill.server("data", Postgres)
    try:
        yield _lose(drill, server)
    finally:
        server.stop()
        shutil.rmtree(place)


def _lose(drill: Drill, server: Postgres) -> Lost:
    server.start()
    drill.manage("prepare_database")
    drill.manage("make_keys")
    drill.manage("shell", "--verbosity", "0", "-c", FILL)
    for step in ("key", "role", "archive"):
        drill.done(step)
    server.stop()
    server.start()
    with connected(drill.environ["DATABASE_SUPERUSER_URL"]) as link, link.cursor() as cursor:
        cursor.execute(GUARD)
    base = Path(drill.done("base").strip())
    # What comes after the base backup is in the archived WAL only.
    drill.manage("shell", "--verbosity", "0", "-c", POST.format(name="late"))
    drill.manage("export_witness")
    dump = Path(drill.done("dump").strip())
    facts = drill.facts()
    assert drill.done("watch").strip() == "0"
    server.stop()
    shutil.rmtree(drill.place / "data")
    return Lost(drill, base, dump, facts)


@contextmanager
def _running(drill: Drill, data: str) -> Iterator[None]:
    server = drill.server(data)
    try:
        server.start()
        yield
    finally:
        server.stop()
        shutil.rmtree(drill.place / data)


def _same_and_alive(lost: Lost) -> None:
    """The restored database is the lost one, guarded as it was, and goes on."""
    facts = lost.drill.facts()
    sequences = facts.pop("sequences")
    assert facts == {name: rows for name, rows in lost.facts.items() if name != "sequences"}
    # Recovery may jump over numbers, never back.
    before = dict(lost.facts["sequences"])
    assert all((value or 0) >= (before[name] or 0) for name, value in sequences)
    assert {state for _, name, state in facts["triggers"] if "append_only" in name} == {"A"}
    assert facts["event triggers"]
    assert any("villages_app=r/" in str(row) for row in facts["tables"])
    assert len(facts["digests"]) == 4
    assert len(facts["seals"]) == 2
    assert len(facts["notices"]) == 1
    assert "4 entries, 2 seals checked" in lost.drill.done("after")
    assert "every ledger reaches" in lost.drill.done("witness")
    lost.drill.manage("shell", "--verbosity", "0", "-c", POST.format(name="after"))
    assert "5 entries, 3 seals checked" in lost.drill.done("after")


def test_base_backup_and_archive_bring_all_back(lost):
    data = lost.drill.place / "again"
    lost.drill.done("restore base", BACKUP=str(lost.base), NEW_DATA=str(data))
    with _running(lost.drill, "again"):
        lost.drill.wait_until_open()
        _same_and_alive(lost)
        assert lost.drill.ask("SHOW archive_mode") == "off"
        lost.drill.done("archive again")


def test_dump_brings_all_back(lost):
    """Into a cluster that has never seen the site, nor its roles."""
    server = lost.drill.server("empty")
    server._create()
    with _running(lost.drill, "empty"):
        lost.drill.done("restore dump", BACKUP=str(lost.dump))
        _same_and_alive(lost)
        again = lost.drill.follow("restore dump", BACKUP=str(lost.dump))
        assert again.returncode != 0


def test_backup_without_its_archive_is_too_old_for_the_witness(lost, tmp_path):
    """T-21: an old backup undoes nothing in silence."""
    forgotten = replace(lost.drill, variables={"BACKUP_DIR": str(tmp_path)})
    data = lost.drill.place / "old"
    forgotten.done("restore base", BACKUP=str(lost.base), NEW_DATA=str(data))
    with _running(forgotten, "old"):
        forgotten.wait_until_open()
        assert "3 entries, 1 seals checked" in forgotten.done("after")
        refused = forgotten.follow("witness")
        assert refused.returncode == 1
        assert "the site stays closed" in refused.stderr


def test_archived_log_that_cannot_be_read_stops_the_recovery(lost, tmp_path):
    shutil.copytree(lost.drill.backups, tmp_path / "backups")
    for log in (tmp_path / "backups" / "wal").iterdir():
        _flip(log, log)
    damaged = replace(lost.drill, variables={"BACKUP_DIR": str(tmp_path / "backups")})
    data = lost.drill.place / "stopped"
    damaged.done("restore base", BACKUP=str(lost.base), NEW_DATA=str(data))
    with pytest.raises(ServerUnavailable), _running(damaged, "stopped"):
        pass
    assert "wrong key or damaged file" in (lost.drill.place / "stopped.log").read_text()


def _flip(source: Path, target: Path) -> None:
    content = bytearray(source.read_bytes())
    content[len(content) // 2] ^= 1
    target.write_bytes(content)


def _refusal(lost: Lost, backup: Path, **more: str) -> str:
    data = lost.drill.place / "refused"
    ended = lost.drill.follow("restore base", BACKUP=str(backup), NEW_DATA=str(data), **more)
    assert ended.returncode != 0
    assert not data.exists()
    assert not [left for left in lost.drill.place.iterdir() if "part" in left.name]
    return ended.stderr


def _extent(member: tarfile.TarInfo) -> slice:
    return slice(member.offset_data, member.offset_data + member.size)


def test_flipped_byte_in_the_data_is_refused_by_verifybackup(lost):
    content = bytearray(lost.drill.opened(sealed=lost.base))
    with tarfile.open(fileobj=io.BytesIO(bytes(content))) as backup:
        pages = next(
            member
            for member in backup
            if "/base/" in member.name and b"test:1" in content[_extent(member)]
        )
    # A byte of a page of the ledger: the digest around it is right, the manifest's is not.
    content[content.index(b"test:1", pages.offset_data)] ^= 1
    said = _refusal(lost, lost.drill.sealed(bytes(content), "flipped.enc"))
    assert "checksum mismatch for file" in said
    assert "备份和它的清单对不上" in said


def test_flipped_byte_in_the_encrypted_file_is_refused(lost, tmp_path):
    for backup in (lost.base, lost.dump):
        _flip(backup, tmp_path / "flipped.enc")
        assert "wrong key or damaged file" in _refusal(lost, tmp_path / "flipped.enc")


def test_wrong_key_is_refused(lost, tmp_path):
    (tmp_path / "other.key").write_text("another\n")
    said = _refusal(lost, lost.base, BACKUP_KEY_FILE=str(tmp_path / "other.key"))
    assert "密钥不对" in said


def test_nothing_is_overwritten(lost, tmp_path):
    (tmp_path / "mine").write_text("x")
    ended = lost.drill.follow("restore base", BACKUP=str(lost.base), NEW_DATA=str(tmp_path))
    assert ended.returncode == 2
    assert "不会覆盖" in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_keys_are_in_no_backup(lost):
    keys = [
        word.encode()
        for path in (lost.drill.place / "keys").iterdir()
        for word in path.read_text().split()
        if len(word) > 20
    ]
    assert len(keys) == 3
    for backup in (lost.base, lost.dump):
        inside = lost.drill.opened(sealed=backup)
        assert [key for key in keys if key in inside] == []


def test_key_beside_the_backups_is_refused(lost):
    inside = lost.drill.backups / "backup.key"
    shutil.copy(lost.drill.place / "backup.key", inside)
    ended = lost.drill.follow("dump", BACKUP_KEY_FILE=str(inside))
    inside.unlink()
    assert ended.returncode == 2
    assert "密钥不能放在备份的目录里" in ended.stderr


def test_backups_are_unreadable_without_the_key(lost):
    for backup in (lost.base, lost.dump, *(lost.drill.backups / "wal").iterdir()):
        assert backup.read_bytes()[:8] == b"Salted__"
        assert b"scoring_entry" not in backup.read_bytes()
        assert backup.stat().st_mode & 0o077 == 0


def test_manual_has_no_step_that_nobody_tried():
    tried = (ROOT / "tests/deploy/test_restore.py").read_text()
    assert [step for step in STEPS if f'"{step}"' not in tried] == []
    assert len(STEPS) == 11
