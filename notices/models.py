import json
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import DateField, ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _

from trail.fields import SameVillageKey
from trail.scope import ScopedQuerySet
from villages.models import Village

# The visible period covers its first and last day, so two days between them are three on the wall.
LEAST_DAYS = 3


class Notice(models.Model):
    """One published document. Its facts are fixed from the draft on; only its state moves.

    Nothing goes back and nothing is removed: a mistake is answered by a notice that `corrects`
    this one. The database refuses everything else (`vc_guard.notice_stands`).
    """

    class Kind(models.TextChoices):
        POINTS = "points", _("积分")
        STAR = "star", _("星级")
        REVIEW = "review", _("评议会")
        RULE = "rule", _("规则")
        SHOP = "shop", _("超市")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        APPROVED = "approved", _("等发布")
        PUBLISHED = "published", _("已发布")

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="notices", verbose_name=_("村")
    )
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    number = models.CharField(_("公示编号"), max_length=40)
    month = models.CharField(_("月份"), max_length=7, null=True)  # noqa: DJ001 (no month is no value)
    title = models.CharField(_("标题"), max_length=120)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("更正哪一份"),
    )
    publish_on = models.DateField(_("公示开始"), null=True)
    until_on = models.DateField(_("公示结束"), null=True)
    label_version = models.PositiveIntegerField(_("隐名版本"), default=0)
    created_at = models.DateTimeField(_("起草时间"))
    published_at = models.DateTimeField(_("发布时间"), null=True)

    # What the audit trail calls it; no personal data.
    trail_title = "number"
    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("公示")
        verbose_name_plural = _("公示")
        db_table_comment = "Notice: when and where a document is on show, and its digest"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "number"], name="%(app_label)s_%(class)s_number_once"
            ),
            # Together: an unbroken line of corrections, so exactly one notice is current.
            models.UniqueConstraint(
                fields=["village", "month", "kind"],
                condition=Q(corrects__isnull=True),
                name="%(app_label)s_%(class)s_one_original_a_month",
            ),
            models.UniqueConstraint(
                fields=["village", "corrects"], name="%(app_label)s_%(class)s_corrected_once"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", publish_on__isnull=True, until_on__isnull=True)
                | Q(~Q(state="draft"), publish_on__isnull=False, until_on__isnull=False),
                name="%(app_label)s_%(class)s_has_period_once_approved",
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | Q(~Q(state="published"), published_at__isnull=True),
                name="%(app_label)s_%(class)s_published_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    until_on__gte=ExpressionWrapper(
                        F("publish_on") + timedelta(days=LEAST_DAYS - 1), output_field=DateField()
                    )
                ),
                name="%(app_label)s_%(class)s_runs_three_days",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-publish_on", "-id"],
                condition=Q(state="published"),
                name="notices_notice_newest",
            ),
            models.Index(
                fields=["publish_on"],
                condition=Q(state="approved"),
                name="notices_notice_due",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class NoticeBody(models.Model):
    """What is sealed: canonical JSON without any name, its digest, and the code on paper."""

    notice = models.OneToOneField(
        Notice, models.PROTECT, related_name="body", verbose_name=_("公示")
    )
    # Text, not jsonb: the digest is over these bytes and jsonb would write them anew.
    canonical = models.TextField(_("封存内容"))
    content_sha256 = models.BinaryField(_("内容指纹"))
    seal_root = models.BinaryField(_("封账指纹"), default=b"")
    short_code = models.CharField(_("核对码"), max_length=12, unique=True)

    scope_path = "notice__village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("公示内容")
        verbose_name_plural = _("公示内容")
        db_table_comment = "Notice body: the frozen content, without names; append-only"

    def __str__(self) -> str:
        return self.short_code

    @property
    def content(self) -> dict[str, Any]:
        """The sealed facts."""
        facts: dict[str, Any] = json.loads(self.canonical)
        return facts


class NoticeLabel(models.Model):
    """How one row's household is shown: its masked name, or '' for the code alone. Not sealed."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    # Checked once, by the reference to (village, notice) that the migration adds.
    notice = SameVillageKey(Notice, _("公示"), related_name="labels")
    subject_key = models.CharField(_("户码"), max_length=64)
    label = models.CharField(_("隐名"), max_length=60, blank=True)
    unit = models.CharField(_("小组"), max_length=40)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("公示隐名")
        verbose_name_plural = _("公示隐名")
        db_table_comment = "Notice label: the masked name beside a row, outside the digest"
        constraints = [
            models.UniqueConstraint(
                fields=["village", "notice", "subject_key"],
                name="%(app_label)s_%(class)s_one_per_row",
            ),
            models.CheckConstraint(
                condition=Q(label="") | Q(label="（未登记）") | Q(label__contains="*"),
                name="%(app_label)s_%(class)s_shows_no_full_name",
            ),
        ]

    def __str__(self) -> str:
        return self.subject_key
