"""What staff type: a day, a reason."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 200
# Of a household's number or group, typed to find it.
LONGEST_NUMBER = 20


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, from the browser's own calendar."""
    words = {"required": _("请填日期。"), "invalid": _("日期请写成2026-11-01。")}
    calendar = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=calendar, error_messages=words, **more)


def percent_field(*, usual: int) -> forms.IntegerField:
    """How many in a hundred are drawn, at least one; `usual` stands there first."""
    wrong = format_lazy(_("请填1到100的整数，例如{usual}。"), usual=usual)
    words = dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong)
    typed = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(
        label=_("抽百分之几"),
        min_value=1,
        max_value=100,
        initial=usual,
        error_messages=words,
        widget=typed,
    )


def reason_field(ask: Any, **more: Any) -> forms.CharField:
    """Why somebody does something; `ask` is the sentence for a reason that is missing."""
    words = {"required": ask, "max_length": _("理由最多200个字，请写短一些。")}
    return forms.CharField(max_length=LONGEST_REASON, error_messages=words, **more)


class DayForm(forms.Form):
    """The first day on the wall."""

    publish_on = forms.DateField(
        error_messages={"required": _("请填哪天开始公示。"), "invalid": _("日期请写成2026-11-01。")}
    )


class SignatureForm(forms.Form):
    """What supervision found out about a broken ledger, and what was done."""

    reason = forms.CharField(
        max_length=300,
        error_messages={
            "required": _("请写明查到了什么、怎么处理的。"),
            "max_length": _("说明最多300个字，请写短一些。"),
        },
    )


class ReasonForm(forms.Form):
    """Why the second person says no."""

    reason = reason_field(_("请填不同意的理由。"))
