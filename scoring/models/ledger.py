"""The ledger's tables. Nothing here is written through the ORM: `ledger_post` is the one way in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from households.models import Subject
from scoring.models.rulebooks import Category, Item, RuleBook
from trail.fields import SameVillageKey
from trail.naming import loaded
from trail.scope import ScopedQuerySet
from villages.models import Village


class Entry(models.Model):
    """One fact of the ledger. Append-only; references are composite, inside the village.

    The plain foreign keys carry no constraint of their own: the migration adds
    (village_id, x_id) references instead, so each is checked once.
    """

    class Kind(models.TextChoices):
        AWARD = "award", _("加分")
        DEDUCTION = "deduction", _("减分")
        REVERSAL = "reversal", _("冲正")
        REDEMPTION = "redemption", _("兑换")
        REDEMPTION_RETURN = "redemption_return", _("兑换退回")
        TRANSFER_OUT = "transfer_out", _("转出")
        TRANSFER_IN = "transfer_in", _("转入")
        CARRY_IN = "carry_in", _("结转")
        EXPIRY = "expiry", _("到期")

    village = models.ForeignKey(
        Village,
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("村"),
    )
    subject = SameVillageKey(Subject, _("主体"), related_name="entries", db_index=False)
    kind = models.CharField(_("类型"), max_length=18, choices=Kind.choices)
    points = models.IntegerField(_("分"))
    category = SameVillageKey(Category, _("类别"), null=True, db_index=False)
    item = SameVillageKey(Item, _("条目"), null=True, db_index=False)
    rulebook = SameVillageKey(RuleBook, _("细则"), null=True, db_index=False)
    occurred_on = models.DateField(_("发生日期"))
    month = models.CharField(_("记账月份"), max_length=7)
    source = models.CharField(_("来源"), max_length=160)
    reverses = SameVillageKey(
        "self", _("冲正哪一笔"), null=True, related_name="reversals", db_index=False
    )
    recorded_at = models.DateTimeField(_("记账时间"))
    recorded_by_id = models.BigIntegerField(_("记账人"), null=True)
    digest = models.BinaryField(_("指纹"))

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("记账")
        verbose_name_plural = _("积分账本")
        db_table_comment = "Ledger: an award, deduction, reversal or redemption; append-only"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "source"], name="%(app_label)s_%(class)s_source_once"
            ),
            models.UniqueConstraint(
                fields=["village", "reverses"], name="%(app_label)s_%(class)s_reversed_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(points=0), name="%(app_label)s_%(class)s_points_not_zero"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="reversal", reverses__isnull=False)
                | (~models.Q(kind="reversal") & models.Q(reverses__isnull=True)),
                name="%(app_label)s_%(class)s_reversal_names_its_entry",
            ),
            models.CheckConstraint(
                condition=models.Q(item__isnull=True, category__isnull=True, rulebook__isnull=True)
                | models.Q(item__isnull=False, category__isnull=False, rulebook__isnull=False),
                name="%(app_label)s_%(class)s_item_has_category_and_book",
            ),
        ]
        indexes = [
            models.Index(
                fields=["village", "subject", "occurred_on"], name="scoring_entry_by_subject"
            ),
            models.Index(fields=["village", "month"], name="scoring_entry_by_month"),
        ]

    def __str__(self) -> str:
        return _("第%(number)s笔") % {"number": self.pk}


class Balance(models.Model):
    """Running totals of a subject, folded by `ledger_post` and recomputable from the entries."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("村")
    )
    subject = SameVillageKey(Subject, _("主体"), related_name="balances", db_index=False)
    gross = models.BigIntegerField(_("累计加分"))
    earned = models.BigIntegerField(_("累计积分"))
    spendable = models.BigIntegerField(_("可兑积分"))

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分余额")
        verbose_name_plural = _("积分余额")
        db_table_comment = "Balance: sums of a subject, written by ledger_post with each entry"
        constraints = [
            models.UniqueConstraint(
                fields=["village", "subject"], name="%(app_label)s_%(class)s_once_per_subject"
            ),
            models.CheckConstraint(
                condition=models.Q(gross__range=(0, 10**9), spendable__range=(-(10**9), 10**9)),
                name="%(app_label)s_%(class)s_is_bounded",
            ),
        ]

    def __str__(self) -> str:
        return loaded(self, "subject") or f"{self.subject_id}"


