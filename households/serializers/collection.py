"""What phones send and are answered (docs/collection-api.md)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.serializers import Exact, Text
from households.models import Channel, CollectionRecord, SpokenBy, VisitDuty
from households.operations.record_saying import Said

MOST_REVISIONS = 999
LARGEST_ID = 10**15
# Earlier than any phone that can run the page.
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
EARLIEST_DAY = date(2020, 1, 1)
MOST_DRAFTS = 300
DRAFT_STATES = [
    ("draft", _("草稿")),
    ("queued", _("待发送")),
    ("sending", _("发送中")),
    ("partial", _("传了一半")),
    ("returned", _("要改")),
    ("conflict", _("有冲突")),
]
PIECE_STATES = [("partial", _("传了一半")), ("stored", _("已存好")), ("refused", _("不能收"))]
TAKEN_STATES = [("received", _("已收到"))]
VISIT_STATES = [("partial", _("传了一半")), *TAKEN_STATES]


def _id(**more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=LARGEST_ID, **more)


class BaseSerializer(Exact):
    """The record something was filled on top of."""

    uuid = serializers.UUIDField()
    revision = serializers.IntegerField(min_value=1, max_value=MOST_REVISIONS)


class RecordSerializer(Exact):
    """A record as a phone sends it."""

    revision = serializers.IntegerField(min_value=1, max_value=MOST_REVISIONS, label=_("第几次"))
    base = BaseSerializer(required=False, allow_null=True, label=_("在哪条上改的"))
    subject = _id(label=_("哪户"))
    form = _id(label=_("采集表"))
    round = _id(required=False, allow_null=True, label=_("采集轮次"))
    check = serializers.BooleanField(required=False, default=False, label=_("抽查"))
    channel = serializers.ChoiceField(Channel.choices, label=_("采集方式"))
    spoken_by = serializers.ChoiceField(SpokenBy.choices, label=_("谁说的"))
    on_behalf_reason = Text(
        required=False, default="", allow_blank=True, max_length=60, label=_("代录原因")
    )
    outcome = serializers.ChoiceField(
        CollectionRecord.Outcome.choices, required=False, default="filled", label=_("结果")
    )
    outcome_reason = Text(
        required=False, default="", allow_blank=True, max_length=60, label=_("原因")
    )
    answers = serializers.DictField(child=serializers.JSONField(), label=_("内容"))
    filled_at = serializers.DateTimeField(
        validators=[MinValueValidator(EARLIEST)], label=_("填写时间")
    )
    device = serializers.UUIDField(required=False, allow_null=True, label=_("手机编号"))
    consent = serializers.BooleanField(required=False, default=False, label=_("同意建档采集"))
    choice_reason = Text(
        required=False, default="", allow_blank=True, max_length=200, label=_("为什么这样选")
    )


def said_of(uuid: UUID, given: Mapping[str, Any]) -> Said:
    """The record as it was sent, from the valid data of a RecordSerializer."""
    base = given.get("base")
    return Said(
        uuid=uuid,
        revision=given["revision"],
        form_id=given["form"],
        channel=given["channel"],
        spoken_by=given["spoken_by"],
        filled_at=given["filled_at"],
        round_id=given.get("round"),
        base=(base["uuid"], base["revision"]) if base else None,
        is_check=given["check"],
        on_behalf_reason=given["on_behalf_reason"],
        outcome=given["outcome"],
        outcome_reason=given["outcome_reason"],
        answers=given["answers"],
        device=given.get("device"),
        consent=given["consent"],
        choice_reason=given["choice_reason"],
    )


class ClashSerializer(serializers.Serializer[Any]):
    """One question with two new answers."""

    question = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    base = serializers.JSONField(allow_null=True)
    theirs = serializers.JSONField(allow_null=True)
    mine = serializers.JSONField(allow_null=True)


class ConflictSerializer(serializers.Serializer[Any]):
    """Who else answered, when, and what a person has to choose."""

    by = serializers.CharField()
    at = serializers.DateTimeField()
    base = BaseSerializer()
    clashes = ClashSerializer(many=True)


class StandingSerializer(serializers.Serializer[Any]):
    """What became of a record."""

    uuid = serializers.UUIDField()
    revision = serializers.IntegerField()
    state = serializers.ChoiceField(CollectionRecord.State.choices)
    reason = serializers.CharField(allow_blank=True)
    receipt = serializers.CharField(allow_blank=True)
    missing = serializers.ListField(child=serializers.CharField())
    soft = serializers.ListField(child=serializers.CharField())
    conflict = ConflictSerializer(allow_null=True)


class StandingsSerializer(serializers.Serializer[Any]):
    """What became of each record that was asked about and is the asker's."""

    records = StandingSerializer(many=True)


