from collections.abc import Collection, Mapping
from datetime import datetime
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from trail.naming import referenced
from trail.scope import Scope, ScopedQuerySet
from villages.models import Person, Township, Village


class UserManager(BaseUserManager["User"]):
    """Looks users up by name, as Django's log-in does."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A log-in. Several users may share a person; separation of duties compares persons."""

    username = models.CharField(_("账号"), max_length=40, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="users", verbose_name=_("人员"))
    is_active = models.BooleanField(_("启用"), default=True)
    # From when unused days are counted: opened, or switched on again.
    counts_from = models.DateTimeField(_("启用时间"), db_default=Now())
    password_set_at = models.DateTimeField(_("密码设置时间"), null=True)

    # What the audit trail calls it; no personal data.
    trail_title = "username"
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")

    def __str__(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        """Shown in the records desk."""
        return self.person.name


class Session(AbstractBaseSession):
    """A browser, and whose log-in it is; the columns repeat what the session data says."""

    user = models.ForeignKey(
        User, models.CASCADE, null=True, related_name="sessions", verbose_name=_("账号")
    )
    started_at = models.DateTimeField(_("登录时间"), null=True)
    seen_at = models.DateTimeField(_("最近一次用"), null=True)
    device = models.CharField(_("设备"), max_length=40, blank=True)
    network = models.CharField(_("网络地址"), max_length=50, blank=True)

    class Meta:
        verbose_name = _("登录的设备")
        verbose_name_plural = _("登录的设备")

    def __str__(self) -> str:
        return self.device


class OldPassword(models.Model):
    """The hash of a password somebody chose, so that the last ones are not chosen again."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="old_passwords", verbose_name=_("账号")
    )
    password = models.CharField(_("密码"), max_length=128)
    set_at = models.DateTimeField(_("设置时间"))

    class Meta:
        verbose_name = _("用过的密码")
        verbose_name_plural = _("用过的密码")
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.pk)


class LogInTry(models.Model):
    """A failed log-in: a wrong password or a wrong code; what tries are limited by.

    Rows, not a cache: a dead broker opens no door. The name typed is kept as a digest, for it may
    be a password in the wrong box; empty when the account was already resting.
    """

    name_digest = models.BinaryField(_("账号指纹"), default=b"")
    network = models.CharField(_("网络地址"), max_length=50)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("登录失败记录")
        verbose_name_plural = _("登录失败记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["name_digest", "-at"], name="acc_logintry_by_name"),
            models.Index(fields=["network", "-at"], name="acc_logintry_by_network"),
            models.Index(fields=["at"], name="acc_logintry_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Invitation(models.Model):
    """A one-time link for choosing the password of a log-in; only its digest is kept."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="invitations", verbose_name=_("人员")
    )
    username = models.CharField(_("账号"), max_length=40)
    token_digest = models.BinaryField(_("链接指纹"), unique=True, editable=False)
    invited_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("谁发的")
    )
    invited_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("有效到"))
    used_at = models.DateTimeField(_("用掉的时间"), null=True)
    void_at = models.DateTimeField(_("作废时间"), null=True)

    class Meta:
        verbose_name = _("开号链接")
        verbose_name_plural = _("开号链接")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(void_at__isnull=True),
                name="%(app_label)s_%(class)s_used_or_void",
            ),
            models.UniqueConstraint(
                fields=["username"],
                condition=Q(used_at__isnull=True, void_at__isnull=True),
                name="%(app_label)s_%(class)s_one_live_per_username",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def is_live(self, at: datetime) -> bool:
        """Whether the link still opens anything at this moment."""
        return self.used_at is None and self.void_at is None and at < self.expires_at


class ProposalQuerySet(ScopedQuerySet["Proposal"]):
    """Reaches proposals of a village by the village, those of a township by the township."""

    def within(self, scope: Scope, action: str) -> Self:
        """Rows of the villages, or of the townships as a whole, where `scope` allows `action`."""
        return self.filter(self._reached(scope, action))

    def within_by_kind(self, scope: Scope, actions: Mapping[str, Collection[str]]) -> Self:
        """Rows of each kind where `scope` allows one of the actions named for it."""
        found = Q(pk__in=[])
        for kind, names in actions.items():
            for action in names:
                found |= Q(kind=kind) & self._reached(scope, action)
        return self.filter(found)

    @staticmethod
    def _reached(scope: Scope, action: str) -> Q:
        return Q(village_id__in=scope.village_ids(action)) | Q(
            township_id__in=scope.township_ids(action)
        )

    def at_home(self, *, village_id: int | None, township_id: int | None) -> Self:
        """Rows of this village, or of this township that concern no single village."""
        if township_id is not None:
            return self.filter(village__isnull=True, township_id=township_id)
        return self.filter(village_id=village_id or 0)


class Proposal(models.Model):
    """An act that one person asks for and another decides; the owning operation consumes it.

    What is approved is `content`, held by its digest: when it has changed since, it is void. A
    proposal is at home in one village, or in a township where it concerns no single village.
    `content` holds ids, figures and digests in the words of the operation that consumes it;
    `summary` says the same to the two persons. Neither holds an ID number or a phone.
    """

    class Kind(models.TextChoices):
        LOCK = "lock", _("锁定月份")
        PUBLICATION = "publication", _("发布公示")
        CORRECTION = "correction", _("更正月份")
        ADOPTION = "adoption", _("细则生效")
        REVERSAL = "reversal", _("冲正一笔")
        ROLE = "role", _("授予职务")
        EXPORT = "export", _("导出名册")
        ACCOUNT = "account", _("发开号链接")

    class Decision(models.TextChoices):
        WAITING = "waiting", _("等第二人")
        APPROVED = "approved", _("同意")
        REFUSED = "refused", _("不同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    village = models.ForeignKey(
        Village, models.PROTECT, null=True, related_name="proposals", verbose_name=_("村")
    )
    township = models.ForeignKey(
        Township, models.PROTECT, null=True, related_name="proposals", verbose_name=_("乡镇")
    )
    kind = models.CharField(_("事项"), max_length=16, choices=Kind.choices)
    about = models.CharField(_("对象"), max_length=120)
    content = models.TextField(_("内容"), blank=True)
    content_sha256 = models.BinaryField(_("内容指纹"))
    summary = models.CharField(_("提议"), max_length=200, blank=True)
    asked_because = models.CharField(_("提出理由"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    expires_at = models.DateTimeField(_("有效到"))
    decision = models.CharField(
        _("决定"), max_length=10, choices=Decision.choices, default=Decision.WAITING
    )
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("第二人")
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    reason = models.CharField(_("决定理由"), max_length=200, blank=True)
    consumed_at = models.DateTimeField(_("执行时间"), null=True)

    scope_path = "village"
    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("两人审批")
        verbose_name_plural = _("两人审批")
        db_table_comment = "Proposal: what one person proposed and another decided"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="%(app_label)s_%(class)s_decided_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(
                    decision__in=["waiting", "withdrawn"],
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | Q(
                    decision__in=["approved", "refused"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="%(app_label)s_%(class)s_decision_has_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(consumed_at__isnull=True) | Q(decision="approved"),
                name="%(app_label)s_%(class)s_only_approved_is_consumed",
            ),
            models.CheckConstraint(
                condition=Q(village__isnull=False, township__isnull=True)
                | Q(village__isnull=True, township__isnull=False),
                name="%(app_label)s_%(class)s_has_one_home",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["lock", "publication", "correction"])
                | ~(Q(asked_because="") | Q(summary="") | Q(content="")),
                name="%(app_label)s_%(class)s_says_what_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(decision="refused") | ~Q(reason=""),
                name="%(app_label)s_%(class)s_refusal_has_its_reason",
            ),
            models.CheckConstraint(
                condition=(Q(decided_at__isnull=True) | Q(decided_at__lt=F("expires_at")))
                & (Q(consumed_at__isnull=True) | Q(consumed_at__lt=F("expires_at"))),
                name="%(app_label)s_%(class)s_lives_until_it_expires",
            ),
            models.UniqueConstraint(
                fields=["village", "township", "kind", "about"],
                condition=Q(decision="waiting"),
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_one_waits_per_matter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {referenced(self.about)}"

    def waits(self, at: datetime) -> bool:
        """Whether a second person may still decide."""
        return self.decision == self.Decision.WAITING and self.expires_at > at

    def is_approved(self, at: datetime) -> bool:
        """Whether it may still be carried out."""
        approved = self.decision == self.Decision.APPROVED and self.consumed_at is None
        return approved and self.expires_at > at
