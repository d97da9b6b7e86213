"""What is typed about rounds and assignments; each choice holds only what the visitor reaches."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.forms import day_field, percent_field
from households.models import CollectionForm
from households.operations.rounds import RoundPlan
from villages.models import Person


class RoundForm(forms.Form):
    """A round: its name, its days, what it asks."""

    title = forms.CharField(
        label=_("名称，例如“2026年冬季采集”"),
        max_length=60,
        error_messages={
            "required": _("请填轮次的名称。"),
            "max_length": _("名称最多60个字，请写短一些。"),
        },
    )
    opens_on = day_field(_("从哪天开始"))
    closes_on = day_field(_("到哪天截止"))
    forms = forms.MultipleChoiceField(
        label=_("用哪些采集表"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("请至少选一张采集表。"),
            "invalid_choice": _("有一张表没有在用了，请重新选。"),
        },
    )

    def __init__(
        self, data: Any, *, offered: Sequence[CollectionForm], initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self._offered = {str(form.pk): form for form in offered}
        field = self.fields["forms"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [
            (pk, f"{form}（{form.get_subject_kind_display()}·{form.get_purpose_display()}）")
            for pk, form in self._offered.items()
        ]

    @property
    def plan(self) -> RoundPlan:
        """What is typed, once it is valid."""
        typed = self.cleaned_data
        chosen = [self._offered[pk] for pk in typed["forms"]]
        return RoundPlan(typed["title"], typed["opens_on"], typed["closes_on"], chosen)


class LastDayForm(forms.Form):
    """More time for an open round, or less."""

    closes_on = day_field(_("改到哪天截止"))


class CollectorForm(forms.Form):
    """One of the collectors of a village."""

    collector = forms.ChoiceField(
        label=_("派给谁"),
        error_messages={
            "required": _("请选采集员。"),
            "invalid_choice": _("这个村没有这位采集员，请在列出的里选。"),
        },
    )

    def __init__(self, data: Any, *, people: Sequence[Person]) -> None:
        super().__init__(data)
        self.people = {str(person.pk): person for person in people}
        field = self.fields["collector"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _("请选采集员")), *((pk, p.name) for pk, p in self.people.items())]

    @property
    def chosen(self) -> Person:
        """The collector, once what is typed is valid."""
        return self.people[self.cleaned_data["collector"]]


class DrawForm(forms.Form):
    """How many in a hundred are looked at a second time."""

    percent = percent_field(usual=5)
