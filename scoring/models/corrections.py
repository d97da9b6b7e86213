from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Proposal
from notices.models import Notice
from scoring.models.months import Month
from trail.fields import SameVillageKey
from trail.naming import loaded
from trail.scope import ScopedQuerySet
from villages.models import Village


class Correction(models.Model):
    """What one person says was wrong in a closed month. Append-only: it never changes.

    It is done once its proposal is consumed; its notice is then the one that corrects `corrects`.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    month = SameVillageKey(Month, _("月份"), related_name="corrections")
    corrects = SameVillageKey(Notice, _("更正哪一份"))
    proposal = models.OneToOneField(
        Proposal,
        models.PROTECT,
        related_name="correction",
        db_constraint=False,
        verbose_name=_("两人审批"),
    )
    reason = models.CharField(_("理由"), max_length=200)
    # [[entry, points without their sign or null], …] in the order of the entries
    changes = models.JSONField(_("改哪几笔"))

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("更正")
        verbose_name_plural = _("更正")
        db_table_comment = "Correction: what changed about a closed month, and why; append-only"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="%(app_label)s_%(class)s_has_its_reason"
            )
        ]

    def __str__(self) -> str:
        return _("%(month)s的更正") % {"month": loaded(self, "month") or self.pk}
