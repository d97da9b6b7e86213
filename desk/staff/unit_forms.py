"""When a change of a unit happened, and why."""

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.forms import day_field
from households.operations.files.keeping import LONGEST_NOTE, When
from trail import clock


class WhenForm(forms.Form):
    """The day, today unless another is typed, and a word about it."""

    on = day_field(_("从哪天起"), required=False)
    note = forms.CharField(
        label=_("说明（选填，不写姓名）"),
        max_length=LONGEST_NOTE,
        required=False,
        error_messages={"max_length": _("最多200个字，请写短一些。")},
    )

    @property
    def when(self) -> When:
        """As the operations take it."""
        return When(self.cleaned_data["on"] or clock.today(), self.cleaned_data["note"])
