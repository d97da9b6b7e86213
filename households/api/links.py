"""One-time links a collector sends to somebody who works away."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from households.api.collection import Collecting, valid
from households.operations.links import make_link, revoke_link
from households.operations.record_saying import form_and_round, refuse_without_task
from households.queries.reporting import own_link
from households.serializers import collection as forms
from trail import clock


class Links(Collecting):
    """Make one for a household of one's own."""

    @extend_schema(
        summary=_("给外出的人发一次性填表链接"),
        operation_id="collection_link",
        request=forms.LinkSerializer,
        responses={201: forms.LinkMadeSerializer},
    )
    def post(self, request: Request) -> Response:
        """For one household and one form, used once, open for seven days."""
        given = valid(forms.LinkSerializer(data=request.data))
        subject = self.found(given["subject"])
        by = self.signed(subject.village_id)
        refuse_without_task(subject=subject, person_id=self.person_id)
        form, round_ = form_and_round(
            subject=subject, form_id=given["form"], round_id=given.get("round")
        )
        made, secret = make_link(
            subject=subject,
            form=form,
            round_=round_,
            person_id=self.person_id,
            by=by,
            at=clock.now(),
        )
        address = f"{settings.SITE_ADDRESS}/h/once/{secret}/"
        shown = {"id": made.pk, "address": address, "expires_at": made.expires_at}
        return Response(forms.LinkMadeSerializer(shown).data, status=201)


class LinkRevoked(Collecting):
    """Call a link back."""

    @extend_schema(
        summary=_("作废自己发的填表链接"),
        operation_id="collection_link_revoke",
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Only one's own."""
        link = own_link(person_id=self.person_id, number=int(pk))
        if link is None:
            raise NotFound
        revoke_link(link=link, by=self.signed(link.village_id), at=clock.now())
        return Response(status=204)
