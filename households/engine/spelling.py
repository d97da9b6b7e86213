"""What a name is found by: one spelling for all its variants, its pinyin, its initials. Pure.

Names are stored as typed; only what is looked up is spelt alike.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from pypinyin import lazy_pinyin

LONGEST_KEY, LONGEST_PINYIN, LONGEST_INITIALS = 60, 200, 60
_DOTS = "\u00b7\u2022\u2027\u30fb\uff65\u22c5\u0387\u00b8\u2219."
_JOINED = dict.fromkeys(
    [*map(ord, _DOTS + " \t\u3000\u200c\u200d"), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
)
# Pairs: how somebody wrote it, and what others type for it.
_VARIANTS = (
    "峯峰昇升堃坤喆哲甦苏燿耀煒炜呂吕黃黄陳陈張张劉刘楊杨趙赵吳吴孫孙馬马羅罗鄭郑謝谢許许韓韩馮冯鄧邓曹曹"
    "蔣蒋葉叶閻阎閆闫潘潘鍾钟鐘钟譚谭陸陆姚姚鄒邹蕭萧肖萧賈贾魏魏龍龙萬万錢钱嚴严賀贺顧顾龔龚寶宝國国囯国華华"
    "蘭兰鳳凤強强彊强偉伟傑杰勇勇麗丽豔艳艷艳紅红雲云靜静芳芳義义興兴學学軍军東东慶庆廣广長长鵬鹏鴻鸿髙高𠮷吉"
    "冨富邨村竝并珮佩淸清眞真靑青愼慎徳德恆恒羣群甯宁寧宁寜宁祕秘巖岩嵒岩爲为為为濤涛澤泽潤润燈灯瑩莹瓊琼"
    "禮礼穩稳競竞維维緒绪繼继織织練练聖圣聰聪藝艺貴贵賓宾賢贤進进運运遠远達达銀银銘铭鋒锋錦锦鎮镇鐵铁開开"
    "陽阳隨随雙双雞鸡靈灵韻韵順顺飛飞驥骥魯鲁鶴鹤齊齐栢柏枬楠灋法尅克勳勋勛勋叡睿濬浚獻献禎祯祐佑喦岩"
)
_TYPED_ALIKE = {
    ord(_VARIANTS[place]): _VARIANTS[place + 1] for place in range(0, len(_VARIANTS), 2)
}
# How characters are read where they are a surname.
_SURNAMES: dict[str, str] = dict(
    re.findall(
        r"(\S)([a-z]+) ",
        "单shan 仇qiu 解xie 曾zeng 区ou 查zha 盖ge 葛ge 任ren 华hua "
        "朴piao 员yun 缪miao 乐yue 覃qin 冼xian 洗xian 折she 种chong 翟zhai "
        "祭zhai 宓mi 秘bi 逄pang 隗wei 晁chao 谌chen 召shao 幺yao 繁po "
        "那na 纪ji 郗xi 车che 佴nai 能nai 牟mu 阚kan 费fei 贲ben "
        "盛sheng 石shi 沈shen 薄bo 呙guo 相xiang 行xing 谷gu 句gou 角jue "
        "仉zhang 乜nie 厍she 亓qi 钭tou 郇xun 邰tai 郏jia 郄qie 阙que "
        "麴qu 燕yan 应ying 宁ning 令ling 尉wei 黑he 哈ha 撒sa 长chang "
        "重chong 卜bu 曲qu 俞yu 褚chu 柏bai 适kuo 臧zang 庹tuo 瞿qu "
        "炅gui 参shen 舍she 都du 鲜xian ",
    )
)
_COMPOUND_SURNAMES = {
    "尉迟": "yuchi", "万俟": "moqi", "澹台": "tantai", "长孙": "zhangsun", "单于": "chanyu",
    "令狐": "linghu", "夏侯": "xiahou", "宰父": "zaifu", "谷梁": "guliang", "百里": "baili",
    "鲜于": "xianyu", "亓官": "qiguan", "尉犁": "yuli", "呼延": "huyan", "子车": "ziju",
}  # fmt: skip
_COMPOUND_INITIALS = {
    "尉迟": "yc", "万俟": "mq", "澹台": "tt", "长孙": "zs", "单于": "cy", "令狐": "lh",
    "夏侯": "xh", "宰父": "zf", "谷梁": "gl", "百里": "bl", "鲜于": "xy", "亓官": "qg",
    "尉犁": "yl", "呼延": "hy", "子车": "zj",
}  # fmt: skip


class Spelling(NamedTuple):
    """The three things a name is found by; several readings stand beside each other."""

    key: str
    pinyin: str
    initials: str


def alike(text: str) -> str:
    """What all ways of writing the same text share: no dots, no space, no rare variant."""
    plain = unicodedata.normalize("NFKC", text).translate(_JOINED).translate(_TYPED_ALIKE)
    return plain.casefold()[:LONGEST_KEY]


@lru_cache(maxsize=50_000)
def spelt(name: str) -> Spelling:
    """What a name is found by: 曾小明 by zengxiaoming and cengxiaoming, zxm and cxm."""
    key = alike(name)
    readings = [_as_surname(key), _plainly(key)]
    readings += [(whole.replace("v", "u"), letters) for whole, letters in readings if "v" in whole]
    return Spelling(
        key=key,
        pinyin=" ".join(dict.fromkeys(whole for whole, _ in readings))[:LONGEST_PINYIN],
        initials=" ".join(dict.fromkeys(letters for _, letters in readings))[:LONGEST_INITIALS],
    )


def typed_pinyin(typed: str) -> str:
    """Letters as they were typed on a keyboard, as pinyin is kept: no space, no apostrophe."""
    lower = typed.casefold().replace("ü", "v")
    return "".join(sign for sign in lower if sign.isascii() and sign.isalpha())


def _as_surname(key: str) -> tuple[str, str]:
    if key[:2] in _COMPOUND_SURNAMES:
        rest, letters = _plainly(key[2:])
        return _COMPOUND_SURNAMES[key[:2]] + rest, _COMPOUND_INITIALS[key[:2]] + letters
    first = _SURNAMES.get(key[:1])
    if first is None:
        return _plainly(key)
    rest, letters = _plainly(key[1:])
    return first + rest, first[0] + letters


def _plainly(key: str) -> tuple[str, str]:
    sounds = [_sound(sign) for sign in key]
    return "".join(sounds), "".join(sound[:1] for sound in sounds)


@lru_cache(maxsize=30_000)
def _sound(sign: str) -> str:
    """One character in letters; '' when nobody could say it."""
    found = "".join(lazy_pinyin(sign)).casefold()
    return found if found.isascii() and found.isalnum() else ""
