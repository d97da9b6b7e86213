from django.contrib import admin

from trail.desk import ScopedReadOnlyAdmin
from trail.models import AuditEvent
from trail.naming import act, referenced


@admin.register(AuditEvent)
class AuditEventAdmin(ScopedReadOnlyAdmin):
    needs = "view_audit"
    list_display = ("at", "actor", "role", "what", "about")
    search_fields = ("what__startswith", "about__startswith")
    date_hierarchy = "at"
    heavy = ("detail",)
    says = {  # noqa: RUF012
        "what": lambda row: act(row.what),
        "about": lambda row: referenced(row.about),
    }
