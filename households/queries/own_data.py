"""All that is kept of one person, to be handed to that person."""

from django.db.models import Q
from django.utils.translation import gettext as _

from households.models import CollectionRecord, Consent, FileChange, Member, Relation

Line = tuple[str, str]


def own_data(member: Member) -> list[Line]:
    """What and how it is called, in full, line by line; of nobody else but the kin's kinship."""
    yes_no = {True: _("是"), False: _("否"), None: ""}
    home = member.subject
    return [
        (_("村"), str(home.village)),
        (_("户"), home.place),
        (_("姓名"), member.name),
        (_("与户主关系"), member.relation),
        (_("性别"), str(member.get_sex_display())),
        (_("出生日期"), member.birth_on.isoformat() if member.birth_on else ""),
        (_("身份证号"), member.id_number),
        (_("联系电话"), member.phone),
        (_("外出"), str(yes_no[member.away])),
        (_("备注"), member.note),
        (_("状态"), str(member.get_state_display())),
        *_consents(member),
        *_kin(member),
        *_history(member),
        (_("这一户的采集记录"), _("%d 条") % _records(member)),
        (_("积分"), _("积分记在户上，请看户里的账页。")),
    ]


def _consents(member: Member) -> list[Line]:
    mine = Consent.objects.filter(village_id=member.village_id, member=member).order_by("pk")
    return [
        (
            _("同意"),
            f"{one.get_purpose_display()} {one.given_on} {one.get_channel_display()}"
            + (_("，%s撤回") % one.withdrawn_on if one.withdrawn_on else ""),
        )
        for one in mine
    ]


def _kin(member: Member) -> list[Line]:
    mine = Relation.objects.filter(village_id=member.village_id)
    rows = mine.filter(Q(member=member) | Q(other=member)).order_by("pk")
    return [(_("外户的亲属"), str(one.get_kin_display())) for one in rows]


def _history(member: Member) -> list[Line]:
    mine = FileChange.objects.filter(village_id=member.village_id, member=member).order_by("pk")
    return [(_("变动"), f"{one.happened_on} {one.get_kind_display()}") for one in mine]


def _records(member: Member) -> int:
    mine = CollectionRecord.objects.filter(village_id=member.village_id)
    return mine.filter(subject_id=member.subject_id).count()
