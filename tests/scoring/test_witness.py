"""A witness kept elsewhere names what a ledger that agrees with itself has lost (T-20, T-21)."""

import json
import stat
from datetime import date
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from scoring.models import Entry, Seal
from scoring.operations import sealing
from scoring.operations.checking import check
from scoring.queries import witness
from tests.factories import (
    NOON,
    make_actor,
    make_entry,
    make_household,
    make_rulebook,
    make_township,
    make_village,
)
from tests.scoring.tampering import rewrite, tamper
from trail.keys import WITNESS_KEY, ensure_keys
from trail.models import AuditEvent
from trail.signing import public_key


class Ledger:
    """A village of one household, to be grown and sealed."""

    def __init__(self, township, *, number=200):
        self.village = make_village(township=township, number=number)
        self.item = make_rulebook(village=self.village).items.get(code="1")
        self.home = make_household(village=self.village, name="张翠花")

    def grow(self, *points):
        for value in points:
            make_entry(
                household=self.home, item=self.item, points=value, occurred_on=date(2026, 10, 1)
            )
        sealing.seal(village_id=self.village.pk, by=make_actor(), at=NOON)

    @property
    def ids(self):
        found = Entry.objects.filter(village=self.village).order_by("pk")
        return list(found.values_list("pk", flat=True))

    @property
    def agrees_with_itself(self):
        verdict = check(village_id=self.village.pk, village=self.village.code)
        return verdict.problems == []


@pytest.fixture
def township(committed_db):
    return make_township()


@pytest.fixture
def ledger(township):
    """Two seals over three and two entries."""
    made = Ledger(township)
    made.grow(1, 2, 3)
    made.grow(4, 5)
    return made


@pytest.fixture
def path(tmp_path):
    return tmp_path / "witness.txt"


@pytest.fixture
def own_keys(tmp_path, settings):
    """Keys of this test alone, which may be lost."""
    settings.KEYS_DIR = tmp_path / "keys"
    ensure_keys(settings.KEYS_DIR)
    return settings.KEYS_DIR


def export(path, *more):
    call_command("export_witness", str(path), *more, stdout=StringIO())


def compared(path):
    witness.genuine(path)
    return [(found.entry, found.what) for found in witness.differences(path)]


def opens(path):
    """What check_witness says on its way out; '' when it lets the site open."""
    told = StringIO()
    try:
        call_command("check_witness", str(path), stdout=StringIO(), stderr=told)
    except CommandError as refusal:
        return f"{told.getvalue()}{refusal}"
    return ""


def test_witness_holds_ids_and_digests_of_each_village_under_its_seals(ledger, township, path):
    other = Ledger(township, number=201)
    other.grow(7)
    export(path)
    lines = path.read_text().splitlines()
    assert lines[0] == "village-points witness 1"
    assert lines[2] == f"key {public_key().hex()}"
    expected = []
    for held in (ledger, other):
        expected.append(f"village {held.village.code}")
        entries = Entry.objects.filter(village=held.village).order_by("pk")
        above = 0
        for seal in Seal.objects.filter(village=held.village).order_by("number"):
            expected += [
                f"entry {entry.pk} {bytes(entry.digest).hex()}"
                for entry in entries.filter(pk__gt=above, pk__lte=seal.upto_id)
            ]
            root = bytes(seal.root).hex()
            expected.append(f"seal {seal.number} {seal.upto_id} {seal.count} {root}")
            above = seal.upto_id
    assert lines[3:-1] == expected
    assert "张" not in path.read_text()
    event = AuditEvent.objects.get(what="ledger.witnessed")
    assert (event.detail["villages"], event.detail["entries"]) == (2, 6)


def test_entries_after_the_newest_seal_are_not_witnessed(ledger, path):
    make_entry(household=ledger.home, item=ledger.item)
    export(path)
    assert path.read_text().count("\nentry ") == 5
    assert compared(path) == []


def test_newer_witness_begins_with_the_older_one(ledger, path, tmp_path):
    export(path)
    older = path.read_text().splitlines()[3:-1]
    ledger.grow(6)
    export(path)
    newer = path.read_text().splitlines()[3:-1]
    assert newer[: len(older)] == older
    assert len(newer) == len(older) + 2
    assert [found.name for found in tmp_path.iterdir()] == ["witness.txt"]


