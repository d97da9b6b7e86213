"""Acts of two persons: to read, to decide as the second, to take back as the first."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import operations as approvals
from accounts import queries
from accounts.endpoints import refusals
from accounts.endpoints.doors import Staff, StaffRecords
from accounts.endpoints.filters import Filters, OwnFilter
from accounts.models import Proposal
from accounts.registry import kind_of
from accounts.roles import TWO_PERSONS, Action
from accounts.serializers import DecisionSerializer, ProposalSerializer, WithdrawalSerializer
from jobs.operations import Reply, answer_alike
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from trail.scope import Scope
from villages.models import Village

_KEY = r"[A-Za-z0-9._-]{8,80}"
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": f"^{_KEY}$"},
    OpenApiParameter.HEADER,
    required=True,
    description=gettext_lazy("这次请求的编号，自己编；没收到答复就用同一个编号再发，不会办两次。"),
)


def _villages(scope: Scope, _action: str) -> QuerySet[Village]:
    return queries.villages_of_proposals(scope)


class ProposalFilters(Filters):
    """By village and kind."""

    village = OwnFilter(within=_villages, to_field_name="slug")
    kind = django_filters.ChoiceFilter(choices=Proposal.Kind.choices)


@extend_schema_view(
    list=extend_schema(summary=gettext_lazy("要两个人办的事"), operation_id="proposals"),
    retrieve=extend_schema(summary=gettext_lazy("要两个人办的一件事"), operation_id="proposal"),
)
class Proposals(StaffRecords):
    """What the visitor may ask for, decide or look into; each kind by its own actions."""

    needs = Action.VIEW_NOTICES
    serializer_class = ProposalSerializer
    filterset_class = ProposalFilters

    def rows(self) -> QuerySet[Any]:
        """The newest first."""
        return queries.proposals_within(self.scope).order_by("-pk")


class ProposalAct(Staff):
    """A POST about one proposal, answered once per Idempotency-Key."""

    def found(self, pk: str) -> Proposal:
        """The proposal, if the visitor may see it."""
        proposal = queries.proposals_within(self.scope).filter(pk=int(pk)).first()
        if proposal is None:
            raise NotFound
        return proposal

    def signed(self, proposal: Proposal, action: Action) -> Actor:
        """The visitor as the one who acts; who may not finds nothing there."""
        return self.visitor.signing(action, proposal.village_id, township_id=proposal.township_id)

    def answered(
        self, request: Request, given: Mapping[str, Any], proposal: Proposal, act: Callable[[], Any]
    ) -> Response:
        """Do it, or give the answer of the first time."""

        def done() -> Reply:
            act()
            return Reply(200, dict(ProposalSerializer(self.found(str(proposal.pk))).data))

        def refused(refusal: DomainError) -> Reply:
            body = refusals.refused(request._request, refusal)  # noqa: SLF001
            return Reply(body.status_code, body.data)

        sent = json.dumps([request.path, dict(given)], sort_keys=True, default=str)
        reply = answer_alike(
            actor=f"user:{self.visitor.user.pk}",
            key=_key_of(request),
            body=sent.encode(),
            at=clock.now(),
            act=done,
            refuse=refused,
        )
        # The receipt keeps no order of keys; the first answer has the order of every later one.
        body = json.loads(json.dumps(reply.body, sort_keys=True, default=str))
        return Response(body, status=reply.status)


def _key_of(request: Request) -> str:
    key: str = request.headers.get("Idempotency-Key", "")
    if not re.fullmatch(_KEY, key, re.ASCII):
        text = _("请在请求头写上这次请求的编号：8到80位字母、数字、点或横线。")
        raise ValidationError({"Idempotency-Key": [text]})
    return key


class Decision(ProposalAct):
    """The second person's yes or no."""

    @extend_schema(
        summary=gettext_lazy("作为第二个人，同意或不同意"),
        operation_id="proposal_decide",
        parameters=[IDEMPOTENCY_KEY],
        request=DecisionSerializer,
        responses=ProposalSerializer,
    )
    def post(self, request: Request, pk: str) -> Response:
        """To agree sets going what the proposal asks for."""
        proposal = self.found(pk)
        by = self.signed(proposal, TWO_PERSONS[proposal.kind].decides)
        given = _valid(DecisionSerializer(data=request.data))
        agrees = given["decision"] == "approve"
        extra = _extra(proposal, given) if agrees and proposal.waits(clock.now()) else {}

        def act() -> None:
            if agrees and proposal.waits(clock.now()):
                kind_of(proposal).approve(proposal=proposal, given=extra, by=by, at=clock.now())
            else:
                _decide(proposal, given, by)

        return self.answered(request, given, proposal, act)


class Withdrawal(ProposalAct):
    """The first person takes it back."""

    @extend_schema(
        summary=gettext_lazy("撤回自己提出、还没人决定的事"),
        operation_id="proposal_withdraw",
        parameters=[IDEMPOTENCY_KEY],
        request=WithdrawalSerializer,
        responses=ProposalSerializer,
    )
    def post(self, request: Request, pk: str) -> Response:
        """Only one's own."""
        proposal = self.found(pk)
        by = self.signed(proposal, TWO_PERSONS[proposal.kind].asks)
        given = _valid(WithdrawalSerializer(data=request.data))
        reason = given.get("reason", "")

        def act() -> None:
            approvals.withdraw(proposal=proposal, by=by, at=clock.now(), reason=reason)

        return self.answered(request, given, proposal, act)


def _decide(proposal: Proposal, given: Mapping[str, Any], by: Actor) -> None:
    approvals.decide(
        proposal=proposal,
        approve=given["decision"] == "approve",
        by=by,
        at=clock.now(),
        reason=given.get("reason", ""),
    )


def _valid(serializer: Any) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _extra(proposal: Proposal, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the kind asks of the second person besides; raises ValidationError."""
    form = kind_of(proposal).form(dict(given))
    if not form.is_valid():
        wrong = form.errors.get_json_data()
        raise ValidationError({name: [one["message"] for one in wrong[name]] for name in wrong})
    return dict(form.cleaned_data)
