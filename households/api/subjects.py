"""Files of households, collectives and operators; no member, no full name."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view

from accounts.endpoints.doors import StaffRecords
from accounts.endpoints.filters import OfVillage, Ordering, OwnFilter
from accounts.roles import Action
from households.models import Subject
from households.queries.subjects import subjects_within
from households.serializers import SubjectSerializer
from villages import queries as village_queries


class SubjectFilters(OfVillage):
    """By village, unit, kind, state and number."""

    unit = OwnFilter(within=village_queries.units_within)
    kind = django_filters.ChoiceFilter(choices=Subject.Kind.choices)
    state = django_filters.ChoiceFilter(choices=Subject.State.choices)
    number = django_filters.CharFilter(max_length=20)
    ordering = Ordering("number", "id")


@extend_schema_view(
    list=extend_schema(summary=_("农户、集体、经营主体"), operation_id="subjects"),
    retrieve=extend_schema(summary=_("一户"), operation_id="subject"),
)
class Subjects(StaffRecords):
    """The register without persons."""

    needs = Action.VIEW_REGISTER
    serializer_class = SubjectSerializer
    filterset_class = SubjectFilters

    def rows(self) -> QuerySet[Any]:
        """By village and number."""
        return subjects_within(self.scope, self.needs)
