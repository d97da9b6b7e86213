from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from households.models import Subject
from trail.fields import SameVillageKey
from trail.naming import loaded
from trail.scope import ScopedQuerySet
from villages.models import Village


class StarScheme(models.Model):
    """How stars and grades are computed in a village: data for the pure engine, versioned."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="star_schemes", verbose_name=_("村")
    )
    code = models.SlugField(_("代码"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    version = models.PositiveIntegerField(_("版本"))
    data = models.JSONField(_("内容"))
    in_force = models.BooleanField(_("生效"), default=False)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("星级方案")
        verbose_name_plural = _("星级方案")
        ordering = ["village_id", "code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "code", "version"], name="%(app_label)s_%(class)s_version_once"
            ),
            models.UniqueConstraint(
                fields=["village", "code"],
                condition=Q(in_force=True),
                name="%(app_label)s_%(class)s_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Decision(models.Model):
    """What people decided of a star or aspect; the engine reads it, the apps above write it."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    subject = SameVillageKey(Subject, _("主体"))
    scheme = models.SlugField(_("方案"), max_length=40)
    about = models.CharField(_("星或方面"), max_length=40)
    period = models.CharField(_("期"), max_length=10)
    granted = models.BooleanField(_("给不给"))
    source = models.CharField(_("来自"), max_length=120)
    decided_at = models.DateTimeField(_("决定时间"))

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("决定")
        verbose_name_plural = _("决定")
        constraints = [
            models.UniqueConstraint(
                fields=["village", "subject", "scheme", "about", "period"],
                name="%(app_label)s_%(class)s_once",
            )
        ]

    def __str__(self) -> str:
        return f"{loaded(self, 'subject') or self.about} {self.period}"


class Veto(models.Model):
    """A final document about the subject's own act; it bars honours and lapses (`domain.md` §4)."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    subject = SameVillageKey(Subject, _("主体"))
    code = models.CharField(_("条目"), max_length=40)
    document = models.CharField(_("生效文书"), max_length=120)
    decided_on = models.DateField(_("生效日期"))
    lapses_on = models.DateField(_("到期日期"))

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("一票否决")
        verbose_name_plural = _("一票否决")
        constraints = [
            models.UniqueConstraint(
                fields=["village", "subject", "code", "document"],
                name="%(app_label)s_%(class)s_once_per_document",
            ),
            models.CheckConstraint(
                condition=~Q(document="") & Q(lapses_on__gt=F("decided_on")),
                name="%(app_label)s_%(class)s_has_document_and_end",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Rating(models.Model):
    """Stars and grade of a subject in a period, with reasons. Proposed ones are provisional."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("试算")
        APPROVED = "approved", _("已定")

    village = models.ForeignKey(
        Village,
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("村"),
    )
    subject = SameVillageKey(Subject, _("主体"), related_name="ratings")
    scheme = models.SlugField(_("方案"), max_length=40)
    period = models.CharField(_("期"), max_length=10)
    stars = ArrayField(models.CharField(max_length=40), verbose_name=_("得到的星"))
    missing = ArrayField(models.CharField(max_length=40), verbose_name=_("还差的星"))
    grade = models.CharField(_("星级或信用等级"), max_length=20, blank=True)
    score = models.IntegerField(_("计分"))
    reasons = models.JSONField(_("理由"))
    rule_version = models.CharField(_("规则版本"), max_length=40)
    digest = models.BinaryField(_("指纹"))
    state = models.CharField(
        _("状态"), max_length=10, choices=State.choices, default=State.PROPOSED
    )
    decided_in = models.CharField(_("在哪里定的"), max_length=120, blank=True)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("星级和等级")
        verbose_name_plural = _("星级和等级")
        ordering = ["-period", "subject_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "scheme", "period", "subject"],
                name="%(app_label)s_%(class)s_once",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | ~Q(decided_in=""),
                name="%(app_label)s_%(class)s_approved_by_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{loaded(self, 'subject') or self.subject_id} {self.period}"
