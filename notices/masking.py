"""How a name is shown in public: 王*, 张*三, 欧阳*娜, 欧**娜, 买**·艾*; never more than that.

A known compound surname stays whole before the stars (欧阳娜娜 → 欧阳*娜). Names of five and more
characters keep only the first one, so that nothing typed behind a name comes through.
"""

import re
import unicodedata

UNREGISTERED = "（未登记）"
STAR = "*"
# Between the parts of a transliterated name; kept as typed.
DOTS = "\u00b7\u2022\u2027\u30fb\uff65\u22c5\u0387\uff0e."
# Two characters each.
COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶"
        "太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良"
        "漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘左丘东门西门第五"
        "纳兰完颜",
    )
)
_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACE_IN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_PARTS = re.compile(rf"([{re.escape(DOTS)}\s]+)")
_LONGEST_SHOWING_ITS_END = 4


def masked_name(name: str) -> str:
    """The public form of a name as typed; （未登记） when there is none.

    Counts whole characters: a rare character or one with a variation mark is never split.
    """
    plain = _SPACE_IN_HAN.sub("", name.strip())
    if not plain:
        return UNREGISTERED
    pieces = _PARTS.split(plain)
    if len(pieces) == 1:
        return _masked_whole(_characters(plain))
    masked = "".join(
        piece if index % 2 else _masked_part(_characters(piece))
        for index, piece in enumerate(pieces)
    )
    return masked if STAR in masked else STAR


def _masked_whole(characters: list[str]) -> str:
    count = len(characters)
    surname = "".join(characters[:2])
    if surname in COMPOUND_SURNAMES and count == 3:
        return surname + STAR
    if surname in COMPOUND_SURNAMES and count == 4:
        return surname + STAR + characters[-1]
    if 3 <= count <= _LONGEST_SHOWING_ITS_END:
        return characters[0] + STAR * (count - 2) + characters[-1]
    return _masked_part(characters)


def _masked_part(characters: list[str]) -> str:
    if len(characters) == 1:
        return STAR
    return "".join(characters[:1]) + STAR * (len(characters) - 1)


def _characters(text: str) -> list[str]:
    """What a reader sees as one character each: marks and selectors stay with their base."""
    characters: list[str] = []
    for point in text:
        if characters and unicodedata.category(point) in {"Mn", "Me", "Mc", "Cf"}:
            characters[-1] += point
        else:
            characters.append(point)
    return characters
