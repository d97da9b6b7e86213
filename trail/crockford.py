"""Crockford's base32: what people copy from paper or say over the telephone, never misread."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def random_text(length: int) -> str:
    """`length` random characters, five bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
