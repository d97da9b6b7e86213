"""The people of a household, and who is kin to whom across households."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from households.models.subjects import Subject
from trail.fields import EncryptedTextField, SameVillageKey
from trail.scope import ScopedQuerySet
from villages.models import Village


class Member(models.Model):
    """A person of a household, with the relation to its head as the sheet has it."""

    class State(models.TextChoices):
        ACTIVE = "active", _("在册")
        AWAITING_CONSENT = "awaiting_consent", _("待同意")
        LEFT = "left", _("已迁出")
        DECEASED = "deceased", _("已去世")
        ERASED = "erased", _("已删除")

    class Sex(models.TextChoices):
        MALE = "male", _("男")
        FEMALE = "female", _("女")
        UNKNOWN = "", _("未填")

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    subject = SameVillageKey(Subject, _("农户"), related_name="members")
    name = models.CharField(_("姓名"), max_length=60)
    relation = models.CharField(_("与户主关系"), max_length=20)
    sex = models.CharField(_("性别"), max_length=8, choices=Sex.choices, blank=True)
    birth_on = models.DateField(_("出生日期"), null=True)
    id_number = EncryptedTextField(_("身份证号"), default="")
    id_hmac = models.BinaryField(null=True, editable=False)
    id_tail_hmac = models.BinaryField(null=True, editable=False)
    phone = EncryptedTextField(_("联系电话"), default="")
    phone_hmac = models.BinaryField(null=True, editable=False)
    phone_tail_hmac = models.BinaryField(null=True, editable=False)
    away = models.BooleanField(_("外出"), null=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=18, choices=State.choices, default=State.ACTIVE)

    # Who is on the household's list: neither gone, dead nor erased.
    GONE = (State.LEFT, State.DECEASED, State.ERASED)
    # Who stands on no page, list or panel: a child before its guardian's consent, and the erased.
    HIDDEN = (State.AWAITING_CONSENT, State.ERASED)

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("家庭成员")
        verbose_name_plural = _("家庭成员")
        ordering = ["subject_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "id_hmac"],
                condition=Q(id_hmac__isnull=False) & ~Q(state__in=["left", "deceased", "erased"]),
                name="%(app_label)s_%(class)s_lives_once_in_a_village",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "id_tail_hmac"], name="hh_member_by_id_tail"),
            models.Index(fields=["village", "phone_hmac"], name="hh_member_by_phone"),
            models.Index(fields=["village", "phone_tail_hmac"], name="hh_member_by_phone_tail"),
        ]

    def __str__(self) -> str:
        return self.name


class Relation(models.Model):
    """Two persons of different households are kin; each pair is kept once, the lower id first."""

    class Kin(models.TextChoices):
        SPOUSE = "spouse", _("夫妻")
        PARENT = "parent", _("父母和子女")
        SIBLING = "sibling", _("兄弟姐妹")
        GRANDPARENT = "grandparent", _("祖孙")
        IN_LAW = "in_law", _("姻亲")
        OTHER = "other", _("其他近亲")

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("村"))
    member = SameVillageKey(Member, _("一方"))
    other = SameVillageKey(Member, _("另一方"))
    kin = models.CharField(_("关系"), max_length=12, choices=Kin.choices)
    recorded_at = models.DateTimeField(_("登记时间"))

    scope_path = "village"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("亲属关系")
        verbose_name_plural = _("亲属关系")
        ordering = ["village_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "member", "other"], name="%(app_label)s_%(class)s_pair_once"
            ),
            models.CheckConstraint(
                condition=Q(member__lt=F("other")), name="%(app_label)s_%(class)s_lower_id_first"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kin_display()
