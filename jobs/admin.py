from django.contrib import admin

from accounts.roles import Action
from jobs.models import Job
from trail.desk import ScopedReadOnlyAdmin, VillageFilter


@admin.register(Job)
class JobAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_JOBS
    found_by = ("village",)
    list_display = ("key", "kind", "village", "state", "done", "total", "failures", "asked_at")
    list_filter = (VillageFilter, "state")
    list_select_related = ("village",)
    search_fields = ("kind__startswith", "key__startswith")
    heavy = ("payload", "result")
