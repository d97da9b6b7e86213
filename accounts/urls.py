"""Addresses of log-ins, all under /staff/. The names are allauth's, which looks for them."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from django.urls import path

from accounts import account_views, views
from accounts.transactions import begins_late

# No address for sign-up, mail or a reset by mail: they are not found. Where a password or a code is
# tried, the try is kept whatever the answer is.
urlpatterns = [
    path("login/", begins_late(account.login), name="account_login"),
    path("login/code/", begins_late(mfa.authenticate), name="mfa_authenticate"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("invite/<str:token>/", views.invited, name="invited"),
    path("account/", views.own_account, name="own_account"),
    path(
        "account/password/",
        begins_late(account_views.ChangePassword.as_view()),
        name="account_change_password",
    ),
    path(
        "account/again/",
        begins_late(account.reauthenticate),
        name="account_reauthenticate",
    ),
    path(
        "account/again/code/",
        begins_late(mfa.reauthenticate),
        name="mfa_reauthenticate",
    ),
    path("account/sessions/", views.sessions, name="sessions"),
    path("account/sessions/end/", views.end_sessions, name="sessions_end"),
    path("account/codes/", views.own_account, name="mfa_index"),
    path("account/codes/on/", account_views.SetUpCodes.as_view(), name="mfa_activate_totp"),
    path("account/codes/off/", account_views.TakeOffCodes.as_view(), name="mfa_deactivate_totp"),
    path("account/codes/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/codes/recovery/new/",
        account_views.NewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]
