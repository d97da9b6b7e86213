from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from trail.fields import EncryptedTextField
from trail.naming import loaded
from trail.scope import ScopedQuerySet


class Township(models.Model):
    """A town or township with the 9-digit code of the statistics bureau."""

    code = models.CharField(_("乡镇代码"), max_length=9, unique=True)
    name = models.CharField(_("乡镇"), max_length=40)
    county = models.CharField(_("县区"), max_length=40)
    city = models.CharField(_("市"), max_length=40)
    province = models.CharField(_("省"), max_length=40)

    # What the audit trail calls it; no personal data.
    trail_title = "name"
    scope_path = None
    township_path = ""
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("乡镇")
        verbose_name_plural = _("乡镇")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Village(models.Model):
    """A village or community with its 12-digit code and the slug of its public address."""

    class Kind(models.TextChoices):
        VILLAGE = "village", _("村")
        COMMUNITY = "community", _("社区")

    class Stage(models.TextChoices):
        PREPARING = "preparing", _("筹备")
        RUNNING = "running", _("运行")
        MERGED = "merged", _("已并入别的村")

    township = models.ForeignKey(
        Township, models.PROTECT, related_name="villages", verbose_name=_("乡镇")
    )
    code = models.CharField(_("村代码"), max_length=12, unique=True)
    name = models.CharField(_("村"), max_length=40)
    official_name = models.CharField(_("登记名称"), max_length=60)
    slug = models.SlugField(_("网址名"), max_length=80, unique=True)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices, default=Kind.VILLAGE)
    stage = models.CharField(
        _("阶段"), max_length=12, choices=Stage.choices, default=Stage.PREPARING
    )
    phone = models.CharField(_("村委会电话"), max_length=30, blank=True)
    # Its files went there; its old months, notices and codes stay where they are.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("并入")
    )
    # Only what the village adopted is shown: none unless it says so.
    honour_rows = models.PositiveSmallIntegerField(_("红榜公布前几名"), default=0)

    # What the audit trail calls it; no personal data.
    trail_title = "name"
    scope_path = ""
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("村")
        verbose_name_plural = _("村")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="merged", merged_into__isnull=False)
                | (~Q(stage="merged") & Q(merged_into__isnull=True)),
                name="%(app_label)s_%(class)s_merged_is_merged_into_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A part of a village: villagers' group, grid, micro-grid or service area."""

    class Kind(models.TextChoices):
        GROUP = "group", _("村民小组")
        GRID = "grid", _("网格")
        MICRO_GRID = "micro_grid", _("微网格")
        SERVICE_AREA = "service_area", _("服务区")

    village = models.ForeignKey(Village, models.PROTECT, related_name="units", verbose_name=_("村"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("上级片区")
    )
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=40)
    # Joined into another or empty for good; its name is free again (see `closed_name`).
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("片区")
        verbose_name_plural = _("片区")
        ordering = ["village_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "kind", "name"], name="%(app_label)s_%(class)s_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Someone who holds posts or logs in; villagers' files are in `households`.

    Not under row-level security: log-in comes before scope.
    """

    name = models.CharField(_("姓名"), max_length=60)
    phone = EncryptedTextField(_("电话"), default="", blank=True)
    id_hmac = models.BinaryField(_("证件查找码"), null=True, unique=True, editable=False)
    # Whoever staffs that township finds the person before there is a posting.
    added_in = models.ForeignKey(
        Township, models.PROTECT, null=True, editable=False, verbose_name=_("登记的乡镇")
    )

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post that people hold; its role decides what they may do (`accounts/roles.py`)."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("职务"), max_length=40)

    class Meta:
        verbose_name = _("职务")
        verbose_name_plural = _("职务")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class WorkGroup(models.Model):
    """A named group of postings: review, deliberation, supervision group or work group."""

    class Kind(models.TextChoices):
        REVIEW = "review", _("评议小组")
        DELIBERATION = "deliberation", _("审议小组")
        SUPERVISION = "supervision", _("监督小组")
        WORK = "work", _("工作组")

    township = models.ForeignKey(
        Township, models.PROTECT, related_name="work_groups", verbose_name=_("乡镇")
    )
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, blank=True, verbose_name=_("村")
    )
    kind = models.CharField(_("类型"), max_length=14, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=60)

    scope_path = None
    township_path = "township"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作小组")
        verbose_name_plural = _("工作小组")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "name"], name="%(app_label)s_%(class)s_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Posting(models.Model):
    """A person holds a post in a township, village or unit, from one day to another."""

    class Route(models.TextChoices):
        SELF = "self", _("自荐")
        ASSIGNED = "assigned", _("组织指定")
        SENT = "sent", _("下派")
        RECOMMENDED = "recommended", _("组织推荐")
        ELECTED = "elected", _("选举")

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="postings", verbose_name=_("人员")
    )
    post = models.ForeignKey(Post, models.PROTECT, verbose_name=_("职务"))
    township = models.ForeignKey(
        Township, models.PROTECT, related_name="postings", verbose_name=_("乡镇")
    )
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, blank=True, verbose_name=_("村")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("片区"))
    group = models.ForeignKey(
        WorkGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="postings",
        verbose_name=_("工作小组"),
    )
    route = models.CharField(
        _("产生方式"), max_length=12, choices=Route.choices, default=Route.ASSIGNED
    )
    qualification = models.CharField(_("资格"), max_length=60, blank=True)
    from_on = models.DateField(_("开始"))
    to_on = models.DateField(_("结束"), null=True, blank=True)
    # Ended at that moment, before its last day; it gives nothing from the next request on.
    ended_at = models.DateTimeField(_("提前结束"), null=True, editable=False)
    deputy_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("代替谁")
    )

    scope_path = None
    township_path = "township"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="%(app_label)s_%(class)s_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(village__isnull=False),
                name="%(app_label)s_%(class)s_unit_lies_in_a_village",
            ),
            models.CheckConstraint(
                condition=Q(deputy_of__isnull=True) | Q(to_on__isnull=False),
                name="%(app_label)s_%(class)s_deputy_has_a_last_day",
            ),
        ]

    def __str__(self) -> str:
        who, what = loaded(self, "person"), loaded(self, "post")
        return f"{who} {what}".strip() or _("任职%(number)s号") % {"number": self.pk}

    def is_over(self, on: date) -> bool:
        """Whether it gives its role no more."""
        return self.ended_at is not None or (self.to_on is not None and self.to_on < on)

    def is_in_force(self, on: date) -> bool:
        """Whether it gives its role on that day."""
        return self.from_on <= on and not self.is_over(on)


class CalendarRule(models.Model):
    """When a township's months are closed and how long notices run; defaults in `domain.md` §3."""

    township = models.OneToOneField(
        Township, models.PROTECT, related_name="calendar", verbose_name=_("乡镇")
    )
    close_day = models.PositiveSmallIntegerField(_("每月几号备关账"), default=1)
    notice_days = models.PositiveSmallIntegerField(_("公示天数"), default=7)
    answer_days = models.PositiveSmallIntegerField(_("答复天数"), default=10)

    scope_path = None
    township_path = "township"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("日历规则")
        verbose_name_plural = _("日历规则")
        constraints = [
            models.CheckConstraint(
                condition=Q(close_day__range=(1, 28)),
                name="%(app_label)s_%(class)s_close_day_is_in_every_month",
            ),
            models.CheckConstraint(
                condition=Q(notice_days__gte=3),
                name="%(app_label)s_%(class)s_notice_runs_three_days",
            ),
        ]

    def __str__(self) -> str:
        return loaded(self, "township") or f"{self.township_id}"
