"""A notice's sealed content in a few lines."""

from notices.content_texts import content_lines


def test_content_is_told_by_totals_rules_and_seal():
    content = {
        "rows": [{}, {}],
        "categories": [{"name": "人居环境整治", "plus": 9, "minus": 2}],
        "totals": {"households": 2, "plus": 9, "minus": 2, "gross": 30},
        "rules": {"title": "积分细则", "version": 2, "adopted_on": "2026-01-01"},
        "seal": {"number": 3, "upto": 70, "count": 70, "root": "ab" * 32},
    }
    assert content_lines(content) == [
        "合计：2户，加分9，减分2，累计30",
        "人居环境整治：加分9，减分2",
        "细则：积分细则，第2版",
        "细则表决通过：2026年1月1日",
        "第3次封账，共70笔，指纹abababababab…",
        "共2行",
    ]


def test_what_a_notice_does_not_have_is_not_told():
    rules = {"title": "", "version": 0, "adopted_on": ""}
    assert content_lines({"rules": rules, "seal": {}}) == []
