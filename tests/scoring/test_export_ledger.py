"""`export_ledger` writes what the format promises, nobody's name, and one moment of the ledger."""

import hashlib
import io
import json
import re
import stat
import zipfile
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from scoring.models import Entry
from scoring.operations import sealing
from scoring.queries.export import PARTS, write_export
from tests.factories import NOON, make_household, make_id_number, make_member, make_unit
from tests.scoring.stage import set_stage
from trail.models import AuditEvent

NAMES = ("独孤求败", "欧阳不二")
PHONE = "13900001234"


def _export(tmp_path, **options) -> zipfile.ZipFile:
    path = tmp_path / "ledger.zip"
    call_command("export_ledger", str(path), verbosity=0, stdout=io.StringIO(), **options)
    return zipfile.ZipFile(path)


def _rows(archive: zipfile.ZipFile, stage, part: str) -> list[dict]:
    lines = archive.read(f"{stage.village.code}/{part}.jsonl").decode().splitlines()
    return [json.loads(line) for line in lines]


def _whole(archive: zipfile.ZipFile) -> str:
    return "\n".join(archive.read(name).decode() for name in archive.namelist())


def test_export_holds_every_part_of_every_village(stage, neighbour, tmp_path):
    stage.enter(5)
    neighbour.enter(7)
    sealing.seal(village_id=stage.village.pk, by=stage.clerk, at=NOON)
    archive = _export(tmp_path)
    manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["format"], manifest["version"]) == ("village-points-ledger", 1)
    assert [village["code"] for village in manifest["villages"]] == [
        stage.village.code,
        neighbour.village.code,
    ]
    for mine, village in zip((stage, neighbour), manifest["villages"], strict=True):
        assert village["lines"] == {part: len(_rows(archive, mine, part)) for part in PARTS}
    [entry] = _rows(archive, stage, "entries")
    row = Entry.objects.get(pk=entry["id"])
    assert entry["digest"] == bytes(row.digest).hex()
    [leaf] = _rows(archive, stage, "leaves")
    assert leaf == {"seal": 1, "id": row.pk, "leaf": entry["digest"]}
    assert _rows(archive, neighbour, "seals") == []


def test_one_village_is_exported_alone(stage, neighbour, tmp_path):
    stage.enter(5)
    neighbour.enter(7)
    archive = _export(tmp_path, village=neighbour.village.code)
    folders = {name.partition("/")[0] for name in archive.namelist()}
    assert folders == {"manifest.json", neighbour.village.code}


def test_i33_no_name_no_id_number_and_no_phone_is_exported(db, tmp_path):
    stage = set_stage()
    unit = make_unit(village=stage.village, name="3组")
    home = make_household(village=stage.village, unit=unit, number="027", name=NAMES[0])
    number = make_id_number()
    make_member(household=home, name=NAMES[1], id_number=number, phone=PHONE)
    home.publish_choice = home.PublishChoice.MASKED
    home.save()
    stage.enter(5, home=home)
    stage.close("2026-10")
    archive = _export(tmp_path)
    whole = _whole(archive)
    assert '"group": "3组"' in whole
    for secret in (*NAMES, number, number[-4:] + '"', PHONE, home.qr_token, "张三", "林文书"):
        assert secret not in whole
    # Long digits are codes of villages and fingerprints, never a phone or an ID number.
    plain = re.sub(r"[0-9a-f]{64}", "", whole)
    found = set(re.findall(r"(?<![0-9])(?:1[3-9][0-9]{9}|[0-9]{17}[0-9X])(?![0-9])", plain))
    assert found == set()


def test_the_file_is_for_its_owner_and_never_overwritten(stage, tmp_path):
    stage.enter(5)
    _export(tmp_path).close()
    path = tmp_path / "ledger.zip"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(CommandError, match="cannot write"):
        _export(tmp_path)
    assert path.read_bytes() == before


def test_an_unknown_village_is_refused(stage, tmp_path):
    with pytest.raises(CommandError, match="no village has the code 000000000000"):
        _export(tmp_path, village="000000000000")
    assert list(tmp_path.iterdir()) == []


def test_nothing_half_written_stays(committed_db, tmp_path):
    set_stage().enter(5)
    with committed_db.as_superuser() as server, server.cursor() as cursor:
        cursor.execute("REVOKE SELECT ON scoring_item FROM villages_app")
    with pytest.raises(DatabaseError):
        _export(tmp_path)
    assert list(tmp_path.iterdir()) == []


class Meanwhile(io.BytesIO):
    """A file during whose writing, between the entries and the balances, somebody posts."""

    def __init__(self, post: Callable[[], None]) -> None:
        super().__init__()
        self._post = post

    def write(self, data) -> int:
        if b"/balances.jsonl" in bytes(data) and not self.getvalue().count(b"/balances.jsonl"):
            self._post()
        return super().write(data)


def test_export_is_one_moment_of_the_ledger(committed_db):
    stage = set_stage()
    stage.enter(5)
    row = {
        "subject": stage.home.pk,
        "kind": "award",
        "points": 3,
        "item": stage.items["plus"],
        "occurred_on": "2026-10-12",
        "source": "meanwhile",
    }

    def post() -> None:
        with committed_db.as_application() as server, server.cursor() as cursor:
            cursor.execute(
                "SELECT ledger_post(%s, %s, NULL)", [stage.village.pk, json.dumps([row])]
            )

    file = Meanwhile(post)
    written = write_export(to=file, village=None, at=NOON)
    assert (written.entries, Entry.objects.count()) == (1, 2)
    with zipfile.ZipFile(file) as archive:
        [balance] = _rows(archive, stage, "balances")
    assert balance["gross"] == 5


def test_i30_an_export_leaves_its_event(stage, tmp_path):
    stage.enter(5)
    _export(tmp_path, village=stage.village.code).close()
    event = AuditEvent.objects.get(what="ledger.exported")
    assert event.village_id == stage.village.pk
    assert event.detail == {
        "villages": 1,
        "entries": 1,
        "sha256": hashlib.sha256((tmp_path / "ledger.zip").read_bytes()).hexdigest(),
    }
