"""allauth's pages of the own log-in, each of whose acts is on the trail."""

from typing import Any

from allauth.account.views import PasswordChangeView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import passwords, second_factor
from accounts.models import User
from accounts.operations import access
from accounts.pages import actor_of
from trail import clock


def _note(request: HttpRequest, what: str) -> None:
    user = request.user
    if isinstance(user, User):
        access.note(what=what, user=user, by=actor_of(request, user), at=clock.now())


@method_decorator(never_cache, name="dispatch")
class ChangePassword(LoginRequiredMixin, PasswordChangeView):
    """The old password, and the new one twice; every other device is logged out."""

    success_url = "/staff/account/"

    def get_default_success_url(self) -> str:
        return self.success_url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"advice": passwords.advice()}

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, _("密码换好了。别的设备上都已经退出。"))
        return response


@method_decorator(never_cache, name="dispatch")
class SetUpCodes(LoginRequiredMixin, ActivateTOTPView):
    """A picture for the phone, and the first code back."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        needed = isinstance(self.request.user, User) and second_factor.is_needed(self.request.user)
        return super().get_context_data(**kwargs) | {"needed": needed}

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        self.request.session[second_factor.SET_UP] = True
        _note(self.request, "accounts.second_factor_set_up")
        return response


@method_decorator(never_cache, name="dispatch")
class TakeOffCodes(LoginRequiredMixin, DeactivateTOTPView):
    """For those who need not have them."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        self.request.session.pop(second_factor.SET_UP, None)
        _note(self.request, "accounts.second_factor_taken_off")
        return response


@method_decorator(never_cache, name="dispatch")
class NewRecoveryCodes(LoginRequiredMixin, GenerateRecoveryCodesView):
    """New ones; the old ones are void."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        _note(self.request, "accounts.recovery_codes_made")
        return response
