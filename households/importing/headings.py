"""The words townships write above their columns."""

import re
from enum import StrEnum

from households.importing.texts import half_width


class Field(StrEnum):
    """What the product wants of a household sheet."""

    VILLAGE = "village"
    GROUP = "group"
    NUMBER = "number"
    HEAD_NAME = "head_name"
    NAME = "name"
    RELATION = "relation"
    SEX = "sex"
    ID_NUMBER = "id_number"
    BIRTH = "birth"
    PHONE = "phone"
    AWAY = "away"
    NOTE = "note"


NECESSARY = (Field.VILLAGE, Field.GROUP, Field.NUMBER, Field.NAME, Field.ID_NUMBER)

# The first word of a field is its plainest; where a sheet has two, the plainer column is read.
_WORDS: dict[Field, str] = {
    Field.VILLAGE: (
        "村 行政村 村社区 村名 村名称 行政村名称 行政村社区 所属村 所在村 所属行政村 所在行政村 "
        "所属村社区 所在村社区 村居 行政村居 村委会 村民委员会 村别 村级 村庄 社区 社区村"
    ),
    Field.GROUP: (
        "组别 村民小组 小组 组 组名 组号 小组名称 村民组 所属小组 所在小组 所属组 所在组 居民小组 "
        "村居民小组 村民小组名称 所属村民小组 所在村民小组 生产队 队别 屯"
    ),
    Field.NUMBER: (
        "户号 户编号 门牌户号 户编码 家庭编号 农户编号 农户户号 家庭户号 户籍号 户口编号 户代码 "
        "家庭编码"
    ),
    Field.HEAD_NAME: "户主姓名 户主 户主名 户主名字 户主名称 家庭户主 家庭户主姓名 姓名户主",
    Field.NAME: (
        "姓名 成员姓名 家庭成员姓名 家庭成员 人员姓名 本人姓名 居民姓名 村民姓名 成员 名字 "
        "家庭人员姓名 家庭人口姓名"
    ),
    Field.RELATION: (
        "与户主关系 与户主的关系 和户主关系 同户主关系 与户主之关系 户主关系 关系 家庭关系 "
        "成员关系 家庭成员关系 成员与户主关系 家庭成员与户主关系"
    ),
    Field.SEX: "性别 成员性别 家庭成员性别",
    Field.ID_NUMBER: (
        "身份证号 身份证号码 公民身份号码 公民身份证号码 公民身份证号 居民身份证号码 居民身份证号 "
        "身份证 身份号码 证件号码 证件号 身份证件号码 成员身份证号 成员身份证号码 "
        "家庭成员身份证号 家庭成员身份证号码"
    ),
    Field.BIRTH: "出生日期 出生年月日 出生年月 生日 出生时间 成员出生日期 家庭成员出生日期",
    Field.PHONE: (
        "联系电话 手机号 手机号码 电话 电话号码 联系方式 手机 本人电话 联系手机 移动电话 "
        "本人联系电话 成员联系电话 家庭成员联系电话 联系号码"
    ),
    Field.AWAY: "是否外出 外出 是否外出务工 外出务工 是否在外 外出情况 是否外出人员",
    Field.NOTE: "备注 说明 备注说明 其他说明 备考",
}

# What a template calls each column.
PLAINEST = {field: words.split()[0] for field, words in _WORDS.items()}

_DECORATION = re.compile(r"[\s*＊★※#:：()（）\[\]【】〔〕<>《》“”\"'、,，。./／|_\-—]+")
_HINT = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
# The first word of a field is its plainest; where a sheet has two, the plainer column is read.
_FIELD_BY_KEY: dict[str, tuple[int, Field]] = {
    word: (rank, field)
    for field, words in _WORDS.items()
    for rank, word in enumerate(words.split())
}


def heading_key(text: str) -> str:
    """Return a header text without spaces, brackets, asterisks and full-width forms."""
    return _DECORATION.sub("", half_width(text))


def field_of(heading: str) -> tuple[int, Field] | None:
    """Return the field a header names and how plainly (0 is plainest); None for other columns."""
    for candidate in (heading, _HINT.sub("", heading)):
        found = _FIELD_BY_KEY.get(heading_key(candidate))
        if found is not None:
            return found
    return None


def is_of_household(heading: str) -> bool:
    """Return whether a column tells something of the head alone (户主身份证号), not of the row."""
    key = heading_key(heading)
    return field_of(key) is None and key.startswith("户主") and field_of(key[2:]) is not None