class WrongAnswersSerializer(serializers.Serializer[Any]):
    """A refusal that says what is wrong with each answer."""

    code = serializers.CharField()
    message = serializers.CharField()
    reference = serializers.CharField()
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField())
    )
    answers = serializers.DictField(child=serializers.CharField(), required=False)


class DraftSerializer(Exact):
    """A file that is begun on the phone, and how far; no answer."""

    uuid = serializers.UUIDField()
    subject = _id()
    state = serializers.ChoiceField(DRAFT_STATES)
    changed_at = serializers.DateTimeField(validators=[MinValueValidator(EARLIEST)])


class PhoneSerializer(Exact):
    """A phone that says it is here."""

    device = serializers.UUIDField(label=_("手机编号"))
    label = Text(  # type: ignore[assignment]
        required=False, default="", allow_blank=True, max_length=60
    )
    drafts = serializers.ListField(
        child=DraftSerializer(), required=False, max_length=MOST_DRAFTS, label=_("没发送的")
    )


class PhoneStandingSerializer(serializers.Serializer[Any]):
    """Whether the phone was reported lost."""

    revoked = serializers.BooleanField()


class PieceSerializer(serializers.Serializer[Any]):
    """How much of a photo has arrived."""

    offset = serializers.IntegerField()
    length = serializers.IntegerField()
    state = serializers.ChoiceField(PIECE_STATES)
    reason = serializers.CharField(allow_blank=True)


class VisitSerializer(Exact):
    """A visit as a phone sends it."""

    subject = _id(label=_("哪户"))
    kind = serializers.ChoiceField(VisitDuty.Kind.choices, label=_("走访"))
    visited_on = serializers.DateField(
        validators=[MinValueValidator(EARLIEST_DAY)], label=_("走访日期")
    )
    channel = serializers.ChoiceField(Channel.choices, label=_("方式"))
    changed = serializers.BooleanField(required=False, default=False, label=_("情况有变化"))
    note = Text(required=False, default="", allow_blank=True, max_length=200, label=_("说明"))
    attachments = serializers.ListField(
        child=serializers.RegexField(r"^[0-9a-f]{64}$"),
        required=False,
        default=list,
        max_length=6,
        label=_("照片"),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What changed is told."""
        if attrs["changed"] and not attrs["note"]:
            raise serializers.ValidationError({"note": [_("有变化的，请写一句变了什么。")]})
        return attrs


class VisitStandingSerializer(serializers.Serializer[Any]):
    """A visit that is written down, and its photos that are not there yet."""

    uuid = serializers.UUIDField()
    state = serializers.ChoiceField(VISIT_STATES)
    missing = serializers.ListField(child=serializers.CharField())


class LinkSerializer(Exact):
    """For which household and form a one-time link is wanted."""

    subject = _id(label=_("哪户"))
    form = _id(label=_("采集表"))
    round = _id(required=False, allow_null=True, label=_("采集轮次"))


class LinkMadeSerializer(serializers.Serializer[Any]):
    """The link; its address is told here once and never again."""

    id = serializers.IntegerField()
    address = serializers.CharField()
    expires_at = serializers.DateTimeField()


class PracticeSerializer(Exact):
    """Answers of the practice household."""

    form = _id(label=_("采集表"))
    answers = serializers.DictField(child=serializers.JSONField(), label=_("内容"))


class PracticeStandingSerializer(serializers.Serializer[Any]):
    """As a real record would be answered; nothing was kept."""

    state = serializers.ChoiceField(TAKEN_STATES)
    receipt = serializers.CharField()
