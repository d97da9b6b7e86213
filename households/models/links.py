"""A one-time link with which somebody away fills in one form of the own household."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from households.models.collection import CollectionForm, CollectionRound
from households.models.subjects import Subject
from trail.fields import SameVillageKey
from trail.scope import ScopedQuerySet
from villages.models import Person, Village


class ReportLink(models.Model):
    """Who has the address fills in this form for this household, once, until a day.

    The address itself is not kept, only a digest of its secret.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    subject = SameVillageKey(Subject, _("农户"))
    form = models.ForeignKey(
        CollectionForm, models.PROTECT, related_name="+", verbose_name=_("采集表")
    )
    round = models.ForeignKey(
        CollectionRound, models.PROTECT, null=True, related_name="+", verbose_name=_("采集轮次")
    )
    secret_digest = models.BinaryField(unique=True, editable=False)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("谁发的"))
    made_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("有效到"))
    used_at = models.DateTimeField(_("填好时间"), null=True)
    void_at = models.DateTimeField(_("作废时间"), null=True)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("填表链接")
        verbose_name_plural = _("填表链接")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")),
                name="%(app_label)s_%(class)s_ends_after_it_is_made",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(void_at__isnull=True),
                name="%(app_label)s_%(class)s_used_or_void",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
