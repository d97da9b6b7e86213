import stat

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from trail.keys import (
    FIELD_KEYS,
    KEY_BYTES,
    LOOKUP_KEY,
    WITNESS_KEY,
    ensure_keys,
    keyring,
    witness_seed,
)
from trail.sealing import seal, unseal
from trail.signing import public_key

COLUMN = "villages.person.phone"


@pytest.fixture
def folder(tmp_path, settings):
    settings.KEYS_DIR = tmp_path / "keys"
    return settings.KEYS_DIR


def test_ensure_keys_makes_private_files(folder):
    assert ensure_keys(folder) is True
    for name in (FIELD_KEYS, LOOKUP_KEY, WITNESS_KEY):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    ring = keyring()
    assert [len(key) for key in (*ring.field.values(), ring.lookup)] == [KEY_BYTES] * 2


def test_ensure_keys_never_replaces_a_key(folder):
    ensure_keys(folder)
    before = {path.name: path.read_text() for path in folder.iterdir()}
    assert ensure_keys(folder) is False
    assert {path.name: path.read_text() for path in folder.iterdir()} == before


def test_missing_keys_are_named_with_the_cure(folder):
    for missing in (keyring, witness_seed):
        with pytest.raises(ImproperlyConfigured, match="run manage.py make_keys"):
            missing()


def test_a_new_first_key_writes_and_the_old_one_still_reads(folder, settings, tmp_path):
    ensure_keys(folder)
    old = seal("13812345678", column=COLUMN)
    settings.KEYS_DIR = tmp_path / "rotated"
    ensure_keys(settings.KEYS_DIR)
    rotated = settings.KEYS_DIR / FIELD_KEYS
    rotated.write_text(rotated.read_text() + (folder / FIELD_KEYS).read_text())
    new = seal("13812345678", column=COLUMN)
    assert unseal(old, column=COLUMN) == unseal(new, column=COLUMN) == "13812345678"
    assert new[1:5] == keyring().writing_id != old[1:5]


def test_make_keys_says_whether_it_made_any_and_names_the_public_key(folder, capsys):
    call_command("make_keys")
    call_command("make_keys")
    named = f"public key of witnesses {public_key().hex()}\n"
    assert capsys.readouterr().out == (
        f"made the keys in {folder}\n{named}kept the keys in {folder}\n{named}"
    )


def test_an_installation_of_before_is_given_its_witness_key_alone(folder):
    ensure_keys(folder)
    (folder / WITNESS_KEY).unlink()
    before = {path.name: path.read_text() for path in folder.iterdir()}
    assert ensure_keys(folder) is True
    assert before.items() < {path.name: path.read_text() for path in folder.iterdir()}.items()
