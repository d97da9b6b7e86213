"""The digests under which a member's ID and phone are found; each column has a purpose of its own.

A tail is what people read out at a counter: the last four characters.
"""

from trail.sealing import lookup_digest

TAIL = 4


def of_id(number: str) -> bytes:
    """The digest of a whole citizen ID."""
    return lookup_digest(number, purpose="households.member.id_number")


def of_id_tail(number: str) -> bytes:
    """The digest of an ID's last four characters."""
    return lookup_digest(number[-TAIL:], purpose="households.member.id_tail")


def of_phone(number: str) -> bytes:
    """The digest of a whole phone number."""
    return lookup_digest(number, purpose="households.member.phone")


def of_phone_tail(number: str) -> bytes:
    """The digest of a phone number's last four digits."""
    return lookup_digest(number[-TAIL:], purpose="households.member.phone_tail")
