"""Refusals of the ledger, each with the row it speaks of (from 0) in `facts["row"]`."""

from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _

from trail.errors import DomainError

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class LedgerRefusal(DomainError):
    """The ledger refuses a batch; nothing of it was written."""

    code = "ledger_refused"
    sentence: ClassVar["StrPromise"] = _("这笔账记不进去。")

    def __init__(self, *, row: int = 0, month: str = "") -> None:
        sentence = str(self.sentence)
        super().__init__(sentence.format(month=month) if month else sentence, row=row, month=month)


class LedgerStopped(LedgerRefusal):
    """The village's ledger was found broken and supervision has not signed yet."""

    code = "ledger_stopped"
    sentence = _("这个村的账本核对出了问题，监督小组签字以前不能记账。")


class NoSuchSubject(LedgerRefusal):
    """The subject does not exist in this village."""

    code = "no_such_subject"
    sentence = _("这个村没有这一户，请核对户号。")


class SourceReused(LedgerRefusal):
    """The same source was entered before with other content, or twice in one batch."""

    code = "source_reused"
    sentence = _("同一个来源已经记过账，内容不一样，不能再记。")


class DateInTheFuture(LedgerRefusal):
    """What has not happened yet earns nothing."""

    code = "date_in_the_future"
    sentence = _("发生日期在今天以后，请核对日期。")


class EarlierMonthsWait(LedgerRefusal):
    """Two earlier months are still open; they are to be closed first."""

    code = "earlier_months_wait"
    sentence = _("前面还有两个月没关账，请先关{month}。")


class NoRuleInForce(LedgerRefusal):
    """The item's rule book was not in force on the day it happened."""

    code = "no_rule_in_force"
    sentence = _("发生那天这个条目的细则没有生效，不能记分。")


class OutsideTheRule(LedgerRefusal):
    """The kind, the sign or the amount is not what the item allows."""

    code = "outside_the_rule"
    sentence = _("分数或加减和细则这一条不符，请核对条目和分值。")


class CapReached(LedgerRefusal):
    """The item's cap for the period is used up."""

    code = "cap_reached"
    sentence = _("这一条本期已经到封顶，不能再加。")


class NotReversible(LedgerRefusal):
    """Only an award or deduction of the same subject is reversed, once, by its opposite."""

    code = "not_reversible"
    sentence = _("这笔不能冲正：只有没冲正过的加分或减分，才能按原户原数冲正一次。")


class NotEnoughPoints(LedgerRefusal):
    """The spendable points do not cover the redemption."""

    code = "not_enough_points"
    sentence = _("可兑积分不够。")


class NotAgreedByTwo(LedgerRefusal):
    """A reversal is entered only while an approval of two persons for it is carried out."""

    code = "not_agreed_by_two"
    sentence = _("冲正要两个人确认：请先提出，再由另一个人同意。")


class MoreThanThereIs(DomainError):
    """More points are to be moved than the household can spend."""

    code = "more_than_there_is"


# SQLSTATE of `ledger_post` (and of PostgreSQL itself) -> refusal
BY_SQLSTATE: dict[str, type[LedgerRefusal]] = {
    "VC101": LedgerStopped,
    "VC102": NoSuchSubject,
    "VC103": SourceReused,
    "VC104": DateInTheFuture,
    "VC105": EarlierMonthsWait,
    "VC106": NoRuleInForce,
    "VC107": OutsideTheRule,
    "VC109": CapReached,
    "VC110": NotReversible,
    "VC111": NotEnoughPoints,
    "VC112": NotAgreedByTwo,
}
