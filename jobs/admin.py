from django.contrib import admin

from accounts.roles import Action
from jobs.models import Job
from jobs.naming import kind_in_words, object_in_words
from trail.desk import ScopedReadOnlyAdmin, VillageFilter


@admin.register(Job)
class JobAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_JOBS
    found_by = ("village", "township")
    list_display = (
        "kind",
        "key",
        "village",
        "township",
        "state",
        "done",
        "total",
        "failures",
        "asked_at",
    )
    list_filter = (VillageFilter, "state")
    list_select_related = ("village", "township")
    search_fields = ("kind__startswith", "key__startswith")
    heavy = ("payload", "result")
    # A job that counts nothing has done 0 of 0, which reads like nothing done.
    says = {  # noqa: RUF012
        "kind": lambda row: kind_in_words(row.kind),
        "key": lambda row: object_in_words(row.key),
        "done": lambda row: str(row.done) if row.total else "",
        "total": lambda row: str(row.total) if row.total else "",
    }
