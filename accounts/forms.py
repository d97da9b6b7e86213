"""What is typed at the door: name, password, code."""

from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as mfa
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.adapters import LogInAdapter, SecondFactorAdapter
from accounts.backends import network_at, stranger
from accounts.operations import lockout
from trail import clock
from trail.errors import DomainError


class LogInForm(account.LoginForm):
    """Name and password; what is wrong is said without telling which of the two."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages["required"] = _("请填账号。")
        self.fields["login"].error_messages["max_length"] = _("账号没有这么长，请核对。")
        self.fields["password"].error_messages["required"] = _("请填密码。")


class ChangePasswordForm(account.ChangePasswordForm):
    """The old password is tried as at the door: five wrong ones, and it rests."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].error_messages["required"] = _("请填现在的密码。")
        self.fields["password1"].error_messages["required"] = _("请填新密码。")
        self.fields["password2"].error_messages["required"] = _("请再填一遍新密码。")

    def clean_oldpassword(self) -> str:
        adapter = LogInAdapter(context.request)
        typed: str = self.cleaned_data["oldpassword"]
        if not adapter.reauthenticate(self.user, typed):
            raise adapter.validation_error("enter_current_password")
        return typed


class _LimitedCode(mfa.BaseAuthenticateForm):
    """A wrong code counts like a wrong password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].error_messages["required"] = _("请填验证码。")

    def clean_code(self) -> str:
        try:
            code = lockout.tried(
                username=self.user.username,
                network=network_at(context.request),
                attempt=self._right_code,
                by=stranger(context.request),
                at=clock.now(),
            )
        except DomainError as refusal:
            raise ValidationError(str(refusal)) from refusal
        if code is None:
            raise SecondFactorAdapter().validation_error("incorrect_code")
        return code

    def _right_code(self) -> str | None:
        try:
            return str(super().clean_code())
        except ValidationError:
            return None


class CodeForm(_LimitedCode, mfa.AuthenticateForm):
    """The second step of logging in."""


class CodeAgainForm(_LimitedCode, mfa.ReauthenticateForm):
    """Who is logged in shows it once more."""
