"""Sheets that staff bring in: the file itself, sealed, what was found in it, and the way back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from trail.fields import EncryptedTextField
from trail.scope import ScopedQuerySet
from villages.models import Township, Village


class ImportBatch(models.Model):
    """One uploaded file, from the upload to the result and the undoing of it.

    Only who uploaded it opens it. What it holds of people is sealed and wiped after its time; the
    row with its counts stays.
    """

    class What(models.TextChoices):
        REGISTER = "register", _("农户表")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("对应列")
        MAPPED = "mapped", _("正在检查")
        CHECKED = "checked", _("检查完了，还没导入")
        CONFIRMED = "confirmed", _("正在导入")
        DONE = "done", _("已导入")
        UNDONE = "undone", _("已撤销")
        DROPPED = "dropped", _("不导了")

    OPEN = (State.UPLOADED, State.MAPPED, State.CHECKED)

    what = models.CharField(
        _("导入什么"), max_length=10, choices=What.choices, default=What.REGISTER
    )
    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name=_("乡镇"))
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, related_name="+", verbose_name=_("村")
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("账号"))
    state = models.CharField(
        _("状态"), max_length=10, choices=State.choices, default=State.UPLOADED
    )
    file_name = models.CharField(_("文件名"), max_length=100)
    content = EncryptedTextField(default="", editable=False)
    sha256 = models.BinaryField(_("指纹"))
    size = models.PositiveIntegerField(_("大小"))
    # Which sheet, header rows, columns and fixed values were chosen.
    mapping = models.JSONField(default=dict, editable=False)
    # What was typed over rows of the file, and what was there before the import.
    fixes = EncryptedTextField(default="", editable=False)
    before = EncryptedTextField(default="", editable=False)
    counts = models.JSONField(_("数目"), default=dict)
    # What was found in the file and shown: the import writes that and nothing else.
    plan_digest = models.BinaryField(null=True, editable=False)
    skips_bad_rows = models.BooleanField(_("先导入好的行"), default=False)
    uploaded_at = models.DateTimeField(_("上传时间"))
    checked_at = models.DateTimeField(_("检查时间"), null=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    done_at = models.DateTimeField(_("导入时间"), null=True)
    undo_until = models.DateTimeField(_("撤销截止"), null=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    wiped_at = models.DateTimeField(_("清掉时间"), null=True)

    scope_path = None
    township_path = "township"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["done", "undone"])
                | Q(done_at__isnull=False, undo_until__isnull=False),
                name="%(app_label)s_%(class)s_what_is_done_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(confirmed_at__isnull=False, plan_digest__isnull=False),
                name="%(app_label)s_%(class)s_what_is_confirmed_was_seen",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="hh_importbatch_of_user"),
            models.Index(fields=["township", "sha256"], name="hh_importbatch_same_file"),
        ]

    def __str__(self) -> str:
        return f"IMP-{self.pk}"


class SavedColumns(models.Model):
    """Which column was what under a header that was imported before: proposed when it comes again.

    Of the header only a digest is kept, for a row of people may be taken for one by mistake.
    """

    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name=_("乡镇"))
    header_digest = models.BinaryField(editable=False)
    # The positions of the columns; what was the same in all rows is of that sheet alone.
    columns = models.JSONField(_("对应列"), default=dict)
    saved_at = models.DateTimeField(_("记下时间"))

    scope_path = None
    township_path = "township"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("记下的对应列")
        verbose_name_plural = _("记下的对应列")
        constraints = [
            models.UniqueConstraint(
                fields=["township", "header_digest"],
                name="%(app_label)s_%(class)s_one_of_a_header",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ImportPage(models.Model):
    """One page of what was found in a file, sealed, as it is shown: at most fifty rows."""

    class Tab(models.TextChoices):
        REFUSED = "refused", _("出错")
        CHANGED = "changed", _("更新")
        ADDED = "added", _("新增")
        WARNED = "warned", _("提醒")
        SAME = "same", _("不变")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="+", verbose_name=_("导入"))
    tab = models.CharField(_("哪一类"), max_length=8, choices=Tab.choices)
    number = models.PositiveIntegerField(_("第几页"))
    content = EncryptedTextField(editable=False)

    scope_path = None
    township_path = "batch__township"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入的一页")
        verbose_name_plural = _("导入的各页")
        ordering = ["batch_id", "tab", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "tab", "number"], name="%(app_label)s_%(class)s_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.tab} {self.number}"
