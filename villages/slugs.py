"""The names of villages in addresses: pinyin, with the township where that is needed.

Once stored a slug is never changed: it is printed on paper and in QR codes.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable

from pypinyin import lazy_pinyin

from villages.area_codes import COMMUNITY_ENDING, VILLAGE_ENDING, Place

# Together with a 12-digit code they fit the 80 characters of the column.
LONGEST_NAME, LONGEST_TOWNSHIP = 40, 24
TOWNSHIP_ENDINGS = ("镇", "乡")
# In place names 长 is read cháng; the dictionary does not know most of them (长垅).
PLACE_READINGS = str.maketrans({"长": "常"})


def pinyin_of(name: str) -> str:
    """Lower-case letters and digits only; '' when nothing in the name can be spelt."""
    return re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(name.translate(PLACE_READINGS))).lower())


def assign(places: Iterable[Place], *, taken: Collection[str]) -> dict[str, str]:
    """A slug for each new place by its code, whatever their order.

    Pinyin alone where nobody else has or wants it (下湾村 → xiawan); else with the township's
    before it (芙蓉社区 → rongcheng-furong); else with the code after it.
    """
    wanted = {place.code: _spellings(place) for place in places}
    plain = Counter(spellings[0] for spellings in wanted.values())
    longer = Counter(spellings[1] for spellings in wanted.values())
    return {
        code: next(
            slug
            for slug, wishes in ((short, plain[short]), (long, longer[long]), (coded, 1))
            if slug and wishes == 1 and slug not in taken
        )
        for code, (short, long, coded) in wanted.items()
    }


def _spellings(place: Place) -> tuple[str, str, str]:
    name = pinyin_of(_core(place.name, (VILLAGE_ENDING, COMMUNITY_ENDING)))[:LONGEST_NAME]
    township = pinyin_of(_core(place.township, TOWNSHIP_ENDINGS))[:LONGEST_TOWNSHIP]
    long = f"{township}-{name}" if township and name else ""
    return name, long, f"{name}-{place.code}" if name else place.code


def _core(name: str, endings: tuple[str, ...]) -> str:
    """The name without its ending, as long as two characters remain: 北村 stays 北村."""
    for ending in endings:
        core = name.removesuffix(ending)
        if core != name and len(core) > 1:
            return core
    return name
