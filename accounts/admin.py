from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from accounts import queries
from accounts.models import Proposal, User
from accounts.roles import Action
from trail.desk import ScopedReadOnlyAdmin, VillageFilter
from trail.naming import referenced
from trail.scope import Scope


@admin.register(User)
class UserAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_POSTINGS
    found_by = ("person",)
    exclude = ("password",)
    list_display = ("username", "person", "is_active", "last_login")
    list_filter = ("is_active",)
    list_select_related = ("person",)
    search_fields = ("username__startswith", "person__name__startswith")

    def rows_within(self, scope: Scope) -> QuerySet[Any]:
        return queries.users_within(scope, self.needs)


@admin.register(Proposal)
class ProposalAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_NOTICES
    found_by = ("village", "township")
    exclude = ("content",)
    list_display = ("about", "village", "township", "kind", "proposed_by", "decision", "decided_by")
    list_filter = (VillageFilter, "kind", "decision")
    list_select_related = ("village", "township", "proposed_by", "decided_by")
    search_fields = ("about__startswith",)
    date_hierarchy = "proposed_at"
    says = {"about": lambda row: referenced(row.about)}  # noqa: RUF012
