"""The acts on a file: what each asks, what its button says, and the operation behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.staff import consent_forms
from desk.staff import file_forms as forms
from desk.staff import file_home_forms as places
from desk.staff.file_forms import OpenFile, WhenForm
from households.models import Member, Subject
from households.operations.files import departures, heads, homes, kinship, moves, people
from households.operations.files.homes import Address
from households.operations.files.moves import Joining, NewHome
from scoring.operations import household_consents, household_moves
from trail.actor import Actor

Household = Subject.Kind.HOUSEHOLD
OPEN = (Subject.State.ACTIVE.value, Subject.State.HEADLESS.value)
LISTED = (Member.State.ACTIVE.value,)
ANY_KIND = tuple(Subject.Kind.values)
Do = Callable[[Any, OpenFile, Actor, datetime], Subject]


@dataclass(frozen=True, slots=True)
class FileAct:
    """One act: its words, its form, how it is done, and on which files or people it is offered."""

    words: Any
    button: Any
    form: Callable[[Any, OpenFile], WhenForm]
    do: Do
    told: Any = ""
    states: tuple[str, ...] = OPEN
    kinds: tuple[str, ...] = (Household.value,)
    people: tuple[str, ...] = field(default=LISTED)


def _add(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    people.add_member(subject=file.subject, facts=form.facts, when=form.when, by=by, at=at)
    return file.subject


def _change_head(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    return heads.change_head(
        subject=file.subject,
        head=form.chosen,
        relations=form.relations,
        when=form.when,
        by=by,
        at=at,
    )


def _split(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    address = Address(form.group, form.cleaned_data["number"])
    new = NewHome(address, form.chosen_ids, form.chosen.pk, form.relations)
    points = form.cleaned_data["points"]
    return household_moves.split(
        subject=file.subject, new=new, points=points, when=form.when, by=by, at=at
    ).subject


def _merge(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    joining = Joining(form.other, form.relations)
    return household_moves.merge(
        gone=file.subject, joining=joining, when=form.when, by=by, at=at
    ).subject


def _renumber(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    address = Address(form.group, form.cleaned_data["number"])
    return homes.renumber(subject=file.subject, address=address, when=form.when, by=by, at=at)


def _rename(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    return homes.rename_file(subject=file.subject, name=form.cleaned_data["name"], by=by, at=at)


def _close(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    return homes.close_file(subject=file.subject, when=form.when, by=by, at=at)


def _reopen(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    return homes.reopen_file(subject=file.subject, when=form.when, by=by, at=at)


def _edit(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    note = form.cleaned_data["note"]
    people.correct_member(**_whom(file), facts=form.facts, note=note, by=by, at=at)
    return file.subject


def _move(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    relation = form.cleaned_data["relation"]
    moves.move_member(
        member=_whom(file)["member"],
        into=form.other,
        relation=relation,
        when=form.when,
        by=by,
        at=at,
    )
    return file.subject


def _kin(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    kinship.record_kin(**_whom(file), kin=form.chosen, by=by, at=at)
    return file.subject


def _death(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    departures.record_death(**_whom(file), when=form.when, by=by, at=at)
    return file.subject


def _away(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    departures.move_away(**_whom(file), when=form.when, by=by, at=at)
    return file.subject


def _back(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    relation = form.cleaned_data["relation"]
    departures.move_back(**_whom(file), relation=relation, when=form.when, by=by, at=at)
    return file.subject


def _consent(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    return household_consents.record_consent(subject=file.subject, given=form.given, by=by, at=at)


def _withdraw(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    return household_consents.withdraw_consent(
        subject=file.subject, consent=form.chosen, on=form.cleaned_data["on"], by=by, at=at
    )


def _erase(form: Any, file: OpenFile, by: Actor, at: datetime) -> Subject:
    reason = form.cleaned_data["reason"]
    return household_consents.erase_member(**_whom(file), reason=reason, by=by, at=at)


def _whom(file: OpenFile) -> dict[str, Any]:
    return {"subject": file.subject, "member": file.member}


ON_FILE: Mapping[str, FileAct] = {
    "add": FileAct(
        _("登记成员"),
        _("登记这个人"),
        forms.FactsForm,
        _add,
        _("没满14周岁的孩子，先要监护人同意，同意以前不出现在各处。"),
    ),
    "head": FileAct(_("换户主"), _("换户主"), places.HeadForm, _change_head),
    "split": FileAct(
        _("分户"),
        _("分出这一户"),
        places.SplitForm,
        _split,
        _("记过的每一笔都留在原来的户，累计加分不动；只有可兑积分可以带走一部分，欠的分不带走。"),
    ),
    "merge": FileAct(
        _("并到另一户"),
        _("并户，这一户销户"),
        places.MergeForm,
        _merge,
        _("这一户的人都到那一户，可兑积分全部转过去；记过的每一笔和欠的分留在这一户，户卡作废。"),
    ),
    "renumber": FileAct(
        _("换组或换户号"), _("换成这个组和户号"), places.AddressForm, _renumber, kinds=ANY_KIND
    ),
    "rename": FileAct(
        _("改名称"),
        _("改成这个名称"),
        forms.NameForm,
        _rename,
        kinds=(Subject.Kind.COLLECTIVE.value, Subject.Kind.OPERATOR.value),
    ),
    "consent": FileAct(
        _("登记同意"),
        _("登记这项同意"),
        consent_forms.ConsentForm,
        _consent,
        _("同意“公示隐名”以后，公示里写隐名；没有同意的只写户号。"),
    ),
    "withdraw": FileAct(
        _("撤回同意"),
        _("登记撤回"),
        consent_forms.WithdrawForm,
        _withdraw,
        _("撤回“公示隐名”以后，已经贴出来的网上公示马上改成只写户号。"),
    ),
    "close": FileAct(
        _("销户"),
        _("销户"),
        WhenForm,
        _close,
        _("积分和记过的账都留着，户卡作废。以后可以恢复。"),
        kinds=ANY_KIND,
    ),
    "reopen": FileAct(
        _("恢复这一户"),
        _("恢复这一户"),
        WhenForm,
        _reopen,
        _("恢复以后要重新发户卡。"),
        states=(Subject.State.CLOSED.value,),
        kinds=ANY_KIND,
    ),
}
ON_PERSON: Mapping[str, FileAct] = {
    "edit": FileAct(_("改资料"), _("保存修改"), forms.EditForm, _edit),
    "move": FileAct(
        _("换到另一户"), _("换到那一户"), places.MoveForm, _move, _("积分不跟着人走，留在这一户。")
    ),
    "kin": FileAct(
        _("登记亲属"),
        _("登记这个亲属"),
        places.KinForm,
        _kin,
        _("只登记另一户里的近亲，用来算评议时谁要回避；不公开。"),
    ),
    "away": FileAct(_("迁出"), _("登记迁出"), WhenForm, _away),
    "death": FileAct(
        _("去世"), _("登记去世"), WhenForm, _death, _("去世的人不再出现在名单里，不能再办迁回。")
    ),
    "admit": FileAct(
        _("登记监护人同意"),
        _("登记同意，放进名单"),
        consent_forms.AdmitForm,
        _consent,
        people=(Member.State.AWAITING_CONSENT.value,),
    ),
    "erase": FileAct(
        _("删除个人资料"),
        _("删除这个人的资料，不能恢复"),
        consent_forms.EraseForm,
        _erase,
        _(
            "姓名、身份证号、电话、出生日期和备注都删掉，查不到这个人，公示里的隐名也去掉。"
            "这一户的户号和积分留着，账本照样核对得上。采集记录里写到的话不在这里删。"
        ),
        states=(*OPEN, Subject.State.CLOSED.value),
        people=tuple(set(Member.State.values) - {Member.State.ERASED.value}),
    ),
    "back": FileAct(
        _("迁回"), _("登记迁回"), forms.BackForm, _back, people=(Member.State.LEFT.value,)
    ),
}


def offered_on(subject: Subject) -> list[tuple[str, FileAct]]:
    """What can be done with a file in its state."""
    return [
        (code, act)
        for code, act in ON_FILE.items()
        if subject.state in act.states and subject.kind in act.kinds
    ]


def offered_to(subject: Subject, member: Member) -> list[tuple[str, FileAct]]:
    """What can be done with a person of an open file."""
    return [
        (code, act)
        for code, act in ON_PERSON.items()
        if member.state in act.people and subject.state in act.states
    ]
