"""How allauth fits here: log-in by name, no sign-up, no mail, our limits and our keys."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from accounts.backends import network_at
from accounts.devices import device_of
from accounts.models import User
from accounts.operations import access, lockout, passwords
from accounts.pages import actor_of
from accounts.sessions import DEVICE, NETWORK, OF_A_TOWNSHIP, SEEN, STARTED
from trail import clock
from trail.errors import DomainError
from trail.sealing import seal, unseal

SECRETS = "mfa.authenticator.data"


class LogInAdapter(DefaultAccountAdapter):
    """Accounts are opened by an administrator; the audit trail knows who came and went."""

    error_messages = {  # noqa: RUF012
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("账号或密码不对，请再输一遍。"),
        "enter_current_password": _("现在的密码不对，请再输一遍。"),
        "incorrect_password": _("密码不对，请再输一遍。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        try:
            user = authenticate(request, **credentials)
        except DomainError as refusal:
            raise ValidationError(str(refusal)) from refusal
        return user if isinstance(user, User) else None

    def reauthenticate(self, user: User, password: str) -> bool:
        again = self.authenticate(self.request, username=user.username, password=password)
        return again is not None and again.pk == user.pk

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin a session that knows its device; earlier failures are forgiven."""
        super().login(request, user)
        now = clock.now()
        request.session.update(
            {
                STARTED: now.timestamp(),
                SEEN: now.timestamp(),
                DEVICE: device_of(request.headers.get("User-Agent", "")),
                NETWORK: network_at(request),
                OF_A_TOWNSHIP: second_factor.is_needed(user),
            }
        )
        by = actor_of(request, user)
        lockout.forgive(username=user.username, by=by, at=now)
        access.note(what="accounts.logged_in", user=user, by=by, at=now)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            by = actor_of(request, request.user)
            access.note(what="accounts.logged_out", user=request.user, by=by, at=clock.now())
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        passwords.choose(
            user=user, password=password, by=actor_of(self.request, user), at=clock.now()
        )

    def is_safe_url(self, url: str) -> bool:
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            # Not even an address: `//[`.
            return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say themselves what happened."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nobody here has an address for mail."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nobody here has an address for mail."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Codes of a phone; their secrets are sealed with the installation's keys."""

    error_messages = {  # noqa: RUF012
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不对。看一下手机上的时间准不准，再输现在显示的6位数。"),
        "cannot_delete_authenticator": _("您的职务要用手机验证码登录，不能停用。"),
    }

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, column=SECRETS)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text), column=SECRETS)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not second_factor.is_needed(authenticator.user)
