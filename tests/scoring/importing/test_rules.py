from datetime import date

from scoring.importing.results import EntryLine
from scoring.importing.rules import RuleKey, RuleSeen, rules_seen


def line(category, item, points, confirmed_how=""):
    return EntryLine(
        at=None,
        village="下湾村",
        group="",
        number="001",
        head="李芳",
        day=date(2026, 9, 3),
        category=category,
        item=item,
        points=points,
        confirmed_how=confirmed_how,
        handled_by="",
    )


def test_rules_are_in_the_order_of_first_appearance_with_what_was_seen():
    lines = [
        line("移风易俗", "喜事新办", 8, "评议小组评议"),
        line("公益美德", "志愿服务", 3, "网格员核实"),
        line("移风易俗", "大操大办", -5, "村民申报"),
        line("公益美德", "志愿服务", 1, "网格员核实"),
        line("公益美德", "志愿服务", -2, "网格员核实"),
    ]
    assert rules_seen(lines) == [
        RuleSeen(RuleKey("移风易俗", "喜事新办", gives=True), "1.1", 8, 8, "panel"),
        RuleSeen(RuleKey("移风易俗", "大操大办", gives=False), "1.2", 5, 5, "declared"),
        RuleSeen(RuleKey("公益美德", "志愿服务", gives=True), "2.1", 1, 3, "grid"),
        RuleSeen(RuleKey("公益美德", "志愿服务", gives=False), "2.2", 2, 2, "grid"),
    ]


def test_without_a_majority_or_in_other_words_a_panel_confirms():
    split = [line("公益美德", "志愿服务", 3, how) for how in ("村民申报", "网格员核实")]
    unknown = [line("公益美德", "献血", 3, "村里定的")]
    assert [rule.route for rule in rules_seen(split + unknown)] == ["panel", "panel"]
