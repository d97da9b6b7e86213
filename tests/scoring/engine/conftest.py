import pytest

CATEGORIES = ("patriotic", "lawful", "honest", "green", "clean", "civil", "learned", "a", "b", "c")
NAMES = (
    "爱党爱国星",
    "遵规守法星",
    "诚实守信星",
    "生态环保星",
    "整洁健康星",
    "文明实践星",
    "崇教尚美星",
    "自选甲星",
    "自选乙星",
    "自选丙星",
)


@pytest.fixture
def ten_stars():
    """3 + 7 stars as plain data: each takes 5 points of the category with the star's code."""
    return {
        "kind": "stars",
        "code": "ten-stars",
        "version": 3,
        "base_points": 100,
        "stars": [
            {
                "code": code,
                "name": name,
                "required": place < 3,
                "criterion": {"kind": "category_points", "categories": [code], "at_least": 5},
            }
            for place, (code, name) in enumerate(zip(CATEGORIES, NAMES, strict=True))
        ],
        "bands": [
            {"name": "铜星", "min_stars": 5},
            {"name": "金星", "min_stars": 10},
            {"name": "银星", "min_stars": 8},
        ],
        "vetoes": [{"code": "judgment", "name": "生效法律文书"}],
    }


@pytest.fixture
def credit_grades():
    """AAA at 90 down to D below 50, base 60."""
    return {
        "kind": "grades",
        "code": "credit",
        "version": 2,
        "base_points": 60,
        "grades": [
            {"name": "AAA", "at_least": 90},
            {"name": "AA", "at_least": 80},
            {"name": "A", "at_least": 70},
            {"name": "B", "at_least": 60},
            {"name": "C", "at_least": 50},
        ],
        "lowest": "D",
        "vetoed": "D",
        "vetoes": [{"code": "judgment", "name": "生效法律文书"}],
    }
