"""What typing, copying and WPS leave in a cell, and how each is taken away again.

Numbers, IDs and phones are made half-width; names never are. Nothing is normalised (no NFC, no
NFKC): a rare character of a name stays the character its owner uses.
"""

import re
import sys
import unicodedata

from households.importing.sheets import Cell

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Zero width, BOM, soft hyphen, direction marks: never seen, never meant.
_INVISIBLE = dict.fromkeys(
    (0x00AD, 0x200B, 0x200E, 0x200F, 0x2060, 0x061C, 0xFEFF)
    + tuple(range(0x202A, 0x202F))
    + tuple(range(0x2066, 0x206A))
)
_CONTROLS = {
    code: None
    for code in (*range(0x20), *range(0x7F, 0xA0))
    if chr(code) not in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85"
}
_UNSEEN = _INVISIBLE | _CONTROLS
# Joiners belong inside words of some scripts, never at their ends.
_JOINERS = {0x200C: None, 0x200D: None}
_EDGES = "".join(char for char in map(chr, range(0x3001)) if char.isspace()) + "\u200c\u200d"
# Unified and compatibility ideographs, 〇, the extensions, and the private areas old systems used.
_HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff"
_HAN += "\U00020000-\U0003ffff"
_VARIANTS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_SPACE_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}{_VARIANTS}])[\s\u200c\u200d]+(?=[{_HAN}])")
_PLAIN_HAN = re.compile(r"[\u4e00-\u9fff]+")
_DIGIT_RUN = re.compile(r"[0-9]{6,}")
_SHOWN_AT_MOST = 40


def is_blank(cell: Cell) -> bool:
    """Return whether a cell holds nothing a person could see."""
    return isinstance(cell, str) and not visible(cell)


def visible(text: str) -> str:
    """Return the text without its invisible characters and outer white space."""
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    return text.translate(_UNSEEN).strip(_EDGES)


def half_width(text: str) -> str:
    """Return digits, letters and spaces as typed on an English keyboard, outer space gone."""
    return visible(text).translate(_HALF_WIDTH).strip()


def squeezed(text: str) -> str:
    """Return the half-width text without any white space: for numbers, IDs and codes."""
    if text.isascii() and text.isalnum():
        return text
    return "".join(half_width(text).translate(_JOINERS).split())


def person_name(text: str) -> str:
    """Return a name without white space between Han characters; all else byte for byte."""
    if _PLAIN_HAN.fullmatch(text):
        return text
    return _SPACE_BETWEEN_HAN.sub("", visible(text))


def has_letter(text: str) -> bool:
    """Return whether a text has a letter of any script, old private characters included."""
    if text.isalpha():
        return True
    return any(
        unicodedata.category(char)[0] == "L" or "\ue000" <= char <= "\uf8ff" for char in text
    )


def number_as_text(number: float) -> str:
    """Return a number the way its owner typed it: 3, not 3.0."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def as_text(cell: Cell) -> str:
    """Return any cell as text."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return number_as_text(cell)
    return str(cell)


def interned(text: str) -> str:
    """Return the one stored copy of a text that thousands of rows repeat."""
    return sys.intern(text)


def masked(cell: Cell) -> str:
    """Return a private value so that its owner finds it again and nobody else learns it."""
    text = visible(as_text(cell))
    if isinstance(cell, float) and len(text) > 8:
        return f"{cell:.1E}"
    length = len(text)
    if length <= 1:
        return "*" * length
    if length <= 4:
        return text[:1] + "*" * (length - 1)
    head, tail = (3, 2) if length >= 8 else (2, 1)
    return text[:head] + "*" * min(length - head - tail, 15) + text[-tail:]


def shown(cell: Cell) -> str:
    """Return a plain value, cut to a line; a long run of digits in it is masked all the same."""
    text = " ".join(visible(as_text(cell)).split())
    text = _DIGIT_RUN.sub(lambda run: masked(run.group()), text)
    return text if len(text) <= _SHOWN_AT_MOST else text[:_SHOWN_AT_MOST] + "…"
