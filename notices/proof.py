"""The digest of a notice's content and the short code printed on paper. Pure functions."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping

from trail.crockford import ALPHABET

CODE_LENGTH = 12
CODE_DOMAIN = b"\x02"
_BITS_PER_CHARACTER = 5
# What people type for a character that looks alike, and what may stand between the groups.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", "‐": "", "–": "", "－": ""})


def canonical_json(content: Mapping[str, object]) -> str:
    """The one text of `content`: sorted keys, no spaces, characters as they are."""
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def content_digest(canonical: str) -> bytes:
    """SHA-256 of the canonical text in UTF-8."""
    return hashlib.sha256(canonical.encode()).digest()


def short_code(*, content_sha256: bytes, seal_root: bytes, notice_id: int) -> str:
    """The code on paper: it binds the content, the ledger's seal and the notice itself."""
    number = notice_id.to_bytes(8, "big")
    digest = hashlib.sha256(CODE_DOMAIN + content_sha256 + seal_root + number).digest()
    value = int.from_bytes(digest, "big") >> (len(digest) * 8 - CODE_LENGTH * _BITS_PER_CHARACTER)
    characters = [
        ALPHABET[value >> (_BITS_PER_CHARACTER * place) & 31] for place in range(CODE_LENGTH)
    ]
    return "".join(reversed(characters))


def read_code(typed: str) -> str:
    """A typed code as it is stored: any case or width, hyphens or not, O for 0, I and L for 1."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).upper().translate(_READ_AS)


def grouped(code: str) -> str:
    """The code as it is printed, in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def holds(
    *, canonical: str, content_sha256: bytes, seal_root: bytes, notice_id: int, code: str
) -> bool:
    """Whether digest and code, computed anew from the stored content, are those on paper."""
    digest = content_digest(canonical)
    return digest == content_sha256 and code == short_code(
        content_sha256=digest, seal_root=seal_root, notice_id=notice_id
    )
