from django.contrib import admin

from accounts.roles import Action
from files.models import Attachment
from trail.desk import ScopedReadOnlyAdmin, VillageFilter


@admin.register(Attachment)
class AttachmentAdmin(ScopedReadOnlyAdmin):
    needs = Action.CHECK_COLLECTION
    found_by = ("village",)
    list_display = ("sha256", "village", "state", "reason", "size", "got", "begun_at")
    list_filter = (VillageFilter, "state")
    list_select_related = ("village",)
    date_hierarchy = "begun_at"
    search_fields = ("sha256__exact",)
