"""What is typed in an act on a file; each choice holds only what is on this file or village."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.forms import day_field
from households.errors import FactsUnfit
from households.importing.verdicts import HEADS
from households.models import Consent, Member, Subject
from households.operations.files import facts as person_facts
from households.operations.files.facts import Facts
from households.operations.files.keeping import LONGEST_NOTE, When
from scoring.queries.household_ledger import OwnFigures
from trail import clock
from villages.models import Unit

RELATION = "relation_"


@dataclass(frozen=True, slots=True)
class OpenFile:
    """The file an act is about, and what its forms offer."""

    subject: Subject
    members: Sequence[Member]
    groups: Sequence[Unit]
    figures: OwnFigures
    consents: Sequence[Consent] = ()
    member: Member | None = None


class WhenForm(forms.Form):
    """The day it happened, and a word on it."""

    on = day_field(gettext_lazy("哪天的事"))
    note = forms.CharField(
        label=gettext_lazy("说明（可不填，不要写姓名和号码）"),
        required=False,
        max_length=LONGEST_NOTE,
        error_messages={"max_length": gettext_lazy("说明最多200个字，请写短一些。")},
    )

    def __init__(self, data: Any, file: OpenFile, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"on": clock.today(), **(initial or {})})
        self.file = file
        self._day_last()

    def _day_last(self) -> None:
        self.order_fields([name for name in self.fields if name not in ("on", "note")])

    @property
    def when(self) -> When:
        """The day and the word."""
        return When(self.cleaned_data["on"], self.cleaned_data["note"])

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What was typed, in the words of the form, to be read once more."""
        return [
            (str(field.label), words)
            for name, field in self.fields.items()
            if (words := _in_words(field, self.cleaned_data.get(name)))
        ]

    def _ask_relations(self, members: Sequence[Member], head: str) -> None:
        for one in members:
            self.fields[f"{RELATION}{one.pk}"] = forms.CharField(
                label=_("%(name)s是%(head)s的什么人") % {"name": one.name, "head": head},
                required=False,
                max_length=20,
                initial="" if one.relation in HEADS else one.relation,
                error_messages={"max_length": gettext_lazy("最多20个字，如“妻”“长子”。")},
            )
        self._day_last()

    @property
    def relations(self) -> dict[int, str]:
        """What everybody is to the head, as typed."""
        return {
            int(name.removeprefix(RELATION)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(RELATION)
        }


class FactsForm(WhenForm):
    """All that is kept of a person who joins a household."""

    name = forms.CharField(label=gettext_lazy("姓名"), required=False, max_length=60)
    relation = forms.CharField(
        label=gettext_lazy("与户主关系（如妻、长子、孙女）"), required=False, max_length=20
    )
    id_number = forms.CharField(
        label=gettext_lazy("身份证号（没有可不填）"), required=False, max_length=30
    )
    birth_on = forms.CharField(
        label=gettext_lazy("出生日期（填了身份证号不用填）"), required=False, max_length=20
    )
    sex = forms.ChoiceField(label=gettext_lazy("性别"), required=False, choices=Member.Sex.choices)
    phone = forms.CharField(label=gettext_lazy("手机号（可不填）"), required=False, max_length=30)
    away = forms.ChoiceField(
        label=gettext_lazy("外出"),
        required=False,
        choices=[
            ("", gettext_lazy("不清楚")),
            ("yes", gettext_lazy("外出")),
            ("no", gettext_lazy("在家")),
        ],
    )
    remark = forms.CharField(
        label=gettext_lazy("备注（可不填，留在本人资料里）"), required=False, max_length=200
    )

    facts: Facts

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        try:
            self.facts = self._completed(
                person_facts.cleaned({**typed, "note": typed.get("remark", "")}, on=clock.today())
            )
        except FactsUnfit as unfit:
            for name, words in unfit.facts["fields"].items():  # type: ignore[attr-defined]
                self.add_error("remark" if name == "note" else name, words)
        return typed

    def _completed(self, typed: Facts) -> Facts:
        return typed


class EditForm(FactsForm):
    """The same for somebody on file: an ID or phone left empty stays as it is."""

    drop_id = forms.BooleanField(label=gettext_lazy("删掉登记的身份证号"), required=False)
    drop_phone = forms.BooleanField(label=gettext_lazy("删掉登记的手机号"), required=False)

    def __init__(self, data: Any, file: OpenFile) -> None:
        known = member_of(file)
        away = {True: "yes", False: "no", None: ""}[known.away]
        birth = known.birth_on.isoformat() if known.birth_on else ""
        super().__init__(
            data,
            file,
            {
                "name": known.name, "relation": known.relation, "sex": known.sex,
                "birth_on": birth, "away": away, "remark": known.note,
            },
        )  # fmt: skip
        del self.fields["on"]
        self.fields["id_number"].label = _("身份证号（不填就不改）")
        self.fields["phone"].label = _("手机号（不填就不改）")

    def _completed(self, typed: Facts) -> Facts:
        known, choice = member_of(self.file), self.cleaned_data
        number = typed.id_number or ("" if choice.get("drop_id") else known.id_number)
        phone = typed.phone or ("" if choice.get("drop_phone") else known.phone)
        told = {name: getattr(typed, name) for name in person_facts.PLAIN}
        return Facts(**told, id_number=number, phone=phone)


class BackForm(WhenForm):
    """Who somebody is to the head, after coming back."""

    relation = forms.CharField(
        label=gettext_lazy("与户主关系（如妻、长子、孙女）"), required=False, max_length=20
    )

    def __init__(self, data: Any, file: OpenFile) -> None:
        super().__init__(data, file, {"relation": member_of(file).relation})


class NameForm(WhenForm):
    """Another name for a collective or an operator."""

    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=60,
        error_messages={"required": gettext_lazy("请填名称。")},
    )

    def __init__(self, data: Any, file: OpenFile) -> None:
        super().__init__(data, file, {"name": file.subject.name})
        for name in ("on", "note"):
            del self.fields[name]


def member_of(file: OpenFile) -> Member:
    """The person the act is about."""
    if file.member is None:
        raise LookupError("an act on a person without one")
    return file.member


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return _("是") if value else ""
    if isinstance(field, forms.MultipleChoiceField):
        names = {str(code): str(words) for code, words in field.choices}  # type: ignore[misc, union-attr]
        return "、".join(names[one] for one in value or ())
    if isinstance(field, forms.ChoiceField):
        return dict(map(_as_texts, field.choices)).get(str(value), "")  # type: ignore[arg-type]
    return "" if value is None else str(value)


def _as_texts(pair: tuple[Any, Any]) -> tuple[str, str]:
    return str(pair[0]), str(pair[1])
