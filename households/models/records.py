"""What was collected: one row per revision of one record, none ever overwritten."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from households.models.channels import Channel, SpokenBy
from households.models.collection import CollectionForm, CollectionRound
from households.models.subjects import Subject
from trail.fields import SameVillageKey
from trail.scope import ScopedQuerySet
from villages.models import Person, Village


class CollectionRecord(models.Model):
    """The answers of one file to one form, under the number (UUID) its sender gave it.

    The current record of a file and form is the file's content. A later answer is another
    revision or another record; both stay.
    """

    class Outcome(models.TextChoices):
        FILLED = "filled", _("填完")
        UNREACHED = "unreached", _("没见到人")
        DECLINED = "declined", _("不愿意说")

    class State(models.TextChoices):
        PARTIAL = "partial", _("传了一半")
        RECEIVED = "received", _("已收到")
        RETURNED = "returned", _("要改")
        CONFLICT = "conflict", _("有冲突")
        RECALLED = "recalled", _("已撤回")

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    subject = SameVillageKey(Subject, _("主体"), related_name="records")
    round = models.ForeignKey(
        CollectionRound,
        models.PROTECT,
        null=True,
        related_name="records",
        verbose_name=_("采集轮次"),
    )
    form = models.ForeignKey(
        CollectionForm, models.PROTECT, related_name="records", verbose_name=_("采集表")
    )
    form_code = models.SlugField(max_length=40, editable=False)
    is_check = models.BooleanField(_("抽查"), default=False)
    uuid = models.UUIDField(_("记录编号"))
    revision = models.PositiveSmallIntegerField(_("第几次"), default=1)
    # What it was filled on top of, and what else was put together in it.
    base = SameVillageKey("self", _("在哪条上改的"), null=True)
    merged = SameVillageKey("self", _("合并了哪条"), null=True)
    channel = models.CharField(_("采集方式"), max_length=8, choices=Channel.choices)
    spoken_by = models.CharField(_("谁说的"), max_length=10, choices=SpokenBy.choices)
    on_behalf_reason = models.CharField(_("代录原因"), max_length=60, blank=True)
    outcome = models.CharField(
        _("结果"), max_length=10, choices=Outcome.choices, default=Outcome.FILLED
    )
    outcome_reason = models.CharField(_("原因"), max_length=60, blank=True)
    answers = models.JSONField(_("内容"), default=dict)
    # Of a record in which a person chose between two answers.
    choice_reason = models.CharField(_("为什么这样选"), max_length=200, blank=True)
    # SHA-256 (hex) of every photo that belongs to it.
    attachments = models.JSONField(_("照片"), default=list)
    body_sha256 = models.BinaryField(_("指纹"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    state_reason = models.CharField(_("说明"), max_length=200, blank=True)
    is_current = models.BooleanField(_("现用"), default=False)
    receipt = models.CharField(_("回执"), max_length=8, blank=True)
    filled_at = models.DateTimeField(_("填写时间"))
    arrived_at = models.DateTimeField(_("到达时间"))
    received_at = models.DateTimeField(_("收到时间"), null=True)
    opened_at = models.DateTimeField(_("打开时间"), null=True)
    collector = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="records", verbose_name=_("采集员")
    )
    # Nobody's log-in when the household itself sent it.
    sent_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("账号")
    )
    device = models.UUIDField(_("手机编号"), null=True)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("采集记录")
        verbose_name_plural = _("采集记录")
        ordering = ["village_id", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "uuid", "revision"],
                name="%(app_label)s_%(class)s_revision_once",
            ),
            models.UniqueConstraint(
                fields=["village", "subject", "form_code"],
                condition=Q(is_current=True),
                name="%(app_label)s_%(class)s_one_is_current",
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(state="received", outcome="filled"),
                name="%(app_label)s_%(class)s_current_was_received",
            ),
            models.CheckConstraint(
                condition=~Q(state="received") | (~Q(receipt="") & Q(received_at__isnull=False)),
                name="%(app_label)s_%(class)s_received_with_a_receipt",
            ),
            models.CheckConstraint(
                condition=~Q(spoken_by="on_behalf") | ~Q(on_behalf_reason=""),
                name="%(app_label)s_%(class)s_on_behalf_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome="filled") | ~Q(outcome_reason=""),
                name="%(app_label)s_%(class)s_not_filled_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "subject", "-id"], name="hh_record_of_subject"),
            models.Index(fields=["village", "state", "-arrived_at"], name="hh_record_by_state"),
            models.Index(fields=["village", "round", "collector"], name="hh_record_of_collector"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
