"""What staff type: name and password, a day, a reason."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class LogInForm(AuthenticationForm):
    """Name and password; what is wrong is said without telling which of the two."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages = {
            "invalid_login": _("账号或密码不对，请再输一遍。"),
            "inactive": _("这个账号已经停用，请找乡镇管理员。"),
        }
        self.fields["username"].error_messages["required"] = _("请填账号。")
        self.fields["password"].error_messages["required"] = _("请填密码。")


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

    reason = forms.CharField(
        max_length=200,
        error_messages={
            "required": _("请填不同意的理由。"),
            "max_length": _("理由最多200个字，请写短一些。"),
        },
    )
