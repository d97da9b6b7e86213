"""The ledger, its balances and months, and the rules they were scored by."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view

from accounts.endpoints.doors import StaffList, StaffRecords
from accounts.endpoints.filters import MonthFilter, OfVillage, Ordering, OwnFilter
from accounts.endpoints.paging import Backwards
from accounts.roles import Action
from households.queries.subjects import subjects_within
from scoring.models import Entry, Item, Month, RuleBook
from scoring.queries import listing
from scoring.serializers import (
    BalanceSerializer,
    EntrySerializer,
    ItemSerializer,
    MonthSerializer,
    RuleBookSerializer,
)


class EntryFilters(OfVillage):
    """By village, file, month and kind."""

    subject = OwnFilter(within=subjects_within)
    month = MonthFilter()
    kind = django_filters.ChoiceFilter(choices=Entry.Kind.choices)


class BalanceFilters(OfVillage):
    """By village and file."""

    subject = OwnFilter(within=subjects_within)
    ordering = Ordering("gross", "earned", "spendable")


class MonthFilters(OfVillage):
    """By village, month and state."""

    month = MonthFilter()
    state = django_filters.ChoiceFilter(choices=Month.State.choices)
    ordering = Ordering("month")


class RuleBookFilters(OfVillage):
    """By village and state."""

    state = django_filters.ChoiceFilter(choices=RuleBook.State.choices)


class ItemFilters(OfVillage):
    """By village, rule book and list."""

    rulebook = OwnFilter(within=listing.rule_books_within)
    list = django_filters.ChoiceFilter(choices=Item.List.choices)


@extend_schema_view(
    list=extend_schema(summary=_("积分账本，从最新的一笔往前"), operation_id="entries"),
    retrieve=extend_schema(summary=_("一笔账"), operation_id="entry"),
)
class Entries(StaffRecords):
    """Entries, read only like the ledger itself."""

    needs = Action.VIEW_LEDGER
    serializer_class = EntrySerializer
    filterset_class = EntryFilters
    pagination_class = Backwards

    def rows(self) -> QuerySet[Any]:
        """The newest first."""
        return listing.entries_within(self.scope, self.needs)


@extend_schema_view(list=extend_schema(summary=_("各户积分"), operation_id="balances"))
class Balances(StaffList):
    """Running totals."""

    needs = Action.VIEW_LEDGER
    serializer_class = BalanceSerializer
    filterset_class = BalanceFilters

    def rows(self) -> QuerySet[Any]:
        """By village and file."""
        return listing.balances_within(self.scope, self.needs)


@extend_schema_view(
    list=extend_schema(summary=_("各月和办到哪一步"), operation_id="months"),
    retrieve=extend_schema(summary=_("一个月"), operation_id="month"),
)
class Months(StaffRecords):
    """Months of the ledger."""

    needs = Action.VIEW_LEDGER
    serializer_class = MonthSerializer
    filterset_class = MonthFilters

    def rows(self) -> QuerySet[Any]:
        """The newest first."""
        return listing.month_rows_within(self.scope, self.needs)


@extend_schema_view(
    list=extend_schema(summary=_("积分细则各版"), operation_id="rule_books"),
    retrieve=extend_schema(summary=_("一版积分细则"), operation_id="rule_book"),
)
class RuleBooks(StaffRecords):
    """Versions of the rules."""

    needs = Action.VIEW_RULES
    serializer_class = RuleBookSerializer
    filterset_class = RuleBookFilters

    def rows(self) -> QuerySet[Any]:
        """The newest first."""
        return listing.rule_books_within(self.scope, self.needs)


@extend_schema_view(
    list=extend_schema(summary=_("细则条目"), operation_id="items"),
    retrieve=extend_schema(summary=_("一个条目"), operation_id="item"),
)
class Items(StaffRecords):
    """Lines of the rules."""

    needs = Action.VIEW_RULES
    serializer_class = ItemSerializer
    filterset_class = ItemFilters

    def rows(self) -> QuerySet[Any]:
        """By rule book."""
        return listing.items_within(self.scope, self.needs)