def test_sound_ledger_agrees_with_an_old_and_a_new_witness(ledger, path, tmp_path):
    export(path)
    ledger.grow(6, 7)
    export(tmp_path / "newer.txt")
    for kept in (path, tmp_path / "newer.txt"):
        assert compared(kept) == []
        assert opens(kept) == ""


@pytest.mark.parametrize("place", [0, 2, 4])
def test_t20_after_a_complete_rewrite_the_changed_entry_is_named(ledger, committed_db, path, place):
    export(path)
    entry = ledger.ids[place]
    rewrite(
        committed_db,
        ledger.village.pk,
        f"UPDATE scoring_entry SET points = 50 WHERE id = {entry}",
    )
    assert ledger.agrees_with_itself
    assert compared(path)[0] == (entry, "changed: the witness has another digest")
    assert "seal 2 is not the one of the witness" in opens(path)


def test_t20_after_a_complete_rewrite_the_removed_entry_is_named(ledger, committed_db, path):
    export(path)
    entry = ledger.ids[1]
    rewrite(committed_db, ledger.village.pk, f"DELETE FROM scoring_entry WHERE id = {entry}")
    assert ledger.agrees_with_itself
    assert compared(path)[0] == (entry, "removed: the witness has it")


def test_t20_after_a_complete_rewrite_the_inserted_entry_is_named(
    ledger, township, committed_db, path
):
    free = Ledger(township, number=201)
    free.grow(1)
    ledger.grow(6)
    export(path)
    (entry,) = free.ids
    rewrite(
        committed_db,
        ledger.village.pk,
        f"DELETE FROM scoring_seal WHERE village_id = {free.village.pk}",
        f"DELETE FROM scoring_entry WHERE id = {entry}",
        f"""INSERT INTO scoring_entry (id, village_id, subject_id, kind, points, category_id,
            item_id, rulebook_id, occurred_on, month, source, recorded_at, digest)
            OVERRIDING SYSTEM VALUE
            SELECT {entry}, village_id, subject_id, kind, points, category_id, item_id,
            rulebook_id, occurred_on, month, 'slipped in', recorded_at, digest
            FROM scoring_entry WHERE id = {ledger.ids[0]}""",
    )
    assert ledger.agrees_with_itself
    assert compared(path)[0] == (entry, "inserted: the witness does not have it")


def old_backup(database, ledger):
    """The ledger as it was at its first seal."""
    (upto,) = Seal.objects.filter(village=ledger.village, number=1).values_list(
        "upto_id", flat=True
    )
    rewrite(
        database,
        ledger.village.pk,
        f"DELETE FROM scoring_seal WHERE village_id = {ledger.village.pk} AND number > 1",
        f"DELETE FROM scoring_entry WHERE village_id = {ledger.village.pk} AND id > {upto}",
    )


def test_t21_an_old_backup_ends_before_the_witness(ledger, committed_db, path):
    export(path)
    lost = ledger.ids[3]
    old_backup(committed_db, ledger)
    assert ledger.agrees_with_itself
    assert compared(path) == [(lost, "ledger ends before the witness")]
    assert "ledger ends before the witness" in opens(path)
    assert "the site stays closed" in opens(path)


def test_t21_what_is_entered_after_an_old_backup_hides_nothing(ledger, committed_db, path):
    export(path)
    lost = ledger.ids[3]
    old_backup(committed_db, ledger)
    ledger.grow(4, 5, 6)
    assert ledger.agrees_with_itself
    assert compared(path)[0] == (lost, "removed: the witness has it")
    assert "seal 2 is not the one of the witness" in opens(path)


def test_t21_a_village_that_is_gone_ends_before_the_witness(ledger, committed_db, path):
    export(path)
    first, code = ledger.ids[0], ledger.village.code
    tamper(committed_db, "UPDATE villages_village SET code = '340602101999'")
    assert compared(path) == [(first, "ledger ends before the witness")]
    assert opens(path).startswith(f"village {code} entry")


def test_a_row_changed_alone_stays_witnessed_as_it_was_sealed(ledger, committed_db, path):
    export(path)
    entry = ledger.ids[1]
    tamper(committed_db, f"UPDATE scoring_entry SET points = 50 WHERE id = {entry}")
    before = path.read_text().splitlines()[3:-1]
    export(path)
    assert path.read_text().splitlines()[3:-1] == before
    assert compared(path) == [(entry, "changed: the witness has another digest")]


