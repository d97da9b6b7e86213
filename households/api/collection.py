"""What collectors' phones fetch and send (docs/collection-api.md)."""

import base64
from contextlib import suppress
from datetime import timedelta
from typing import Any, ClassVar, NoReturn
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.endpoints.doors import Staff
from accounts.endpoints.parsing import StrictJSON, finite
from accounts.roles import Action
from households.models import Subject
from households.operations import phones, records
from households.operations.record_acts import recall
from households.operations.record_saying import look_through
from households.queries import bundles, collecting
from households.queries.standing import standing_of, store_key, store_lasts
from households.serializers import collection as forms
from trail import clock
from trail.actor import Actor

MOST_ASKED = 100
# The header in which a phone names itself.
DEVICE = "Collection-Device"


class RecordJSON(StrictJSON):
    """A record: more of it than of other requests, and places on the map are fractions."""

    most_bytes, most_openings = 256 * 1024, 6_000
    fraction = staticmethod(finite)


class Collecting(Staff):
    """For whoever collects, visits or checks somewhere."""

    ACTIONS = (Action.COLLECT, Action.CHECK_COLLECTION, Action.VISIT)
    # Answers a lost phone in its own words instead of refusing it.
    TELLS_REVOKED = False
    http_method_names = ["get", "head", "post", "put"]  # noqa: RUF012
    parser_classes = (RecordJSON,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nobody else finds anything here, and a lost phone is refused."""
        super().initial(request, *args, **kwargs)
        if not any(self.scope.allows(action) for action in self.ACTIONS):
            raise NotFound
        device = self.device(request)
        if device is not None and not self.TELLS_REVOKED:
            phones.refuse_revoked(person_id=self.person_id, device=device)

    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> NoReturn:
        """A lost phone is told so also when its log-in has ended."""
        with suppress(ValidationError):
            device = self.device(request)
            if device is not None:
                phones.refuse_lost(device=device)
        super().permission_denied(request, message, code)

    def device(self, request: Request) -> UUID | None:
        """The phone that asks, as far as it says so. Raises ValidationError."""
        written = request.headers.get(DEVICE)
        if written is None:
            return None
        try:
            return UUID(written)
        except ValueError as error:
            raise ValidationError({DEVICE: [_("手机编号写得不对。")]}) from error

    @property
    def person_id(self) -> int:
        """Who asks."""
        return self.visitor.user.person_id

    def found(self, number: int) -> Subject:
        """A file of a village in which the person collects or checks."""
        for action in (Action.COLLECT, Action.CHECK_COLLECTION):
            subject = collecting.file_for(self.scope, action, number=number)
            if subject is not None:
                return subject
        raise NotFound

    def signed(self, village_id: int) -> Actor:
        """As collector, or else as the one who visits or checks."""
        action = collecting.first_of(self.scope, self.ACTIONS, village_id)
        return self.visitor.signing(action, village_id)


def valid(serializer: Any) -> dict[str, Any]:
    """What was sent, read; raises ValidationError."""
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


class Bundle(Collecting):
    """Everything a phone needs to work without a network."""

    @extend_schema(
        summary=_("手机离线要用的全部"),
        operation_id="collection_bundle",
        parameters=[
            OpenApiParameter(
                DEVICE,
                OpenApiTypes.UUID,
                OpenApiParameter.HEADER,
                required=True,
                description=str(_("手机编号")),
            )
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        """Own households, forms of open rounds, the key of the phone's store; to no lost phone."""
        device = self.device(request)
        if device is None:
            raise ValidationError({DEVICE: [_("请带上手机编号。")]})
        now, user = clock.now(), self.visitor.user
        villages = self.scope.village_ids(Action.COLLECT) | self.scope.village_ids(Action.VISIT)
        rounds = bundles.open_rounds(villages)
        in_rounds = {form.pk: form for one in rounds for form in one.forms.all()}
        practice = bundles.forms_in_use(villages)
        body = {
            "person": {"id": user.person_id, "name": user.person.name},
            "server_time": now.isoformat(),
            "store_key": base64.b64encode(store_key(person_id=user.person_id)).decode(),
            "store_until": (now + timedelta(seconds=store_lasts())).isoformat(),
            "rounds": [bundles.round_row(one) for one in rounds],
            "forms": [bundles.form_row(form) for form in in_rounds.values()],
            "households": bundles.household_rows(
                self.scope,
                person_id=user.person_id,
                device=device,
                rounds=rounds,
                on=clock.today(),
            ),
            "practice": {
                "household": bundles.practice_household(),
                "forms": [bundles.form_row(form) for form in practice],
            },
        }
        return Response(body)


class Phone(Collecting):
    """The phone says that it is here and what is not sent yet."""

    TELLS_REVOKED = True

    @extend_schema(
        summary=_("手机报到：还有哪些没发送"),
        operation_id="collection_phone",
        request=forms.PhoneSerializer,
        responses=forms.PhoneStandingSerializer,
    )
    def post(self, request: Request) -> Response:
        """Whether it was reported lost; its records are refused from then on (403)."""
        given = valid(forms.PhoneSerializer(data=request.data))
        village = collecting.any_village(self.scope, self.ACTIONS)
        phone = phones.report_phone(
            township_id=village.township_id,
            person_id=self.person_id,
            seen=phones.Seen(
                device=given["device"],
                label=given["label"],
                drafts=[_draft(one) for one in given.get("drafts", [])],
            ),
            by=self.signed(village.pk),
            at=clock.now(),
        )
        return Response({"revoked": phone.revoked_at is not None})


def _draft(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "uuid": str(given["uuid"]),
        "subject": given["subject"],
        "state": given["state"],
        "changed_at": given["changed_at"].isoformat(),
    }


class RecordAddress(Collecting):
    """One record under its number."""

    @extend_schema(
        summary=_("送一份采集记录"),
        operation_id="collection_record_put",
        request=forms.RecordSerializer,
        responses={
            200: forms.StandingSerializer,
            201: forms.StandingSerializer,
            422: forms.WrongAnswersSerializer,
        },
    )
    def put(self, request: Request, uuid: UUID) -> Response:
        """The same content gives the same answer for ever; other content is refused (409)."""
        given = valid(forms.RecordSerializer(data=request.data))
        subject = self.found(given["subject"])
        kept, is_new = records.receive(
            subject=subject,
            said=forms.said_of(uuid, given),
            by=self.signed(subject.village_id),
            at=clock.now(),
        )
        return Response(standing_of(kept), status=201 if is_new else 200)


class Records(Collecting):
    """What became of records."""

    parameters: ClassVar[tuple[str, ...]] = ("uuid",)

    @extend_schema(
        summary=_("采集记录到哪一步了"),
        operation_id="collection_records",
        parameters=[OpenApiParameter("uuid", OpenApiTypes.UUID, OpenApiParameter.QUERY, many=True)],
        responses=forms.StandingsSerializer,
    )
    def get(self, request: Request) -> Response:
        """The newest revision of each that is one's own; others are left out."""
        asked = request.query_params.getlist("uuid")
        if len(asked) > MOST_ASKED:
            raise ValidationError({"uuid": [_("一次最多问100份。")]})
        try:
            uuids = [UUID(one) for one in asked]
        except ValueError as error:
            raise ValidationError({"uuid": [_("编号写得不对。")]}) from error
        found = collecting.own_records(self.scope, person_id=self.person_id, uuids=uuids)
        return Response({"records": [standing_of(one) for one in found]})

    def _refuse_unknown(self, request: Request) -> None:
        """`uuid` may be written more than once."""
        wrong = [name for name in request.query_params if name != "uuid"]
        if wrong:
            raise ValidationError({name[:40]: [_("没有这个参数。")] for name in wrong})


class Recall(Collecting):
    """Take back what was sent by mistake."""

    @extend_schema(
        summary=_("撤回还没有人打开的记录"),
        operation_id="collection_record_recall",
        request=None,
        responses=forms.StandingSerializer,
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Only one's own, only until a clerk has opened it."""
        found = collecting.own_records(self.scope, person_id=self.person_id, uuids=[uuid])
        if not found:
            raise NotFound
        by = self.signed(found[0].village_id)
        return Response(standing_of(recall(of=found[0], by=by, at=clock.now())))


class Practice(Collecting):
    """A record of the practice household: looked at, and written nowhere."""

    @extend_schema(
        summary=_("练习：检查一份记录，不保存"),
        operation_id="collection_practice",
        request=forms.PracticeSerializer,
        responses={200: forms.PracticeStandingSerializer, 422: forms.WrongAnswersSerializer},
    )
    def post(self, request: Request) -> Response:
        """As a real one would be answered."""
        given = valid(forms.PracticeSerializer(data=request.data))
        villages = self.scope.village_ids(Action.COLLECT) | self.scope.village_ids(Action.VISIT)
        form = next(
            (one for one in bundles.forms_in_use(villages) if one.pk == given["form"]), None
        )
        look_through(form=form, answers=given["answers"])
        return Response({"state": "received", "receipt": _("练习")})
