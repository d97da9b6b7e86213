from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jobs.naming import kind_in_words, object_in_words
from trail.scope import Scope, ScopedQuerySet
from villages.models import Township, Village


class JobQuerySet(ScopedQuerySet["Job"]):
    """Reaches jobs of a village by the village, those of a whole township by the township."""

    def within(self, scope: Scope, action: str) -> Self:
        """Rows of the villages, or of the townships as a whole, where `scope` allows `action`."""
        return self.filter(
            Q(village_id__in=scope.village_ids(action))
            | Q(township_id__in=scope.township_ids(action))
        )


class Job(models.Model):
    """Work that must happen. This row is the truth; a Celery message is only a hint."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("没做成")
        CANCELLED = "cancelled", _("已停止")

    kind = models.CharField(_("任务"), max_length=60)
    key = models.CharField(_("对象"), max_length=120)
    village = models.ForeignKey(Village, models.PROTECT, null=True, verbose_name=_("村"))
    # Of work about a township as a whole, which has no village.
    township = models.ForeignKey(
        Township, models.PROTECT, null=True, related_name="+", verbose_name=_("乡镇")
    )
    payload = models.JSONField(_("参数"), default=dict)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(_("最早开始"))
    done = models.PositiveIntegerField(_("已做"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    fence = models.PositiveIntegerField(_("第几次"), default=0)
    failures = models.PositiveSmallIntegerField(_("失败次数"), default=0)
    lease_until = models.DateTimeField(_("占用到"), null=True)
    result = models.JSONField(_("结果"), default=dict)
    error = models.CharField(_("原因"), max_length=300, blank=True)
    asked_by = models.CharField(_("谁要的"), max_length=100)
    asked_at = models.DateTimeField(_("提出时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    scope_path = "village"
    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=F("total")),
                name="%(app_label)s_%(class)s_done_at_most_total",
            ),
            models.CheckConstraint(
                condition=Q(village__isnull=True) | Q(township__isnull=True),
                name="%(app_label)s_%(class)s_of_a_village_or_of_a_township",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["waiting", "running"]),
                name="jobs_job_open_by_due_time",
            )
        ]

    def __str__(self) -> str:
        return f"{kind_in_words(self.kind)} {object_in_words(self.key)}"


class Receipt(models.Model):
    """A request that was answered: the same key with the same body gets the same reply."""

    actor = models.CharField(_("谁"), max_length=80)
    key = models.CharField(_("请求编号"), max_length=80)
    body_sha256 = models.BinaryField(_("内容指纹"))
    status = models.PositiveSmallIntegerField(_("结果码"))
    reply = models.JSONField(_("答复"))
    at = models.DateTimeField(_("时间"), db_index=True)

    class Meta:
        verbose_name = _("回执")
        verbose_name_plural = _("回执")
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "key"], name="%(app_label)s_%(class)s_once_per_actor"
            )
        ]

    def __str__(self) -> str:
        return self.key


class Call(models.Model):
    """A request of the last minute that is counted: of the API, or for a code no notice has.

    Rows, not a cache: a dead broker opens no door. Only ever added, so that two requests of one
    person never wait for each other.
    """

    who = models.CharField(_("谁"), max_length=80)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("接口请求")
        verbose_name_plural = _("接口请求")
        indexes = [models.Index(fields=["who", "at"], name="jobs_call_by_who")]

    def __str__(self) -> str:
        return self.who
