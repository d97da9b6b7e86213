"""Long work about the villages of the visitor's scope."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view

from accounts.endpoints.doors import StaffRecords
from accounts.endpoints.filters import OfVillage
from accounts.roles import Action
from jobs import queries
from jobs.models import Job
from jobs.serializers import JobSerializer


class JobFilters(OfVillage):
    """By village and state."""

    state = django_filters.ChoiceFilter(choices=Job.State.choices)


@extend_schema_view(
    list=extend_schema(summary=_("后台任务"), operation_id="jobs"),
    retrieve=extend_schema(summary=_("一个后台任务"), operation_id="job"),
)
class Jobs(StaffRecords):
    """How far work is."""

    needs = Action.VIEW_JOBS
    serializer_class = JobSerializer
    filterset_class = JobFilters

    def rows(self) -> QuerySet[Any]:
        """The newest first."""
        return queries.jobs_within(self.scope, self.needs)
