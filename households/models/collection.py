"""Forms, rounds and who collects from whom."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from households.models.subjects import Subject
from trail.fields import SameVillageKey
from trail.scope import ScopedQuerySet
from villages.models import Person, Township, Village


class CollectionForm(models.Model):
    """One version of a form: sections and questions as data (`households/engine/forms.py`).

    Once in use a version is never changed; records stay bound to the version they answered.
    """

    class Purpose(models.TextChoices):
        FILE = "file", _("建档采集")
        SELF_ASSESSMENT = "self_assessment", _("自评")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        IN_USE = "in_use", _("使用中")
        RETIRED = "retired", _("停用")

    township = models.ForeignKey(
        Township, models.PROTECT, related_name="collection_forms", verbose_name=_("乡镇")
    )
    code = models.SlugField(_("代码"), max_length=40)
    version = models.PositiveSmallIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=60)
    purpose = models.CharField(_("用途"), max_length=16, choices=Purpose.choices)
    subject_kind = models.CharField(_("给谁填"), max_length=12, choices=Subject.Kind.choices)
    content = models.JSONField(_("内容"), default=dict)
    sha256 = models.BinaryField(_("指纹"), null=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField(_("新建时间"))
    used_from = models.DateTimeField(_("开始使用"), null=True)

    scope_path = None
    township_path = "township"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("采集表")
        verbose_name_plural = _("采集表")
        ordering = ["township_id", "code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "code", "version"], name="%(app_label)s_%(class)s_version_once"
            ),
            models.UniqueConstraint(
                fields=["township", "code"],
                condition=Q(state="in_use"),
                name="%(app_label)s_%(class)s_one_version_in_use",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sha256__isnull=True, used_from__isnull=True)
                | (~Q(state="draft") & Q(sha256__isnull=False, used_from__isnull=False)),
                name="%(app_label)s_%(class)s_what_is_used_has_its_digest",
            ),
        ]

    def __str__(self) -> str:
        return _("%(title)s 第%(version)s版") % {"title": self.title, "version": self.version}


class CollectionRound(models.Model):
    """A township collects: which forms, from when to when."""

    class State(models.TextChoices):
        DRAFT = "draft", _("准备中")
        OPEN = "open", _("进行中")
        CLOSED = "closed", _("已结束")

    township = models.ForeignKey(
        Township, models.PROTECT, related_name="collection_rounds", verbose_name=_("乡镇")
    )
    title = models.CharField(_("名称"), max_length=60)
    forms = models.ManyToManyField(CollectionForm, through="RoundForm", verbose_name=_("采集表"))
    opens_on = models.DateField(_("开始"))
    closes_on = models.DateField(_("截止"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField(_("新建时间"))

    scope_path = None
    township_path = "township"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("采集轮次")
        verbose_name_plural = _("采集轮次")
        ordering = ["-opens_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "title"], name="%(app_label)s_%(class)s_title_once"
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="%(app_label)s_%(class)s_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RoundForm(models.Model):
    """A form that is filled in a round."""

    round = models.ForeignKey(
        CollectionRound, models.PROTECT, related_name="+", verbose_name=_("采集轮次")
    )
    form = models.ForeignKey(
        CollectionForm, models.PROTECT, related_name="+", verbose_name=_("采集表")
    )

    scope_path = None
    township_path = "round__township"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("轮次用的表")
        verbose_name_plural = _("轮次用的表")
        ordering = ["round_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "form"], name="%(app_label)s_%(class)s_form_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Assignment(models.Model):
    """A collector goes to a file in a round; a check is a second visit by somebody else."""

    class Purpose(models.TextChoices):
        COLLECT = "collect", _("采集")
        CHECK = "check", _("抽查")

    class State(models.TextChoices):
        DUE = "due", _("没开始")
        STARTED = "started", _("在填")
        UNREACHED = "unreached", _("没见到人")
        DONE = "done", _("已收到")

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    round = models.ForeignKey(
        CollectionRound, models.PROTECT, related_name="assignments", verbose_name=_("采集轮次")
    )
    subject = SameVillageKey(Subject, _("主体"), related_name="assignments")
    # A person who is posted as collector in the village; who collects and who decides are compared
    # as persons.
    collector = models.ForeignKey(
        Person, models.PROTECT, related_name="assignments", verbose_name=_("采集员")
    )
    purpose = models.CharField(
        _("任务"), max_length=8, choices=Purpose.choices, default=Purpose.COLLECT
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DUE)
    unreached_reason = models.CharField(_("没见到的原因"), max_length=60, blank=True)
    assigned_at = models.DateTimeField(_("派发时间"))
    done_at = models.DateTimeField(_("收到时间"), null=True)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("采集任务")
        verbose_name_plural = _("采集任务")
        ordering = ["village_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "round", "subject", "purpose"],
                name="%(app_label)s_%(class)s_once_in_a_round",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at__isnull=True)),
                name="%(app_label)s_%(class)s_done_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="unreached") | ~Q(unreached_reason=""),
                name="%(app_label)s_%(class)s_unreached_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["collector", "round"], name="hh_assignment_of_collector"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CollectorPhone(models.Model):
    """A phone a collector works on: what is not sent yet, and whether it was lost."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name=_("乡镇"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="phones", verbose_name=_("采集员")
    )
    device = models.UUIDField(_("手机编号"))
    label = models.CharField(_("手机"), max_length=60, blank=True)
    # Which files are begun on it and how far: ids, states and times; no answer.
    drafts = models.JSONField(_("没发送的"), default=list)
    seen_at = models.DateTimeField(_("最近联网"))
    revoked_at = models.DateTimeField(_("停用时间"), null=True)

    scope_path = None
    township_path = "township"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("采集手机")
        verbose_name_plural = _("采集手机")
        ordering = ["-seen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "device"], name="%(app_label)s_%(class)s_once"
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.pk)
