"""The records desk: Django's admin in our colours, behind the role table."""

from collections.abc import Iterable, Sequence
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account import views as account
from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import pages
from accounts.models import User
from accounts.roles import Action
from desk.staff import records
from desk.staff.due import due
from trail import clock
from trail.desk import Act, ScopedReadOnlyAdmin
from trail.scope import Scope

_APPS = ("scoring", "households", "villages", "notices", "accounts", "jobs", "trail")


class RecordsDesk(admin.AdminSite):
    """Every record, scoped to the user's villages. Being let in takes a posting in force."""

    site_header = _("档案台")
    site_title = _("档案台")
    index_title = _("查档案")
    enable_nav_sidebar = False

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[admin.ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        """Take scoped pages only: Django's own groups and permissions play no part here."""
        if admin_class is not None and issubclass(admin_class, ScopedReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def scope_of(self, request: HttpRequest) -> Scope:
        """What the postings of the request's user allow today."""
        return pages.scope_of(request)

    def acts_of(self, request: HttpRequest, row: Model) -> Sequence[Act]:
        """What the user of the request can do about a record, each on its page."""
        return records.acts_of(self.scope_of(request), row)

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """What is looked up most first, not by the alphabet."""
        found = super().get_app_list(request, app_label)
        order = {label: place for place, label in enumerate(_APPS)}
        return sorted(found, key=lambda app: order.get(app["app_label"], len(order)))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The same to-dos as in the workspace, then the records."""
        user = cast(User, request.user)
        waiting = due(self.scope_of(request), person_id=user.person_id, at=clock.now())
        return super().index(request, {"due": waiting, **(extra_context or {})})

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """On the one page that keeps the rules of passwords."""
        return redirect("account_change_password")

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The one door is elsewhere; whoever came through it without a posting is told so."""
        if not request.user.is_authenticated or self.has_permission(request):
            wanted = request.GET.get("next") or reverse("admin:index")
            return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")
        context = {**self.each_context(request), "title": "", "site_name": settings.SITE_NAME}
        return render(request, "admin/no_posting.html", context)

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """As everywhere else."""
        return account.logout(request)

    def has_permission(self, request: HttpRequest) -> bool:
        return any(self.scope_of(request).allows(action) for action in Action)
