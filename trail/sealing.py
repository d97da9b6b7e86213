"""Encryption of one value and the digests by which it can be found again."""

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trail.keys import KEY_BYTES, KEY_ID_BYTES, keyring

FORMAT = b"\x01"
NONCE_BYTES = 12


class UnknownKey(Exception):
    """A value was sealed with a key that is not in the keyring."""


def seal(text: str, *, column: str) -> bytes:
    """AES-256-GCM of `text`; the key id and `column` are bound to it as associated data."""
    ring = keyring()
    nonce = secrets.token_bytes(NONCE_BYTES)
    head = FORMAT + ring.writing_id
    body = AESGCM(ring.field[ring.writing_id]).encrypt(nonce, text.encode(), head + column.encode())
    return head + nonce + body


def unseal(blob: bytes, *, column: str) -> str:
    """The text sealed in `blob`; raises UnknownKey, or InvalidTag when it was altered."""
    head, rest = blob[: 1 + KEY_ID_BYTES], blob[1 + KEY_ID_BYTES :]
    key = keyring().field.get(head[1:])
    if key is None:
        raise UnknownKey(head[1:].hex())
    plain = AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], head + column.encode())
    return plain.decode()


def lookup_digest(value: str, *, purpose: str) -> bytes:
    """The HMAC under which `value` is found; `purpose` keeps columns and tails apart."""
    message = purpose.encode() + b"\x00" + value.encode()
    return hmac.new(keyring().lookup, message, hashlib.sha256).digest()


def derived_key(*, purpose: str) -> bytes:
    """32 bytes that follow from the installation's key and `purpose`, and tell nothing of it."""
    kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode())
    return kdf.derive(keyring().lookup)