def test_a_witness_is_not_replaced_by_one_of_a_rewritten_ledger(ledger, committed_db, path):
    export(path)
    before, entry = path.read_text(), ledger.ids[1]
    rewrite(
        committed_db,
        ledger.village.pk,
        f"UPDATE scoring_entry SET points = 50 WHERE id = {entry}",
    )
    with pytest.raises(CommandError, match=f"is not replaced: .* entry {entry}: changed"):
        export(path)
    assert path.read_text() == before


def test_broken_seals_are_not_witnessed_unless_left_out(ledger, township, committed_db, path):
    other = Ledger(township, number=201)
    other.grow(7)
    tamper(
        committed_db,
        f"""UPDATE scoring_seal SET leaves = overlay(leaves placing '\\xff' from 1)
            WHERE village_id = {ledger.village.pk} AND number = 1""",
    )
    with pytest.raises(CommandError, match="seal 1 is not what it was"):
        export(path)
    assert list(path.parent.iterdir()) == []
    export(path, "--except", ledger.village.code)
    assert [line for line in path.read_text().splitlines() if line.startswith("village ")] == [
        f"village {other.village.code}"
    ]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("\nentry ", "\nentry 1", "changed after it was signed"),
        ("\nsignature ", "\nsigned ", "does not end with its signature"),
        ("village-points", "other", "does not begin as a witness does"),
    ],
)
def test_a_changed_witness_is_refused(ledger, path, old, new, why):
    export(path)
    path.write_text(path.read_text().replace(old, new, 1))
    assert why in opens(path)
    with pytest.raises(CommandError, match=why):
        call_command("verify_ledger", "--witness", str(path), stdout=StringIO())


def test_a_witness_of_a_foreign_key_is_refused_and_the_kept_key_reads_it(
    ledger, path, own_keys, settings
):
    export(path)
    kept = public_key().hex()
    (own_keys / WITNESS_KEY).unlink()
    ensure_keys(own_keys)
    foreign = f"signed with key {kept}, not with {public_key().hex()}"
    assert foreign in opens(path)
    for refused in (
        ("verify_ledger", "--witness", str(path)),
        ("export_witness", str(path)),
        ("verify_ledger", "--witness", str(path), "--public-key", "00" * 32),
    ):
        with pytest.raises(CommandError, match=f"signed with key {kept}") as failure:
            call_command(*refused, stdout=StringIO())
        assert failure.value.returncode == 2
    known = ("--public-key", kept)
    call_command("verify_ledger", "--witness", str(path), *known, stdout=StringIO())
    call_command("check_witness", str(path), *known, stdout=StringIO())
    export(path, *known)
    assert opens(path) == ""


def test_the_installations_key_cannot_be_read_by_others(own_keys):
    assert stat.S_IMODE((own_keys / WITNESS_KEY).stat().st_mode) == 0o600


def test_verify_ledger_tells_the_witness_first(ledger, committed_db, path):
    export(path)
    entry = ledger.ids[2]
    rewrite(
        committed_db,
        ledger.village.pk,
        f"UPDATE scoring_entry SET points = 50 WHERE id = {entry}",
    )
    call_command("verify_ledger", stdout=StringIO())
    told = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("verify_ledger", "--json", "--witness", str(path), stdout=told)
    assert failure.value.returncode == 1
    first = json.loads(told.getvalue())["problems"][0]
    assert (first["village"], first["entry"]) == (ledger.village.code, entry)


def test_verify_ledger_of_one_village_reads_its_part_of_the_witness(
    ledger, township, committed_db, path
):
    other = Ledger(township, number=201)
    other.grow(7)
    export(path)
    tamper(committed_db, f"UPDATE scoring_entry SET points = 9 WHERE id = {other.ids[0]}")
    one = ("verify_ledger", "--witness", str(path), "--village")
    call_command(*one, ledger.village.code, stdout=StringIO())
    with pytest.raises(CommandError):
        call_command(*one, other.village.code, stdout=StringIO())


@pytest.mark.parametrize("command", ["export_witness", "check_witness"])
def test_the_file_of_the_settings_is_taken_when_none_is_named(ledger, path, settings, command):
    settings.WITNESS_FILE = ""
    with pytest.raises(CommandError, match="WITNESS_FILE"):
        call_command(command)
    assert django_settings.WITNESS_FILE == ""
    settings.WITNESS_FILE = str(path)
    call_command("export_witness", stdout=StringIO())
    call_command(command, stdout=StringIO())
    assert path.read_text().endswith("\n")


def test_a_missing_witness_keeps_the_site_closed(ledger, path):
    assert "is refused" in opens(path)
