"""Files: households, collectives and operators, and what opens their cards."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trail.crockford import random_text
from trail.fields import SameVillageKey
from trail.naming import loaded
from trail.scope import ScopedQuerySet
from villages.models import Unit, Village


def new_token() -> str:
    """Ten random Crockford base32 characters for the address behind a household's QR code."""
    return random_text(10)


class Subject(models.Model):
    """One file: a household, a collective or an operator. It earns the points."""

    class Kind(models.TextChoices):
        HOUSEHOLD = "household", _("农户")
        COLLECTIVE = "collective", _("村集体")
        OPERATOR = "operator", _("经营主体")

    class State(models.TextChoices):
        ACTIVE = "active", _("正常")
        HEADLESS = "headless", _("缺户主")
        CLOSED = "closed", _("已销户")

    class PublishChoice(models.TextChoices):
        CODE_ONLY = "code_only", _("只公开户号")
        MASKED = "masked", _("公开隐名")

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="subjects", verbose_name=_("村")
    )
    unit = SameVillageKey(Unit, _("小组"), null=True, related_name="subjects")
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices, default=Kind.HOUSEHOLD)
    number = models.CharField(_("户号"), max_length=20)
    name = models.CharField(_("户主或名称"), max_length=60)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.ACTIVE)
    # Code only until the household has chosen otherwise: publication needs its recorded choice.
    publish_choice = models.CharField(
        _("公示方式"),
        max_length=10,
        choices=PublishChoice.choices,
        default=PublishChoice.CODE_ONLY,
    )
    qr_token = models.CharField(_("户码"), max_length=12, unique=True, default=new_token)
    # The card: a hash of its PIN and when it was handed out. Without one the address opens nothing.
    pin_hash = models.CharField(max_length=200, default="", blank=True, editable=False)
    card_issued_at = models.DateTimeField(_("发卡时间"), null=True)
    created_at = models.DateTimeField(_("建档时间"))

    # What the audit trail calls it; no personal data.
    trail_title = "number"
    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("主体")
        verbose_name_plural = _("主体")
        ordering = ["village_id", "number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "kind", "unit", "number"],
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_number_once_per_group",
            ),
            models.CheckConstraint(
                condition=~Q(kind="household") | Q(unit__isnull=False),
                name="%(app_label)s_%(class)s_household_has_a_group",
            ),
            models.CheckConstraint(
                condition=Q(card_issued_at__isnull=True, pin_hash="")
                | (Q(card_issued_at__isnull=False) & ~Q(pin_hash="")),
                name="%(app_label)s_%(class)s_card_has_a_pin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._placed(loaded(self, 'unit'))} {self.name}"

    @property
    def place(self) -> str:
        """Where it is in its village, as everybody says it: “3组·012户”."""
        return self._placed(self.unit)

    def _placed(self, unit: object) -> str:
        number = self.number
        if self.kind == self.Kind.HOUSEHOLD:
            number = _("%(number)s户") % {"number": number}
        return f"{unit or ''}·{number}".removeprefix("·")


class CardTry(models.Model):
    """A wrong PIN for a card, or an address that no card has; what tries are limited by.

    Rows, not a cache: a dead broker opens no door.
    """

    village = models.ForeignKey(
        Village, models.PROTECT, null=True, related_name="+", verbose_name=_("村")
    )
    subject = SameVillageKey(Subject, _("农户"), null=True)
    network = models.CharField(_("网络地址"), max_length=50)
    at = models.DateTimeField(_("时间"))

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("试码记录")
        verbose_name_plural = _("试码记录")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(village__isnull=True, subject__isnull=True)
                | Q(village__isnull=False, subject__isnull=False),
                name="%(app_label)s_%(class)s_card_has_its_village",
            ),
        ]
        indexes = [
            models.Index(fields=["network", "-at"], name="hh_cardtry_by_network"),
            models.Index(fields=["at"], name="hh_cardtry_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Placement(models.Model):
    """A file lies in a grid, a micro-grid or a service area: one of each kind, beside its group."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    subject = SameVillageKey(Subject, _("主体"), related_name="placements")
    unit = SameVillageKey(Unit, _("片区"))
    # The unit's own kind, kept here so that the database lets a file into one of each.
    kind = models.CharField(_("类型"), max_length=12, choices=Unit.Kind.choices)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("所在片区")
        verbose_name_plural = _("所在片区")
        ordering = ["village_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "subject", "kind"],
                name="%(app_label)s_%(class)s_one_of_each_kind",
            ),
            models.CheckConstraint(
                condition=~Q(kind="group"), name="%(app_label)s_%(class)s_group_is_the_files_own"
            ),
        ]
        indexes = [
            models.Index(fields=["village", "unit"], name="hh_placement_by_unit"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
