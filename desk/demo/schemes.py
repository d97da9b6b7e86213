"""Star and credit schemes of the demo, as data for the engine.

The article names seven of Guanwangmiao's ten stars (`domain.md` §1); the last three are this
demo's own choice. Grade floors are an example only: another county has other ones.
"""

_REQUIRED = (
    ("ai-dang-ai-guo", "爱党爱国星"),
    ("zun-gui-shou-fa", "遵规守法星"),
    ("cheng-shi-shou-xin", "诚实守信星"),
)


def _category(name: str, at_least: int) -> dict[str, object]:
    return {"kind": "category_points", "categories": [name], "at_least": at_least}


def _star(
    code: str, name: str, criterion: dict[str, object], *, required: bool = False
) -> dict[str, object]:
    return {"code": code, "name": name, "required": required, "criterion": criterion}


TEN_STARS: dict[str, object] = {
    "kind": "stars",
    "code": "ten-stars",
    "version": 1,
    "stars": [
        *(_star(code, name, {"kind": "decision"}, required=True) for code, name in _REQUIRED),
        _star("sheng-tai-huan-bao", "生态环保星", _category("人居环境整治", 12)),
        _star(
            "zheng-jie-jian-kang",
            "整洁健康星",
            {
                "kind": "all",
                "of": [
                    {"kind": "item_count", "items": ["P02"], "at_least": 2},
                    {"kind": "none_of", "items": ["M01"]},
                ],
            },
        ),
        _star("wen-ming-shi-jian", "文明实践星", _category("公益美德", 6)),
        _star("chong-jiao-shang-mei", "崇教尚美星", _category("家庭美德", 6)),
        _star(
            "lin-li-he-mu", "邻里和睦星", {"kind": "item_count", "items": ["P04"], "at_least": 2}
        ),
        _star("qin-lao-zhi-fu", "勤劳致富星", _category("兴业致富", 5)),
        _star("yi-feng-yi-su", "移风易俗星", _category("移风易俗", 8)),
    ],
    "bands": [
        {"name": "铜星", "min_stars": 5},
        {"name": "银星", "min_stars": 8},
        {"name": "金星", "min_stars": 10},
    ],
}
REQUIRED_STARS = tuple(code for code, _ in _REQUIRED)

CREDIT: dict[str, object] = {
    "kind": "grades",
    "code": "credit",
    "version": 1,
    "base_points": 50,
    "grades": [
        {"name": "AAA", "at_least": 90},
        {"name": "AA", "at_least": 80},
        {"name": "A", "at_least": 70},
        {"name": "B", "at_least": 60},
        {"name": "C", "at_least": 50},
    ],
    "lowest": "D",
}
