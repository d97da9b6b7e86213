"""The visitor, the villages of its scope, and their parts."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import queries
from accounts.endpoints.doors import Staff, StaffRecords
from accounts.endpoints.filters import Filters, OfVillage, Ordering
from accounts.roles import Action
from accounts.serializers import MeSerializer, UnitSerializer, VillageSerializer
from trail.clock import today
from villages import queries as village_queries
from villages.models import Unit, Village


class Me(Staff):
    """Who is logged in."""

    @extend_schema(summary=_("我是谁，在哪个村能办什么"), operation_id="me", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Roles from today's postings, actions per village."""
        user = self.visitor.user
        allowed = [
            {
                "village": village.slug,
                "name": village.name,
                "actions": sorted(
                    action for action in Action if self.visitor.may(action, village.pk)
                ),
            }
            for village in village_queries.villages_of_any(self.scope)
        ]
        shown = {
            "username": user.username,
            "name": user.person.name,
            "postings": queries.postings_of(user, on=today()),
            "villages": allowed,
        }
        return Response(MeSerializer(shown).data)


class VillageFilters(Filters):
    """By kind and stage."""

    kind = django_filters.ChoiceFilter(choices=Village.Kind.choices)
    stage = django_filters.ChoiceFilter(choices=Village.Stage.choices)
    ordering = Ordering("code", "name")


class UnitFilters(OfVillage):
    """By village and kind."""

    kind = django_filters.ChoiceFilter(choices=Unit.Kind.choices)


@extend_schema_view(
    list=extend_schema(summary=_("我管的村"), operation_id="villages"),
    retrieve=extend_schema(summary=_("我管的一个村"), operation_id="village"),
)
class Villages(StaffRecords):
    """Villages in which the visitor holds a posting."""

    needs = Action.VIEW_NOTICES
    serializer_class = VillageSerializer
    filterset_class = VillageFilters
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]{1,80}"

    def rows(self) -> QuerySet[Any]:
        """By code."""
        return village_queries.village_rows_within(self.scope, self.needs)


@extend_schema_view(
    list=extend_schema(summary=_("小组、网格、片区"), operation_id="units"),
    retrieve=extend_schema(summary=_("一个小组、网格或片区"), operation_id="unit"),
)
class Units(StaffRecords):
    """Parts of those villages."""

    needs = Action.VIEW_NOTICES
    serializer_class = UnitSerializer
    filterset_class = UnitFilters

    def rows(self) -> QuerySet[Any]:
        """By village."""
        return village_queries.units_within(self.scope, self.needs)
