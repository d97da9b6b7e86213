from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet

from accounts.roles import Action
from households.masks import ID_NUMBER_MASK, PHONE_MASK
from households.models import (
    Assignment,
    CollectionForm,
    CollectionRecord,
    CollectionRound,
    Consent,
    FileChange,
    Member,
    Placement,
    Relation,
    ReportLink,
    Subject,
    Visit,
    VisitDuty,
)
from households.queries.forms import forms_around
from households.queries.rounds import rounds_within
from trail.desk import ScopedReadOnlyAdmin, VillageFilter
from trail.scope import Scope


@admin.register(Subject)
class SubjectAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_REGISTER
    found_by = ("village", "unit")
    # Whoever has the token opens the household's page.
    exclude = ("qr_token", "pin_hash")
    list_display = ("number", "name", "kind", "village", "unit", "state", "publish_choice")
    list_filter = (VillageFilter, "kind", "state", "publish_choice")
    list_select_related = ("village", "unit")
    search_fields = ("number__exact", "name__startswith")


@admin.register(Member)
class MemberAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_REGISTER
    found_by = ("village", "subject")
    masks = {"id_number": ID_NUMBER_MASK, "phone": PHONE_MASK}  # noqa: RUF012
    exclude = ("id_hmac", "id_tail_hmac", "phone_hmac", "phone_tail_hmac")
    list_display = ("name", "subject", "village", "relation", "id_number", "phone", "state")
    list_filter = (VillageFilter, "state", "sex", "away")
    list_select_related = ("subject__unit", "village")
    search_fields = ("name__startswith",)

    def rows_within(self, scope: Scope) -> QuerySet[Any]:
        """Nobody who waits for a consent, and none of the erased."""
        return super().rows_within(scope).exclude(state__in=Member.HIDDEN)


@admin.register(Relation)
class RelationAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_REGISTER
    found_by = ("village", "member")
    list_display = ("member", "other", "kin", "village", "recorded_at")
    list_filter = (VillageFilter, "kin")
    list_select_related = ("member", "other", "village")
    search_fields = ("member__name__startswith", "other__name__startswith")

    def rows_within(self, scope: Scope) -> QuerySet[Any]:
        """Of people who stand on pages."""
        hidden = Q(member__state__in=Member.HIDDEN) | Q(other__state__in=Member.HIDDEN)
        return super().rows_within(scope).exclude(hidden)


@admin.register(Consent)
class ConsentAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_REGISTER
    found_by = ("village", "subject")
    # A child whose guardian took it back stands on no page.
    exclude = ("member",)
    list_display = ("subject", "village", "purpose", "given_by", "given_on", "withdrawn_on")
    list_filter = (VillageFilter, "purpose", "channel", "given_by")
    list_select_related = ("subject__unit", "village")
    date_hierarchy = "given_on"
    search_fields = ("subject__number__exact",)


@admin.register(FileChange)
class FileChangeAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_REGISTER
    found_by = ("village", "subject")
    exclude = ("member",)
    list_display = ("subject", "village", "kind", "other", "happened_on", "recorded_at")
    list_filter = (VillageFilter, "kind")
    list_select_related = ("subject__unit", "other__unit", "village")
    date_hierarchy = "happened_on"
    search_fields = ("subject__number__exact",)


@admin.register(VisitDuty)
class VisitDutyAdmin(ScopedReadOnlyAdmin):
    needs = Action.CHECK_COLLECTION
    found_by = ("village", "subject")
    list_display = ("subject", "village", "person", "kind", "from_on", "to_on")
    list_filter = (VillageFilter, "kind")
    list_select_related = ("subject__unit", "village", "person")
    search_fields = ("subject__number__exact", "person__name__startswith")


@admin.register(Visit)
class VisitAdmin(ScopedReadOnlyAdmin):
    needs = Action.CHECK_COLLECTION
    found_by = ("village", "subject")
    list_display = ("subject", "village", "person", "kind", "visited_on", "channel", "changed")
    list_filter = (VillageFilter, "kind", "changed", "channel")
    list_select_related = ("subject__unit", "village", "person")
    date_hierarchy = "visited_on"
    search_fields = ("subject__number__exact", "person__name__startswith")


@admin.register(Placement)
class PlacementAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_REGISTER
    found_by = ("village", "subject", "unit")
    list_display = ("subject", "village", "kind", "unit")
    list_filter = (VillageFilter, "kind")
    list_select_related = ("subject__unit", "village", "unit")
    search_fields = ("subject__number__exact", "unit__name__startswith")


@admin.register(CollectionRecord)
class CollectionRecordAdmin(ScopedReadOnlyAdmin):
    needs = Action.CHECK_COLLECTION
    found_by = ("village", "subject")
    # What was said is read in words on the record's page in the workspace.
    exclude = ("answers", "attachments", "form_code", "device")
    list_display = (
        "subject", "village", "form", "collector", "channel", "state", "is_current", "arrived_at",
    )  # fmt: skip
    list_filter = (VillageFilter, "state", "channel", "outcome", "is_check", "is_current")
    list_select_related = ("subject__unit", "village", "form", "collector")
    date_hierarchy = "arrived_at"
    search_fields = ("subject__number__exact", "receipt__exact")


@admin.register(CollectionForm)
class CollectionFormAdmin(ScopedReadOnlyAdmin):
    needs = Action.CHECK_COLLECTION
    found_by = ("township",)
    # Its page shows the questions as they are asked.
    exclude = ("content",)
    list_display = ("title", "version", "subject_kind", "purpose", "state", "township", "used_from")
    list_filter = ("state", "subject_kind", "purpose")
    list_select_related = ("township",)
    search_fields = ("title__startswith",)

    def rows_within(self, scope: Scope) -> QuerySet[Any]:
        return forms_around(scope, self.needs)


@admin.register(CollectionRound)
class CollectionRoundAdmin(ScopedReadOnlyAdmin):
    needs = Action.CHECK_COLLECTION
    found_by = ("township",)
    list_display = ("title", "township", "opens_on", "closes_on", "state")
    list_filter = ("state",)
    list_select_related = ("township",)
    search_fields = ("title__startswith",)

    def rows_within(self, scope: Scope) -> QuerySet[Any]:
        return rounds_within(scope, self.needs)


@admin.register(Assignment)
class AssignmentAdmin(ScopedReadOnlyAdmin):
    needs = Action.CHECK_COLLECTION
    found_by = ("village", "round", "subject", "collector")
    list_display = ("subject", "village", "round", "collector", "purpose", "state", "done_at")
    list_filter = (VillageFilter, "state", "purpose")
    list_select_related = ("subject__unit", "village", "round", "collector")


@admin.register(ReportLink)
class ReportLinkAdmin(ScopedReadOnlyAdmin):
    needs = Action.CHECK_COLLECTION
    found_by = ("village", "subject")
    # By it a link is known; nobody reads the link itself again.
    exclude = ("secret_digest",)
    list_display = ("subject", "village", "form", "made_by", "made_at", "expires_at", "used_at")
    list_filter = (VillageFilter,)
    list_select_related = ("subject__unit", "village", "form", "made_by")
    date_hierarchy = "made_at"
    search_fields = ("subject__number__exact", "made_by__name__startswith")
