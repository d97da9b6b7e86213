"""Who keeps in touch with which household, and the visits made. No track, no check-in."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from households.models.channels import Channel
from households.models.subjects import Subject
from trail.fields import SameVillageKey
from trail.scope import ScopedQuerySet
from villages.models import Person, Village


class VisitDuty(models.Model):
    """A person keeps in touch with a household: 1+10 each month, or an inspection until a day."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("每月回访")
        INSPECTION = "inspection", _("半年督查")

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    subject = SameVillageKey(Subject, _("农户"), related_name="visit_duties")
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="visit_duties", verbose_name=_("联系人")
    )
    kind = models.CharField(_("走访"), max_length=10, choices=Kind.choices)
    from_on = models.DateField(_("开始"))
    to_on = models.DateField(_("截止"), null=True)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("联系户")
        verbose_name_plural = _("联系户")
        ordering = ["village_id", "person_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="%(app_label)s_%(class)s_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(kind="inspection") | Q(to_on__isnull=False),
                name="%(app_label)s_%(class)s_inspection_has_a_last_day",
            ),
            models.UniqueConstraint(
                fields=["village", "subject", "kind", "from_on"],
                name="%(app_label)s_%(class)s_once_from_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "kind"], name="hh_duty_of_person"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Visit(models.Model):
    """Somebody called on a household; under the number (UUID) the phone gave it."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    subject = SameVillageKey(Subject, _("农户"), related_name="visits")
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="visits", verbose_name=_("走访人")
    )
    uuid = models.UUIDField(_("记录编号"))
    kind = models.CharField(_("走访"), max_length=10, choices=VisitDuty.Kind.choices)
    visited_on = models.DateField(_("走访日期"))
    channel = models.CharField(_("方式"), max_length=8, choices=Channel.choices)
    changed = models.BooleanField(_("情况有变化"), default=False)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    attachments = models.JSONField(_("照片"), default=list)
    recorded_at = models.DateTimeField(_("登记时间"))

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访")
        verbose_name_plural = _("走访")
        ordering = ["village_id", "-visited_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "uuid"], name="%(app_label)s_%(class)s_once"
            ),
            models.CheckConstraint(
                condition=Q(changed=False) | ~Q(note=""),
                name="%(app_label)s_%(class)s_change_is_told",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "subject", "-visited_on"], name="hh_visit_of_subject"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
