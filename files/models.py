from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from trail.fields import EncryptedTextField
from trail.scope import ScopedQuerySet
from villages.models import Township, Village


class Export(models.Model):
    """A file that somebody asked for, why, and the file itself, sealed, until it is wiped.

    Only who asked for it reads it. It is kept in the database, which is private, so that a second
    machine has it too; a week later nothing is left of it but this row.
    """

    class What(models.TextChoices):
        REGISTER = "register", _("农户名册")
        LEDGER = "ledger", _("一个月的记账")
        AUDIT = "audit", _("一个月的留痕")

    class Form(models.TextChoices):
        XLSX = "xlsx", _("Excel表")
        CSV = "csv", _("CSV文件")

    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name=_("乡镇"))
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, related_name="+", verbose_name=_("村")
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("账号"))
    what = models.CharField(_("导出什么"), max_length=10, choices=What.choices)
    month = models.CharField(_("月份"), max_length=7, blank=True)
    form = models.CharField(_("文件"), max_length=4, choices=Form.choices)
    full = models.BooleanField(_("完整号码"), default=False)
    reason = models.CharField(_("为什么要完整号码"), max_length=20, blank=True)
    purpose = models.CharField(_("用途"), max_length=100)
    persons = models.PositiveIntegerField(_("涉及多少人"))
    asked_at = models.DateTimeField(_("提出时间"))
    started_at = models.DateTimeField(_("开始时间"), null=True)
    made_at = models.DateTimeField(_("做好时间"), null=True)
    expires_at = models.DateTimeField(_("保留到"), null=True, db_index=True)
    content = EncryptedTextField(default="", editable=False)
    sha256 = models.BinaryField(_("指纹"), null=True)
    size = models.PositiveIntegerField(_("大小"), default=0)
    downloads = models.PositiveSmallIntegerField(_("下载次数"), default=0)

    scope_path = None
    township_path = "township"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("导出")
        verbose_name_plural = _("导出")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(purpose=""), name="%(app_label)s_%(class)s_has_a_purpose"
            ),
            models.CheckConstraint(
                condition=Q(full=False) | ~Q(reason=""),
                name="%(app_label)s_%(class)s_full_numbers_have_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True)
                | Q(expires_at__isnull=False, sha256__isnull=False),
                name="%(app_label)s_%(class)s_what_is_made_expires",
            ),
        ]

    def __str__(self) -> str:
        return _("%(what)s %(number)s号") % {"what": self.get_what_display(), "number": self.pk}


class Attachment(models.Model):
    """A photo under its SHA-256. Its bytes lie in ATTACHMENTS_DIR, never in the database.

    `got` bytes of `size` have arrived. What is stored has an original, kept as evidence, and a
    copy without EXIF for whoever may look at it.
    """

    class State(models.TextChoices):
        PARTIAL = "partial", _("传了一半")
        STORED = "stored", _("已存好")
        REFUSED = "refused", _("不能收")

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    sha256 = models.CharField(_("指纹"), max_length=64)
    size = models.PositiveIntegerField(_("大小"))
    got = models.PositiveIntegerField(_("已传"), default=0)
    media_type = models.CharField(_("格式"), max_length=20, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.PARTIAL)
    reason = models.CharField(_("说明"), max_length=100, blank=True)
    begun_at = models.DateTimeField(_("开始时间"))
    stored_at = models.DateTimeField(_("存好时间"), null=True)
    # Nobody's log-in when the household itself sent it.
    sent_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("账号")
    )

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("照片")
        verbose_name_plural = _("照片")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["village", "sha256"], name="%(app_label)s_%(class)s_once_in_a_village"
            ),
            models.CheckConstraint(
                condition=Q(got__lte=models.F("size")),
                name="%(app_label)s_%(class)s_no_more_arrives_than_it_is",
            ),
            models.CheckConstraint(
                condition=~Q(state="stored")
                | (Q(stored_at__isnull=False, got=models.F("size")) & ~Q(media_type="")),
                name="%(app_label)s_%(class)s_stored_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""),
                name="%(app_label)s_%(class)s_refused_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
