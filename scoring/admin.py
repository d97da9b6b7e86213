from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.roles import Action
from scoring.models import (
    Adoption,
    Balance,
    Category,
    Correction,
    Decision,
    Entry,
    Hold,
    Item,
    LedgerState,
    Month,
    MonthlyTotal,
    Rating,
    RuleBook,
    Seal,
    StarScheme,
    TranscribedLine,
    Veto,
)
from scoring.queries import records
from scoring.reason_texts import sentences, star_names
from scoring.scheme_texts import scheme_lines
from trail.desk import ScopedReadOnlyAdmin, VillageFilter
from trail.scope import Scope
from trail.showing import readable_lines


class MonthFilter(admin.SimpleListFilter):
    """Filters by a month of the user's own villages."""

    title = _("月份")
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The months there are, newest first."""
        months = records.months_within(model_admin.scope_of(request), model_admin.needs)
        return [(month, month) for month in months]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Rows of the chosen month."""
        return queryset.filter(month=self.value()) if self.value() else queryset


def _scheme_name(row: Any) -> str:
    return str(row.scheme_name or row.scheme)


def _decided_star(decision: Any) -> str:
    names = {star["code"]: star["name"] for star in decision.scheme_stars or ()}
    return str(names.get(decision.about, decision.about))


def _scheme_in_words(scheme: StarScheme) -> str:
    names = records.item_names(village_id=scheme.village_id)
    return readable_lines(scheme_lines(scheme.data, names=names))


def _reasons_in_words(rating: Rating) -> str:
    names = records.item_names(village_id=rating.village_id)
    return readable_lines(sentences(rating.reasons, names=names))


def _stars_by_name(rating: Rating, codes: Iterable[str]) -> str:
    names = star_names(rating.reasons)
    return "、".join(names.get(code, code) for code in codes)


@admin.register(RuleBook)
class RuleBookAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_RULES
    found_by = ("village",)
    list_display = ("title", "village", "version", "origin", "state", "effective")
    list_filter = (VillageFilter, "state", "origin")
    list_select_related = ("village",)
    search_fields = ("title__startswith",)


@admin.register(Category)
class CategoryAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_RULES
    found_by = ("rulebook",)
    list_display = ("name", "village", "rulebook", "position")
    list_filter = (VillageFilter,)
    list_select_related = ("village", "rulebook")
    search_fields = ("name__startswith",)


@admin.register(Item)
class ItemAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_RULES
    found_by = ("rulebook", "category")
    list_display = ("name", "code", "village", "rulebook", "category", "list", "low", "high")
    list_filter = (VillageFilter, "list", "route", "effect", "locked")
    list_select_related = ("village", "rulebook", "category")
    search_fields = ("code__exact", "name__startswith")


@admin.register(Adoption)
class AdoptionAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_RULES
    found_by = ("rulebook",)
    list_display = ("rulebook", "village", "body", "adopted_on", "members", "present", "yes")
    list_filter = (VillageFilter, "body")
    list_select_related = ("village", "rulebook")
    date_hierarchy = "adopted_on"


@admin.register(Entry)
class EntryAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_LEDGER
    found_by = ("subject", "rulebook", "category", "item", "reverses")
    list_display = (
        "entry_number",
        "subject",
        "village",
        "kind",
        "points",
        "item",
        "occurred_on",
        "month",
        "digest",
    )
    list_filter = (VillageFilter, MonthFilter, "kind")
    list_select_related = ("subject__unit", "village", "item")
    search_fields = ("source__exact",)
    search_help_text = _("按来源查。按户查：先打开农户，再点它的积分账本。")

    @admin.display(description=_("笔号"), ordering="id")
    def entry_number(self, entry: Entry) -> int:
        """What people call an entry by."""
        return entry.pk


@admin.register(Balance)
class BalanceAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_LEDGER
    found_by = ("subject",)
    list_display = ("subject", "village", "gross", "earned", "spendable")
    list_filter = (VillageFilter,)
    list_select_related = ("subject__unit", "village")
    search_fields = ("subject__number__exact",)


@admin.register(MonthlyTotal)
class MonthlyTotalAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_LEDGER
    found_by = ("subject", "category")
    list_display = ("subject", "village", "month", "category", "plus", "minus", "spent", "entries")
    list_filter = (VillageFilter, MonthFilter)
    list_select_related = ("subject__unit", "village", "category")
    search_fields = ("subject__number__exact",)


