"""Says when two ways of writing a village, a group or a household number mean the same."""

import re
from collections.abc import Iterable
from functools import lru_cache

_COMMITTEE_ENDINGS = (
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("村民委员会", "村"),
    ("村村委会", "村"),
    ("村委会", "村"),
    ("居民委员会", "社区"),
    ("居委会", "社区"),
)
_KINDS = ("社区", "村")
_GROUP = re.compile(r"第?([0-9]+|[一二三四五六七八九十]{1,3})(?:村民小组|居民小组|村民组|小组|组)?")
_HAN_DIGITS = {char: value for value, char in enumerate("一二三四五六七八九", 1)}


@lru_cache(maxsize=1024)
def village_key(name: str) -> str:
    """Return what two spellings of a village share: 窦庄村委会 is 窦庄村, 庙前居委会 庙前社区."""
    for ending, kind in _COMMITTEE_ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            stem = name.removesuffix(ending)
            return stem if stem.endswith(kind) else stem + kind
    return name


def matching_village(written: str, known: Iterable[str]) -> str | None:
    """Return the one known name a sheet's spelling means; None when none or several could be."""
    names = list(known)
    key = village_key(written)
    same = [name for name in names if village_key(name) == key]
    alike = same or [name for name in names if _stem(village_key(name)) == key]
    return alike[0] if len(alike) == 1 else None


@lru_cache(maxsize=1024)
def group_key(name: str) -> str:
    """Return what two spellings of a group share: 一组, 第1村民小组 and 1 are all 1."""
    found = _GROUP.fullmatch(name)
    if found is None:
        return name
    number = found.group(1)
    return str(int(number)) if number.isascii() else str(_han_number(number) or number)


def group_label(name: str) -> str:
    """Return the group's name for people: a bare 3 reads 3组."""
    return f"{int(name)}组" if name.isascii() and name.isdigit() else name


def number_key(number: str) -> str:
    """Return what two spellings of a household number share: 001 and 1."""
    return number.lstrip("0") or "0" if number.isdigit() else number.upper()


def _stem(key: str) -> str:
    for kind in _KINDS:
        if key.endswith(kind):
            return key.removesuffix(kind)
    return key


def _han_number(text: str) -> int | None:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _HAN_DIGITS.get(text)
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return None
    return (_HAN_DIGITS[tens] if tens else 1) * 10 + (_HAN_DIGITS[ones] if ones else 0)
