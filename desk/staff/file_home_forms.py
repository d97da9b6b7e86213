"""What is typed in an act on a whole household: where it is, into which one, under whom."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.staff.file_forms import OpenFile, WhenForm
from households.models import Member, Relation, Subject
from households.operations.files.kinship import Kin
from households.queries import searching
from households.queries.files import members_of
from villages.models import Unit


class AddressForm(WhenForm):
    """A group and a number."""

    unit = forms.ChoiceField(
        label=gettext_lazy("小组"),
        error_messages={
            "required": gettext_lazy("请选小组。"),
            "invalid_choice": gettext_lazy("请在列出的里选。"),
        },
    )
    number = forms.CharField(
        label=gettext_lazy("户号"),
        max_length=20,
        error_messages={"required": gettext_lazy("请填户号。")},
    )

    def __init__(self, data: Any, file: OpenFile, initial: Mapping[str, Any] | None = None) -> None:
        subject = file.subject
        known = {"unit": str(subject.unit_id or ""), "number": subject.number}
        super().__init__(data, file, known if initial is None else initial)
        self.fields["unit"].choices = [(str(one.pk), one.name) for one in file.groups]  # type: ignore[attr-defined]
        if subject.kind != Subject.Kind.HOUSEHOLD:
            del self.fields["unit"]

    @property
    def group(self) -> Unit | None:
        """The chosen group."""
        chosen = self.cleaned_data.get("unit", "")
        return next((one for one in self.file.groups if str(one.pk) == chosen), None)


class PlaceForm(WhenForm):
    """Another household of the village, said by its group and number."""

    place = forms.CharField(
        label=gettext_lazy("哪一户（组和户号，例如3组12）"),
        max_length=40,
        error_messages={"required": gettext_lazy("请填组和户号，例如3组12。")},
    )
    other: Subject

    def clean_place(self) -> str:
        typed: str = self.cleaned_data["place"]
        found = searching.household_at(village_id=self.file.subject.village_id, typed=typed)
        if found is None:
            raise forms.ValidationError(_("没有找到这一户。请写成组和户号，例如3组12。"))
        self.other = found
        return str(found)


class MoveForm(PlaceForm):
    """To which household a person goes, and who that is to its head."""

    relation = forms.CharField(
        label=gettext_lazy("和那一户户主的关系"), required=False, max_length=20
    )


class KinForm(PlaceForm):
    """Who of another household is kin, and how."""

    who = forms.CharField(
        label=gettext_lazy("那一户里是谁（姓名）"),
        max_length=60,
        error_messages={"required": gettext_lazy("请填那一户里亲属的姓名。")},
    )
    kin = forms.ChoiceField(
        label=gettext_lazy("两个人是什么关系"),
        choices=Relation.Kin.choices,
        error_messages={"required": gettext_lazy("请选两个人是什么关系。")},
    )
    person: Member

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if "place" in typed and "who" in typed:
            named = [one for one in members_of(self.other) if one.name == typed["who"].strip()]
            if len(named) == 1:
                self.person = named[0]
            else:
                self.add_error("who", _("那一户没有叫这个名字的人，或者不止一个，请核对。"))
        return typed

    @property
    def chosen(self) -> Kin:
        """As the operation takes it."""
        return Kin(self.other, self.person, Relation.Kin(self.cleaned_data["kin"]))


class MergeForm(PlaceForm):
    """To which household all of this one go."""

    def __init__(self, data: Any, file: OpenFile, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, file, initial)
        self._ask_relations(file.members, _("那一户户主"))


class HeadForm(WhenForm):
    """Who is the head from now on, and what the others are to that one."""

    head = forms.ChoiceField(
        label=gettext_lazy("新户主"),
        error_messages={
            "required": gettext_lazy("请选新户主。"),
            "invalid_choice": gettext_lazy("请在列出的里选。"),
        },
    )

    def __init__(self, data: Any, file: OpenFile, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, file, initial)
        choices = [("", _("请选")), *((str(one.pk), one.name) for one in file.members)]
        self.fields["head"].choices = choices  # type: ignore[attr-defined]
        self._ask_relations(file.members, _("新户主"))

    @property
    def chosen(self) -> Member:
        """The member who was chosen."""
        wanted = self.cleaned_data["head"]
        return next(one for one in self.file.members if str(one.pk) == wanted)


class SplitForm(HeadForm, AddressForm):
    """Who leaves, where to, under whom, and with how many of the spendable points."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("分出去的人"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("请选分出去的人。"),
            "invalid_choice": gettext_lazy("请在列出的里选。"),
        },
    )
    points = forms.IntegerField(
        label=gettext_lazy("带走多少可兑积分"),
        min_value=0,
        initial=0,
        error_messages={
            "required": gettext_lazy("请填分数；不带走填0。"),
            "invalid": gettext_lazy("分数请写成整数，例如15。"),
            "min_value": gettext_lazy("分数不能比0小。"),
        },
    )

    def __init__(self, data: Any, file: OpenFile) -> None:
        initial = {"unit": str(file.subject.unit_id or ""), "number": "", "points": 0}
        super().__init__(data, file, initial)
        choices = [(str(one.pk), f"{one.name} {one.relation}") for one in file.members]
        self.fields["people"].choices = choices  # type: ignore[attr-defined]
        self.order_fields(["people", "head", "unit", "number", "points"])

    @property
    def chosen_ids(self) -> list[int]:
        """Who was ticked."""
        return [int(one) for one in self.cleaned_data["people"]]
