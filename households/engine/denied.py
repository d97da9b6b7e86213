"""What no form may ask, and what may only be asked for freely (`domain.md` §4).

Article 14 of the 征信业管理条例: never religion, genes, fingerprints, blood type, illness and
medical history; income, deposits and property only with written consent, so always optional here.
"""

# Longest first, so that the word found is the one that was meant.
REFUSED = (
    "宗教", "信仰", "信教", "教派", "基因", "遗传", "指纹", "人脸", "虹膜", "血型", "疾病", "病史",
    "病情", "慢性病", "大病", "重病", "精神病", "传染病", "艾滋", "残疾", "怀孕", "避孕", "生育",
    "节育", "婚育", "离婚", "婚姻状况", "性取向", "政治倾向", "选举投票", "投了谁", "上访", "信访",
    "家暴", "银行卡", "存折", "密码",
)  # fmt: skip
FREELY = ("收入", "存款", "资产", "财产", "理财", "保险", "债", "贷款", "税", "工资", "不动产")


def refused_word(text: str) -> str:
    """The word in the text that no form may ask about; '' when there is none."""
    plain = "".join(text.split())
    return next((word for word in REFUSED if word in plain), "")


def must_stay_optional(text: str, *, is_money: bool) -> bool:
    """Whether an answer about income or property would be forced."""
    return is_money or any(word in text for word in FREELY)
