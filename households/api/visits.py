"""Visits from phones (docs/collection-api.md)."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Action
from households.api.collection import Collecting, valid
from households.operations import visiting
from households.queries.standing import visit_standing_of
from households.queries.visiting import duty_to_visit
from households.serializers import collection as forms
from trail import clock


class Visits(Collecting):
    """A visit, exactly once; its photos follow."""

    @extend_schema(
        summary=_("记一次走访"),
        operation_id="collection_visit_put",
        request=forms.VisitSerializer,
        responses=forms.VisitStandingSerializer,
    )
    def put(self, request: Request, uuid: UUID) -> Response:
        """Of a household that is one's own to visit."""
        given = valid(forms.VisitSerializer(data=request.data))
        duty = duty_to_visit(
            self.scope,
            Action.VISIT,
            person_id=self.person_id,
            subject_id=given.pop("subject"),
            kind=given["kind"],
            on=given["visited_on"],
            today=clock.today(),
        )
        if duty is None:
            raise NotFound
        made = visiting.record_visit(
            subject=duty.subject,
            person=duty.person,
            visit=visiting.NewVisit(uuid=uuid, **given),
            by=self.visitor.signing(Action.VISIT, duty.village_id),
            at=clock.now(),
        )
        return Response(visit_standing_of(made))
