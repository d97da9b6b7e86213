"""What became of a household and its people, and what they are found by."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from households.models.members import Member
from households.models.subjects import Subject
from trail.fields import SameVillageKey
from trail.scope import ScopedQuerySet
from villages.models import Village


class FileChange(models.Model):
    """One event of a file's life; append-only, and without a name: people can be erased."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("建档")
        RENUMBERED = "renumbered", _("换组或换户号")
        SPLIT = "split", _("分户")
        MERGED = "merged", _("并户")
        JOINED = "joined", _("成员迁入")
        MOVED = "moved", _("成员换户")
        LEFT = "left", _("迁出")
        RETURNED = "returned", _("迁回")
        DECEASED = "deceased", _("去世")
        HEAD = "head", _("换户主")
        CLOSED = "closed", _("销户")
        REOPENED = "reopened", _("恢复")
        CORRECTED = "corrected", _("改资料")
        CONSENT = "consent", _("同意或撤回")
        ERASED = "erased", _("删除个人资料")

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    subject = SameVillageKey(Subject, _("主体"), related_name="changes")
    other = SameVillageKey(Subject, _("另一户"), null=True)
    member = SameVillageKey(Member, _("成员"), null=True)
    kind = models.CharField(_("什么事"), max_length=12, choices=Kind.choices)
    happened_on = models.DateField(_("哪天"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("档案变动")
        verbose_name_plural = _("档案变动")
        ordering = ["village_id", "-id"]
        indexes = [
            models.Index(fields=["village", "subject", "-id"], name="hh_change_of_subject"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class SubjectSearch(models.Model):
    """What a file is found by: the names on it, spelt alike, in pinyin and by initials."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    subject = SameVillageKey(Subject, _("主体"))
    member = SameVillageKey(Member, _("成员"), null=True)
    key = models.CharField(_("写法"), max_length=60)
    pinyin = models.CharField(_("拼音"), max_length=200, blank=True)
    initials = models.CharField(_("首字母"), max_length=60, blank=True)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("查找词")
        verbose_name_plural = _("查找词")
        ordering = ["village_id", "subject_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "subject", "member"],
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_once_each",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "initials"], name="hh_search_by_initials"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