class MonthlyTotal(models.Model):
    """Points of a subject in a month and category, less their reversals; `spent` is the rest."""

    village = models.ForeignKey(
        Village,
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("村"),
    )
    subject = SameVillageKey(Subject, _("主体"), db_index=False)
    month = models.CharField(_("月份"), max_length=7)
    category = SameVillageKey(Category, _("类别"), null=True, db_index=False)
    plus = models.BigIntegerField(_("加分"))
    minus = models.BigIntegerField(_("减分"))
    spent = models.BigIntegerField(_("兑换和其他"))
    entries = models.PositiveIntegerField(_("笔数"))

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("月合计")
        verbose_name_plural = _("月合计")
        db_table_comment = "Monthly total: sums of a subject and month, written with each entry"
        constraints = [
            models.UniqueConstraint(
                fields=["village", "month", "subject", "category"],
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_once",
            )
        ]

    def __str__(self) -> str:
        return f"{loaded(self, 'subject') or self.subject_id} {self.month}"


class Seal(models.Model):
    """A fingerprint over a village's ledger up to an entry. Append-only, numbered without gaps.

    `leaf_ids` and `leaves` keep the ids and the 32-byte digests since the seal before, `peaks`
    the state of the tree, so that the next seal reads the new entries only.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="seals", verbose_name=_("村"))
    number = models.PositiveIntegerField(_("序号"))
    upto_id = models.BigIntegerField(_("封到哪一笔"))
    count = models.BigIntegerField(_("笔数"))
    root = models.BinaryField(_("根"))
    prev_root = models.BinaryField(_("上一个根"))
    leaf_ids = ArrayField(models.BigIntegerField(), verbose_name=_("笔号"))
    leaves = models.BinaryField(_("叶"))
    peaks = models.BinaryField(_("峰"))
    at = models.DateTimeField(_("封账时间"))

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("封账")
        verbose_name_plural = _("封账")
        db_table_comment = "Seal: Merkle root of the entries of a village up to an id; append-only"
        ordering = ["village_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "number"], name="%(app_label)s_%(class)s_number_once"
            )
        ]

    def __str__(self) -> str:
        return _("第%(number)s次封账") % {"number": self.number}


class LedgerState(models.Model):
    """A village whose ledger was found broken takes no entries until supervision has signed."""

    village = models.OneToOneField(
        Village, models.PROTECT, related_name="ledger_state", verbose_name=_("村")
    )
    broken_at = models.DateTimeField(_("发现时间"), null=True)
    problem = models.CharField(_("问题"), max_length=300, blank=True)
    signed_at = models.DateTimeField(_("签字时间"), null=True)
    signed_by_id = models.BigIntegerField(_("签字人"), null=True)
    reason = models.CharField(_("签字说明"), max_length=300, blank=True)
    # A break is never mended, so it is found each night: what was signed stops nothing again.
    problems = models.JSONField(_("查出的问题"), default=list, blank=True)
    accepted = models.JSONField(_("签过字的问题"), default=list, blank=True)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("账本状态")
        verbose_name_plural = _("账本状态")
        db_table_comment = "State of a ledger: open, or broken and who signed for it"

    def __str__(self) -> str:
        return loaded(self, "village") or f"{self.village_id}"

    @property
    def stopped(self) -> bool:
        """Whether a break was found that nobody has signed."""
        return self.broken_at is not None and self.signed_at is None


class TranscribedLine(models.Model):
    """What a paper book says of an entry beyond the ledger's facts; erasable, so outside it."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    source = models.CharField(_("来源"), max_length=160)
    handled_by = models.CharField(_("经办人"), max_length=60, blank=True)
    confirmed_how = models.CharField(_("认定方式"), max_length=40, blank=True)
    goods = models.CharField(_("物品"), max_length=60, blank=True)
    quantity = models.PositiveIntegerField(_("数量"), null=True)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("照录行")
        verbose_name_plural = _("照录行")
        db_table_comment = "Transcribed line: what the paper said beside an imported entry"
        constraints = [
            models.UniqueConstraint(
                fields=["village", "source"], name="%(app_label)s_%(class)s_source_once"
            )
        ]

    def __str__(self) -> str:
        return self.source
