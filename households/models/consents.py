"""What people agreed to, for what, and when they took it back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from households.models.channels import Channel
from households.models.members import Member
from households.models.subjects import Subject
from trail.fields import SameVillageKey
from trail.scope import ScopedQuerySet
from villages.models import Village


class Consent(models.Model):
    """One consent for one purpose; taking it back ends the row, a new one begins another."""

    class Purpose(models.TextChoices):
        FILE = "file", _("建档采集")
        PUBLISH_MASKED = "publish_masked", _("公示隐名")
        PUBLISH_NAME = "publish_name", _("公示真名")
        PHOTO = "photo", _("拍照留存")
        GUARDIAN = "guardian", _("监护人同意未满14周岁")

    class GivenBy(models.TextChoices):
        SELF = "self", _("本人")
        HEAD = "head", _("户主")
        GUARDIAN = "guardian", _("监护人")

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    subject = SameVillageKey(Subject, _("主体"), related_name="consents")
    member = SameVillageKey(Member, _("成员"), null=True, related_name="consents")
    purpose = models.CharField(_("用途"), max_length=16, choices=Purpose.choices)
    channel = models.CharField(_("方式"), max_length=8, choices=Channel.choices)
    given_by = models.CharField(_("谁同意的"), max_length=10, choices=GivenBy.choices)
    given_on = models.DateField(_("同意日期"))
    recorded_at = models.DateTimeField(_("登记时间"))
    withdrawn_on = models.DateField(_("撤回日期"), null=True)
    withdrawn_at = models.DateTimeField(_("登记撤回时间"), null=True)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("同意")
        verbose_name_plural = _("同意")
        ordering = ["village_id", "subject_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "subject", "member", "purpose"],
                condition=Q(withdrawn_on__isnull=True),
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_at__isnull=True)
                | Q(withdrawn_on__gte=F("given_on"), withdrawn_at__isnull=False),
                name="%(app_label)s_%(class)s_is_taken_back_after_it_was_given",
            ),
            models.CheckConstraint(
                condition=~Q(purpose="guardian") | Q(member__isnull=False, given_by="guardian"),
                name="%(app_label)s_%(class)s_guardian_speaks_for_a_member",
            ),
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()
