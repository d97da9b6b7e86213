from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoring.models.ledger import Seal
from trail.fields import SameVillageKey
from trail.scope import ScopedQuerySet
from villages.models import Village


class Month(models.Model):
    """A month of a village's ledger. Its state goes forward only; a closed one stays closed."""

    class Origin(models.TextChoices):
        KEPT = "kept", _("本系统记的")
        TRANSCRIBED = "transcribed", _("照录台账")

    class State(models.TextChoices):
        OPEN = "open", _("记账中")
        CLOSED = "closed", _("已锁定")
        PUBLISHED = "published", _("已公示")
        FINAL = "final", _("已归档")

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="months", verbose_name=_("村")
    )
    month = models.CharField(_("月份"), max_length=7)
    origin = models.CharField(_("来历"), max_length=12, choices=Origin.choices, default=Origin.KEPT)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(_("锁定时间"), null=True)
    closed_by = models.CharField(_("锁定人"), max_length=200, blank=True)
    seal = models.ForeignKey(
        Seal, models.PROTECT, null=True, db_constraint=False, verbose_name=_("封账")
    )
    # What beat has prepared for the two persons; nothing is sealed by it.
    prepared = models.JSONField(_("关账准备"), null=True)

    # What the audit trail calls it; no personal data.
    trail_title = "month"
    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("月份")
        verbose_name_plural = _("月份")
        db_table_comment = "Month of a village: open, locked, on show, final; never reopened"
        ordering = ["village_id", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "month"], name="%(app_label)s_%(class)s_once"
            ),
            models.CheckConstraint(
                condition=Q(month__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$"),
                name="%(app_label)s_%(class)s_is_a_month",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False, seal__isnull=False)),
                name="%(app_label)s_%(class)s_closed_is_sealed",
            ),
        ]

    def __str__(self) -> str:
        return self.month


class Hold(models.Model):
    """A reason why a month cannot be closed, or not yet be final; other apps open holds."""

    class Kind(models.TextChoices):
        CLOSE = "close", _("先办完才能锁定")
        FINAL = "final", _("先办完才能归档")

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    month = SameVillageKey(Month, _("月份"), related_name="holds")
    source = models.CharField(_("来自"), max_length=120)
    kind = models.CharField(_("影响"), max_length=8, choices=Kind.choices)
    reason = models.CharField(_("原因"), max_length=200)
    opened_at = models.DateTimeField(_("提出时间"))
    released_at = models.DateTimeField(_("办完时间"), null=True)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("未办事项")
        verbose_name_plural = _("未办事项")
        db_table_comment = "Hold: what must be settled before a month becomes final"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "source"], name="%(app_label)s_%(class)s_source_once"
            )
        ]

    def __str__(self) -> str:
        return self.source
