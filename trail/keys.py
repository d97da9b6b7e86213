"""The installation's keys: files of mode 0600, never in the database.

`field.keys` holds one `id base64` pair a line, the first is used to write and all to read;
`lookup.key` is one base64 line. Losing them loses the encrypted columns (see the manual).
`witness.key` is the base64 seed of the Ed25519 key that signs witnesses of the ledger.
"""

import base64
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FIELD_KEYS = "field.keys"
LOOKUP_KEY = "lookup.key"
WITNESS_KEY = "witness.key"
KEY_BYTES = 32
KEY_ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys in use: `field` by key id, the id to write with, and the look-up key."""

    field: dict[bytes, bytes]
    writing_id: bytes
    lookup: bytes


def ensure_keys(folder: Path) -> bool:
    """Make the key files where there are none; True when any was made. Never replaces a key."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    key_id = secrets.token_hex(KEY_ID_BYTES)
    lookup = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    made_field = _write_once(folder / FIELD_KEYS, f"{key_id} {key}\n")
    made_lookup = _write_once(folder / LOOKUP_KEY, f"{lookup}\n")
    seed = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    made_witness = _write_once(folder / WITNESS_KEY, f"{seed}\n")
    return made_field or made_lookup or made_witness


def _write_once(path: Path, text: str) -> bool:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    return True


def witness_seed() -> bytes:
    """The seed of the key that signs witnesses; raises ImproperlyConfigured when there is none."""
    path = Path(settings.KEYS_DIR) / WITNESS_KEY
    try:
        return base64.b64decode(path.read_text())
    except OSError as error:
        raise ImproperlyConfigured(f"no {path}: run manage.py make_keys") from error


def keyring() -> Keyring:
    """The keyring of this installation; raises ImproperlyConfigured when the files are missing."""
    return _load(settings.KEYS_DIR)


@cache
def _load(folder: Path) -> Keyring:
    try:
        lines = (folder / FIELD_KEYS).read_text().split("\n")
        lookup = base64.b64decode((folder / LOOKUP_KEY).read_text())
    except OSError as error:
        raise ImproperlyConfigured(f"no keys in {folder}: run manage.py make_keys") from error
    pairs = [line.split() for line in lines if line.strip()]
    field = {bytes.fromhex(key_id): base64.b64decode(key) for key_id, key in pairs}
    return Keyring(field=field, writing_id=bytes.fromhex(pairs[0][0]), lookup=lookup)
