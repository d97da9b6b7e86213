"""Ed25519 signatures with the installation's own key: who made a witness, and that it is whole."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from trail.keys import witness_seed


def public_key() -> bytes:
    """The 32 bytes by which anyone can check what this installation signed."""
    return _private_key().public_key().public_bytes_raw()


def sign(message: bytes) -> bytes:
    """The signature of this installation, 64 bytes."""
    return _private_key().sign(message)


def is_signed(message: bytes, *, signature: bytes, key: bytes) -> bool:
    """Whether the holder of `key` signed exactly this message."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(witness_seed())
