from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from accounts.models import Proposal
from trail.naming import loaded
from trail.scope import ScopedQuerySet
from villages.models import Township, Village

_PRESENT_SHARE = F("present") * F("quorum_denominator")
_NEEDED_SHARE = F("members") * F("quorum_numerator")


class RuleBook(models.Model):
    """A version of the points rules of a village, or a township's frame for them.

    Immutable once submitted, in force only after a recorded adoption (I-10 to I-12); the
    database holds both rules.
    """

    class Origin(models.TextChoices):
        ADOPTED = "adopted", _("表决通过")
        TRANSCRIBED = "transcribed", _("照录纸质细则")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("已提交表决")
        IN_FORCE = "in_force", _("生效")
        SUPERSEDED = "superseded", _("已被新版代替")

    village = models.ForeignKey(
        Village, models.PROTECT, null=True, related_name="rule_books", verbose_name=_("村")
    )
    township = models.ForeignKey(
        Township, models.PROTECT, null=True, related_name="+", verbose_name=_("乡镇框架")
    )
    title = models.CharField(_("名称"), max_length=80)
    version = models.PositiveIntegerField(_("版本"))
    origin = models.CharField(
        _("来历"), max_length=12, choices=Origin.choices, default=Origin.ADOPTED
    )
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.DRAFT)
    effective = DateRangeField(_("有效期"), null=True)
    # A transcribed book was in force on paper before this system: who says so, and from what.
    transcribed_by = models.CharField(_("照录人"), max_length=60, blank=True)
    transcribed_from = models.CharField(_("照录依据"), max_length=200, blank=True)

    # What the audit trail calls it; no personal data.
    trail_title = "title"
    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分细则")
        verbose_name_plural = _("积分细则")
        db_table_comment = "Rule version: the rules of a village; fixed once submitted"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(village__isnull=True) ^ Q(township__isnull=True),
                name="%(app_label)s_%(class)s_of_a_village_or_a_township",
            ),
            models.UniqueConstraint(
                fields=["village", "version"], name="%(app_label)s_%(class)s_version_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"]) | Q(effective__isnull=False),
                name="%(app_label)s_%(class)s_in_force_has_dates",
            ),
            models.CheckConstraint(
                condition=~Q(origin="transcribed")
                | (~Q(transcribed_by="") & ~Q(transcribed_from="")),
                name="%(app_label)s_%(class)s_transcribed_names_its_source",
            ),
            ExclusionConstraint(
                expressions=[
                    ("village", RangeOperators.EQUAL),
                    ("effective", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=["in_force", "superseded"]),
                name="%(app_label)s_%(class)s_one_in_force_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Category(models.Model):
    """A category of items, such as 人居环境整治."""

    village = models.ForeignKey(
        Village, models.PROTECT, null=True, related_name="+", verbose_name=_("村")
    )
    rulebook = models.ForeignKey(
        RuleBook, models.CASCADE, related_name="categories", verbose_name=_("细则")
    )
    name = models.CharField(_("类别"), max_length=40)
    position = models.PositiveSmallIntegerField(_("顺序"))

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("类别")
        verbose_name_plural = _("类别")
        db_table_comment = "Category: a heading of a rule version"
        ordering = ["rulebook_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["rulebook", "name"], name="%(app_label)s_%(class)s_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One line of the rules: what earns or costs how many points, how often, shown by what."""

    class List(models.TextChoices):
        POSITIVE = "positive", _("正面清单")
        NEGATIVE = "negative", _("负面清单")
        VETO = "veto", _("一票否决")

    class CapPeriod(models.TextChoices):
        MONTH = "month", _("每月")
        QUARTER = "quarter", _("每季")
        YEAR = "year", _("每年")

    class Route(models.TextChoices):
        DECLARED = "declared", _("村民申报")
        GRID = "grid", _("网格员核实")
        PANEL = "panel", _("评议小组评议")

    class Effect(models.TextChoices):
        SPIRIT = "spirit", _("精神鼓励")
        GOODS = "goods", _("积分兑换")
        BENEFIT = "benefit", _("商户自愿优惠")

    village = models.ForeignKey(
        Village, models.PROTECT, null=True, related_name="+", verbose_name=_("村")
    )
    rulebook = models.ForeignKey(
        RuleBook, models.CASCADE, related_name="items", verbose_name=_("细则")
    )
    category = models.ForeignKey(
        Category, models.CASCADE, related_name="items", verbose_name=_("类别")
    )
    code = models.CharField(_("编号"), max_length=20)
    name = models.CharField(_("条目"), max_length=80)
    list = models.CharField(_("清单"), max_length=10, choices=List.choices)
    low = models.PositiveIntegerField(_("最少分"))
    high = models.PositiveIntegerField(_("最多分"))
    unit = models.CharField(_("单位"), max_length=20, default="次")
    cap_period = models.CharField(
        _("封顶周期"), max_length=8, choices=CapPeriod.choices, blank=True
    )
    cap_times = models.PositiveSmallIntegerField(_("封顶次数"), null=True)
    cap_points = models.PositiveIntegerField(_("封顶分"), null=True)
    evidence = models.CharField(_("要什么证明"), max_length=80, blank=True)
    route = models.CharField(_("谁认定"), max_length=10, choices=Route.choices)
    locked = models.BooleanField(_("镇里统一"), default=False)
    effect = models.CharField(
        _("用途"), max_length=10, choices=Effect.choices, default=Effect.GOODS
    )
    since = models.DateField(_("从哪天起"))
    frame_item_id = models.BigIntegerField(_("框架条目"), null=True)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("条目")
        verbose_name_plural = _("条目")
        db_table_comment = "Item: one thing that gives or takes points, in one rule version"
        ordering = ["rulebook_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rulebook", "code"], name="%(app_label)s_%(class)s_code_once"
            ),
            models.CheckConstraint(
                condition=Q(list="veto", low=0, high=0)
                | (~Q(list="veto") & Q(low__gte=1, high__gte=F("low"), high__lte=1000)),
                name="%(app_label)s_%(class)s_points_have_bounds",
            ),
            models.CheckConstraint(
                condition=Q(cap_period="", cap_times__isnull=True, cap_points__isnull=True)
                | (~Q(cap_period="") & (Q(cap_times__isnull=False) | Q(cap_points__isnull=False))),
                name="%(app_label)s_%(class)s_cap_has_period_and_amount",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Adoption(models.Model):
    """A meeting that adopted a rule book: who met, how many, and by what quorum. Append-only.

    The quorum is data, copied from the rule then in force, because the law is amended (I-11).
    """

    class Body(models.TextChoices):
        REPRESENTATIVES = "representatives", _("村民代表会议")
        ASSEMBLY = "assembly", _("村民会议")

    class Base(models.TextChoices):
        MEMBERS = "members", _("村民代表")
        ADULTS = "adults", _("成年村民")
        HOUSEHOLDS = "households", _("户")

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    rulebook = models.OneToOneField(
        RuleBook, models.PROTECT, related_name="adoption", verbose_name=_("细则")
    )
    body = models.CharField(_("会议"), max_length=16, choices=Body.choices)
    adopted_on = models.DateField(_("开会日期"))
    base = models.CharField(_("按什么算"), max_length=12, choices=Base.choices)
    members = models.PositiveIntegerField(_("应到"))
    present = models.PositiveIntegerField(_("实到"))
    yes = models.PositiveIntegerField(_("同意"))
    no = models.PositiveIntegerField(_("不同意"))
    abstain = models.PositiveIntegerField(_("弃权"))
    quorum_numerator = models.PositiveSmallIntegerField(_("到会比例分子"))
    quorum_denominator = models.PositiveSmallIntegerField(_("到会比例分母"))
    quorum_is_exceeded = models.BooleanField(_("要超过"), default=False)
    law = models.CharField(_("依据"), max_length=120)
    minutes_number = models.CharField(_("会议记录编号"), max_length=60, blank=True)
    # Null: recorded before adoptions took two persons.
    proposal = models.OneToOneField(
        Proposal,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        verbose_name=_("两人审批"),
    )
    # The database's clock, whatever is given.
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by_id = models.BigIntegerField(_("登记人"), null=True)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("表决记录")
        verbose_name_plural = _("表决记录")
        db_table_comment = "Adoption: the counted vote behind a rule version; append-only"
        constraints = [
            models.CheckConstraint(
                condition=Q(present__lte=F("members"))
                & Q(present=F("yes") + F("no") + F("abstain")),
                name="%(app_label)s_%(class)s_votes_add_up",
            ),
            models.CheckConstraint(
                condition=Q(quorum_numerator__gte=1)
                & Q(quorum_denominator__gte=F("quorum_numerator")),
                name="%(app_label)s_%(class)s_quorum_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(GreaterThan(_PRESENT_SHARE, _NEEDED_SHARE))
                | Q(GreaterThanOrEqual(_PRESENT_SHARE, _NEEDED_SHARE), quorum_is_exceeded=False),
                name="%(app_label)s_%(class)s_quorum_was_present",
            ),
            models.CheckConstraint(
                condition=Q(GreaterThan(F("yes") * 2, F("present"))),
                name="%(app_label)s_%(class)s_more_than_half_agreed",
            ),
        ]

    def __str__(self) -> str:
        return f"{loaded(self, 'rulebook') or self.rulebook_id} {self.adopted_on}"
