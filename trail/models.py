from django.db import models
from django.utils.translation import gettext_lazy as _

from trail.naming import act, referenced
from trail.scope import ScopedQuerySet


class AuditEvent(models.Model):
    """One act or one refused attempt. Append-only; plain ids, so that it outlives people."""

    at = models.DateTimeField(_("时间"), db_index=True)
    actor = models.CharField(_("谁"), max_length=100)
    role = models.CharField(_("身份"), max_length=40)
    person_id = models.BigIntegerField(_("人员编号"), null=True, db_index=True)
    user_id = models.BigIntegerField(_("账号编号"), null=True)
    what = models.CharField(_("做了什么"), max_length=80, db_index=True)
    about = models.CharField(_("对象"), max_length=120)
    village_id = models.BigIntegerField(_("村编号"), null=True)
    detail = models.JSONField(_("内容"), default=dict)
    request_id = models.CharField(_("请求编号"), max_length=40, blank=True)
    address = models.GenericIPAddressField(_("网络地址"), null=True)

    # Not a foreign key, hence the odd path: `village` + `_id__in`.
    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("留痕记录")
        verbose_name_plural = _("留痕记录")
        db_table_comment = "Audit: who did what, when, to what; digests only; append-only"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["village_id", "-id"], name="trail_auditevent_by_village"),
            models.Index(fields=["about", "-id"], name="trail_auditevent_by_object"),
            models.Index(fields=["request_id"], name="trail_auditevent_by_request"),
        ]

    def __str__(self) -> str:
        return f"{act(self.what)} {referenced(self.about)}"
