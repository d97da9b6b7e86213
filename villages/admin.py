from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from trail.desk import ScopedReadOnlyAdmin, VillageFilter
from trail.scope import Scope
from villages import queries
from villages.models import (
    CalendarRule,
    Person,
    Post,
    Posting,
    Township,
    Unit,
    Village,
    WorkGroup,
)

PHONE_MASK = (3, 4)


@admin.register(Township)
class TownshipAdmin(ScopedReadOnlyAdmin):
    needs = "view_notices"
    list_display = ("name", "code", "county", "city", "province")
    search_fields = ("name__startswith", "code__startswith")

    def rows_within(self, scope: Scope) -> QuerySet[Any]:
        return queries.townships_within(scope, self.needs)


@admin.register(Village)
class VillageAdmin(ScopedReadOnlyAdmin):
    needs = "view_notices"
    found_by = ("township",)
    list_display = ("name", "code", "township", "kind", "stage", "slug")
    list_filter = ("kind", "stage")
    list_select_related = ("township",)
    search_fields = ("name__startswith", "code__startswith", "slug__startswith")


@admin.register(Unit)
class UnitAdmin(ScopedReadOnlyAdmin):
    needs = "view_notices"
    found_by = ("village", "parent")
    list_display = ("name", "kind", "village", "parent")
    list_filter = (VillageFilter, "kind")
    list_select_related = ("village", "parent")
    search_fields = ("name__startswith",)


@admin.register(Person)
class PersonAdmin(ScopedReadOnlyAdmin):
    needs = "view_postings"
    exclude = ("id_hmac",)
    masks = {"phone": PHONE_MASK}  # noqa: RUF012
    list_display = ("name", "phone")
    search_fields = ("name__startswith",)

    def rows_within(self, scope: Scope) -> QuerySet[Any]:
        return queries.people_within(scope, self.needs)


@admin.register(Post)
class PostAdmin(ScopedReadOnlyAdmin):
    needs = "view_postings"
    exclude = ("code",)
    list_display = ("name",)

    def rows_within(self, scope: Scope) -> QuerySet[Any]:
        return queries.posts()


@admin.register(WorkGroup)
class WorkGroupAdmin(ScopedReadOnlyAdmin):
    needs = "view_postings"
    found_by = ("township", "village")
    list_display = ("name", "kind", "township", "village")
    list_filter = ("kind",)
    list_select_related = ("township", "village")
    search_fields = ("name__startswith",)

    def rows_within(self, scope: Scope) -> QuerySet[Any]:
        return queries.work_groups_within(scope, self.needs)


@admin.register(Posting)
class PostingAdmin(ScopedReadOnlyAdmin):
    needs = "view_postings"
    found_by = ("person", "post", "township", "village", "unit", "group", "deputy_of")
    list_display = ("person", "post", "township", "village", "unit", "from_on", "to_on")
    list_filter = ("route",)
    list_select_related = ("person", "post", "township", "village", "unit")
    search_fields = ("person__name__startswith",)
    date_hierarchy = "from_on"

    def rows_within(self, scope: Scope) -> QuerySet[Any]:
        return queries.postings_within(scope, self.needs)


@admin.register(CalendarRule)
class CalendarRuleAdmin(ScopedReadOnlyAdmin):
    needs = "view_notices"
    found_by = ("township",)
    list_display = ("township", "close_day", "notice_days", "answer_days")
    list_select_related = ("township",)

    def rows_within(self, scope: Scope) -> QuerySet[Any]:
        return queries.calendars_within(scope, self.needs)
