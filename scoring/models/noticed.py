from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from notices.models import Notice
from trail.scope import ScopedQuerySet
from villages.models import Village


class NoticedHouseholds(models.Model):
    """Which household each row of a sealed notice was, whatever it is called since. Append-only.

    A notice seals group and number; a group may be renamed, a household may move. The ids stand in
    the order of the rows; 0 where nobody could say.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    notice = models.OneToOneField(
        Notice, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("公示")
    )
    subject_ids = ArrayField(models.BigIntegerField(), verbose_name=_("主体"))

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("公示里的户")
        verbose_name_plural = _("公示里的户")

    def __str__(self) -> str:
        return f"{self.notice_id}"