@admin.register(Seal)
class SealAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_LEDGER
    found_by = ("village",)
    exclude = ("leaf_ids", "leaves", "peaks")
    heavy = ("leaf_ids", "leaves", "peaks")
    list_display = ("number", "village", "upto_id", "count", "root", "at")
    list_filter = (VillageFilter,)
    list_select_related = ("village",)
    date_hierarchy = "at"


@admin.register(LedgerState)
class LedgerStateAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_LEDGER
    found_by = ("village",)
    list_display = ("village", "broken_at", "problem", "signed_at")
    list_select_related = ("village",)


@admin.register(TranscribedLine)
class TranscribedLineAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_LEDGER
    list_display = ("source", "village", "handled_by", "confirmed_how", "goods", "quantity")
    list_filter = (VillageFilter,)
    list_select_related = ("village",)
    search_fields = ("source__exact",)


@admin.register(Month)
class MonthAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_LEDGER
    found_by = ("village", "seal")
    list_display = ("month", "village", "origin", "state", "closed_at", "closed_by", "seal")
    list_filter = (VillageFilter, MonthFilter, "state", "origin")
    list_select_related = ("village", "seal")
    heavy = ("prepared",)


def _changes_in_words(correction: Correction) -> str:
    return readable_lines(
        _("第%(entry)s笔：全部冲正") % {"entry": entry}
        if points is None
        else _("第%(entry)s笔：改为%(points)s分") % {"entry": entry, "points": points}
        for entry, points in correction.changes
    )


@admin.register(Correction)
class CorrectionAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_LEDGER
    found_by = ("month", "corrects", "proposal")
    list_display = ("month", "village", "corrects", "reason", "proposal")
    list_filter = (VillageFilter,)
    list_select_related = ("month", "village", "corrects", "proposal")
    heavy = ("changes",)
    says = {"changes": _changes_in_words}  # noqa: RUF012


@admin.register(Hold)
class HoldAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_LEDGER
    found_by = ("month",)
    list_display = ("source", "village", "month", "kind", "reason", "opened_at", "released_at")
    list_filter = (VillageFilter, "kind")
    list_select_related = ("village", "month")
    search_fields = ("source__exact",)


@admin.register(StarScheme)
class StarSchemeAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_RULES
    found_by = ("village",)
    list_display = ("name", "village", "code", "version", "in_force")
    list_filter = (VillageFilter, "in_force")
    list_select_related = ("village",)
    heavy = ("data",)
    says = {"data": _scheme_in_words}  # noqa: RUF012


@admin.register(Decision)
class DecisionAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_RATINGS
    found_by = ("subject",)
    says = {"scheme": _scheme_name, "about": _decided_star}  # noqa: RUF012
    list_display = ("subject", "village", "scheme", "about", "period", "granted", "decided_at")
    list_filter = (VillageFilter, "granted")
    list_select_related = ("subject__unit", "village")
    search_fields = ("subject__number__exact",)

    def rows_within(self, scope: Scope) -> QuerySet[Any]:
        return records.decisions_within(scope, self.needs)


@admin.register(Veto)
class VetoAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_RATINGS
    found_by = ("subject",)
    list_display = ("subject", "village", "code", "document", "decided_on", "lapses_on")
    list_filter = (VillageFilter,)
    list_select_related = ("subject__unit", "village")
    search_fields = ("subject__number__exact",)


@admin.register(Rating)
class RatingAdmin(ScopedReadOnlyAdmin):
    needs = Action.VIEW_RATINGS
    found_by = ("subject",)
    list_display = (
        "subject",
        "village",
        "scheme",
        "period",
        "grade",
        "score",
        "state",
    )
    list_filter = (VillageFilter, "state")
    list_select_related = ("subject__unit", "village")
    search_fields = ("subject__number__exact",)
    heavy = ("reasons",)
    says = {  # noqa: RUF012
        "scheme": _scheme_name,
        "reasons": _reasons_in_words,
        "stars": lambda rating: _stars_by_name(rating, rating.stars),
        "missing": lambda rating: _stars_by_name(rating, rating.missing),
    }

    def rows_within(self, scope: Scope) -> QuerySet[Any]:
        return records.ratings_within(scope, self.needs)
