"""Filters of the API: each one named, none that reaches across to another village's rows."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.http import HttpRequest
from drf_spectacular.utils import extend_schema_field

from trail.scope import Scope
from villages import queries as village_queries

MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
Within = Callable[[Scope, str], QuerySet[Any]]


@extend_schema_field({"type": "string", "pattern": MONTH, "example": "2026-10"})
class MonthFilter(django_filters.CharFilter):
    """A month as 2026-10."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[RegexValidator(MONTH)], **kwargs)


class OwnFilter(django_filters.ModelChoiceFilter):
    """A related record; one out of scope is refused in the same words as one that never was."""

    def __init__(self, *, within: Within, **kwargs: Any) -> None:
        self.within = within
        super().__init__(queryset=self._offered, **kwargs)

    def _offered(self, request: HttpRequest | None) -> QuerySet[Any]:
        view = self.parent.view
        return self.within(view.scope, view.needs)


class Ordering(django_filters.ChoiceFilter):
    """One of the named orders; the key decides between equals."""

    def __init__(self, *names: str) -> None:
        choices = [(sign + name, sign + name) for name in names for sign in ("", "-")]
        super().__init__(choices=choices)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """In the order asked for."""
        return qs.order_by(value, "pk") if value else qs


class Filters(django_filters.FilterSet):
    """Knows the view it filters for, whose scope is the one in force."""

    def __init__(self, *args: Any, view: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view


class OfVillage(Filters):
    """By village, for lists of what belongs to one."""

    village = OwnFilter(within=village_queries.village_rows_within, to_field_name="slug")
