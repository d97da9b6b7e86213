"""The three tables of a points workbook and the words townships write above their columns."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from households.importing.headings import Field, field_of, heading_key


class Column(StrEnum):
    """What the product wants of a points workbook, named as a refusal names it."""

    VILLAGE = "村"
    GROUP = "组"
    NUMBER = "户号"
    HEAD = "户主"
    DAY = "日期"
    CATEGORY = "类别"
    ITEM = "事项"
    POINTS = "加减分"
    CONFIRMED = "认定方式"
    HANDLER = "经办人"
    GOODS = "物品"
    QUANTITY = "数量"
    SPENT = "积分"


class Kind(StrEnum):
    """The tables of a points workbook."""

    HOUSEHOLDS = "农户"
    ENTRIES = "积分台账"
    REDEMPTIONS = "兑换登记"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns of a table: those it must have, and those that are read when it has them."""

    kind: Kind
    needed: tuple[Column, ...]
    welcome: tuple[Column, ...] = ()


_WHOSE = (Column.DAY, Column.VILLAGE, Column.NUMBER, Column.HEAD)

# In this order a sheet is taken for one of them: what has goods is no list of households.
TABLES = (
    Wanted(
        Kind.REDEMPTIONS,
        (*_WHOSE, Column.GOODS, Column.SPENT),
        (Column.GROUP, Column.QUANTITY),
    ),
    Wanted(
        Kind.ENTRIES,
        (*_WHOSE, Column.CATEGORY, Column.ITEM, Column.POINTS),
        (Column.GROUP, Column.CONFIRMED, Column.HANDLER),
    ),
    Wanted(
        Kind.HOUSEHOLDS,
        (Column.VILLAGE, Column.GROUP, Column.NUMBER, Column.HEAD),
    ),
)

# Village, group, number and head are found by the words of the household import.
_SHARED = {
    Field.VILLAGE: Column.VILLAGE,
    Field.GROUP: Column.GROUP,
    Field.NUMBER: Column.NUMBER,
    Field.HEAD_NAME: Column.HEAD,
}
# A points book often calls the head 姓名; a column that says 户主 is plainer.
_LESS_PLAIN = 100

# The first word is the plainest; where a sheet has two, the plainer column is read.
_WORDS: dict[Column, str] = {
    Column.DAY: (
        "日期 发生日期 记分日期 积分日期 兑换日期 发生时间 积分时间 兑换时间 时间 登记日期 "
        "登记时间 办理日期 年月日"
    ),
    Column.CATEGORY: (
        "类别 积分类别 项目类别 事项类别 评分类别 指标类别 积分类型 类型 大类 一级指标"
    ),
    Column.ITEM: (
        "事项 积分事项 加减分事项 具体事项 项目 积分项目 条目 积分条目 评分项目 内容 积分内容 "
        "评分内容 加减分原因 事由 二级指标"
    ),
    Column.POINTS: (
        "加减分 加减分值 增减分 加扣分 奖扣分 积分变动 积分 分值 积分分值 得分 分数 积分值"
    ),
    Column.CONFIRMED: "认定方式 认定途径 核实方式 确认方式 审核方式 认定",
    Column.HANDLER: "经办人 经手人 记分员 记录人 登记人 填报人 经办",
    Column.GOODS: (
        "物品 兑换物品 物品名称 兑换物品名称 商品 兑换商品 商品名称 品名 奖品 礼品 兑换内容"
    ),
    Column.QUANTITY: "数量 兑换数量 件数 个数",
    Column.SPENT: (
        "积分 兑换积分 使用积分 所用积分 消耗积分 扣减积分 扣除积分 花费积分 所需积分 积分合计 "
        "合计积分 兑换分值 分值"
    ),
}
_HINT = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_RANKS: dict[Column, dict[str, int]] = {
    column: {word: rank for rank, word in enumerate(words.split())}
    for column, words in _WORDS.items()
}


def plainness(heading: str, column: Column) -> int | None:
    """How plainly a header names the column, 0 being plainest; None when it does not."""
    own = _RANKS.get(column)
    if own is not None:
        rank = own.get(heading_key(heading))
        # 加（减）分 is one word, 分值（分） a word and its unit.
        return own.get(heading_key(_HINT.sub("", heading))) if rank is None else rank
    found = field_of(heading)
    if found is None:
        return None
    rank, meant = found
    if _SHARED.get(meant) == column:
        return rank
    return rank + _LESS_PLAIN if (meant, column) == (Field.NAME, Column.HEAD) else None


def known_columns(headings: Iterable[str]) -> set[Column]:
    """Every column that any of the headers could mean."""
    return {
        column
        for heading in headings
        for column in Column
        if heading and plainness(heading, column) is not None
    }
