from django.contrib import admin

from accounts.roles import Action
from notices.content_texts import content_lines
from notices.models import Notice, NoticeBody, NoticeLabel
from trail.desk import ScopedReadOnlyAdmin, VillageFilter
from trail.showing import readable_lines


@admin.register(Notice)
class NoticeAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_NOTICES
    found_by = ("village", "corrects")
    list_display = ("number", "title", "village", "kind", "state", "publish_on", "until_on")
    list_filter = (VillageFilter, "kind", "state")
    list_select_related = ("village",)
    search_fields = ("number__startswith", "title__startswith")
    date_hierarchy = "publish_on"


@admin.register(NoticeBody)
class NoticeBodyAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_NOTICES
    found_by = ("notice",)
    list_display = ("short_code", "notice", "content_sha256", "seal_root")
    list_filter = (VillageFilter,)
    list_select_related = ("notice",)
    search_fields = ("short_code__exact",)
    heavy = ("canonical",)
    says = {"canonical": lambda body: readable_lines(content_lines(body.content))}  # noqa: RUF012


@admin.register(NoticeLabel)
class NoticeLabelAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_NOTICES
    found_by = ("notice",)
    list_display = ("subject_key", "label", "unit", "notice", "village")
    list_filter = (VillageFilter,)
    list_select_related = ("notice", "village")
    search_fields = ("subject_key__exact", "label__startswith")
