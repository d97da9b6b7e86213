"""What is typed about visits."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.forms import day_field, percent_field
from households.models import Channel, Subject
from trail import clock
from villages.models import Person


class VisitForm(forms.Form):
    """A visit: when, how, and what has changed, if anything has."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    visited_on = day_field(_("哪天去的"))
    channel = forms.ChoiceField(
        label=_("方式"),
        choices=[(one.value, one.label) for one in (Channel.HOME, Channel.PHONE, Channel.WECHAT)],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("变了什么（没有变化不用填）"),
        max_length=200,
        required=False,
        error_messages={"max_length": _("最多200个字，请写短一些。")},
    )

    @classmethod
    def first(cls, number: UUID) -> dict[str, Any]:
        """What stands there before anything is typed: today, at the door, nothing changed."""
        return {"uuid": number, "visited_on": clock.today(), "channel": Channel.HOME}

    @property
    def told(self) -> Mapping[str, Any]:
        """As the operation takes it; words about a change are the change."""
        typed = self.cleaned_data
        return {
            "uuid": typed["uuid"],
            "visited_on": typed["visited_on"],
            "channel": Channel(typed["channel"]),
            "changed": bool(typed["note"]),
            "note": typed["note"],
        }


def _people(people: Sequence[Person]) -> list[tuple[str, str]]:
    return [(str(person.pk), person.name) for person in people]


class ContactsForm(forms.Form):
    """Who calls on which households each month."""

    person = forms.ChoiceField(
        label=_("谁去走访"),
        error_messages={"required": _("请选谁去。"), "invalid_choice": _("请从名单里选。")},
    )
    household = forms.MultipleChoiceField(
        label=_("哪些户"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请勾选农户。"), "invalid_choice": _("请从名单里选。")},
    )

    def __init__(
        self, data: Any, *, people: Sequence[Person], households: Sequence[Subject]
    ) -> None:
        super().__init__(data)
        self._people = {str(person.pk): person for person in people}
        self.fields["person"].choices = [("", _("请选")), *_people(people)]  # type: ignore[attr-defined]
        self.fields["household"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), _label(one)) for one in households
        ]

    @property
    def chosen(self) -> dict[str, Any]:
        """As the operation takes it."""
        typed = self.cleaned_data
        return {
            "person": self._people[typed["person"]],
            "subject_ids": [int(pk) for pk in typed["household"]],
        }


def _label(household: Subject) -> str:
    contact = getattr(household, "contact_name", None)
    now = _("（现在是%(name)s）") % {"name": contact} if contact else ""
    return f"{household}{now}"


class DrawForm(forms.Form):
    """How many in a hundred, who goes, until when."""

    percent = percent_field(usual=10)
    until = day_field(_("哪天以前查完"))
    person = forms.MultipleChoiceField(
        label=_("谁去督查"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请勾选去督查的人。"), "invalid_choice": _("请从名单里选。")},
    )

    def __init__(self, data: Any, *, people: Sequence[Person]) -> None:
        super().__init__(data)
        self.fields["person"].choices = _people(people)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        """As the operation takes it."""
        typed = self.cleaned_data
        return {
            "percent": typed["percent"],
            "until": typed["until"],
            "person_ids": [int(pk) for pk in typed["person"]],
        }
