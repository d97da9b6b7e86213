"""What programs read of the visitor, its villages and their parts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Proposal
from accounts.queries import Stage, stage_of
from trail import clock
from villages.models import Posting, Unit, Village


class VillageSerializer(serializers.ModelSerializer[Village]):
    """A village of the visitor's scope."""

    township = serializers.CharField(source="township.name", label=_("乡镇"))
    township_code = serializers.CharField(source="township.code", label=_("乡镇代码"))

    class Meta:
        model = Village
        fields = (
            "slug",
            "code",
            "name",
            "official_name",
            "township",
            "township_code",
            "kind",
            "stage",
            "phone",
        )
        read_only_fields = fields


class UnitSerializer(serializers.ModelSerializer[Unit]):
    """A part of a village."""

    village = serializers.CharField(source="village.slug", label=_("村的网址名"))
    parent = serializers.IntegerField(source="parent_id", allow_null=True, label=_("上级片区"))

    class Meta:
        model = Unit
        fields = ("id", "village", "parent", "kind", "name")
        read_only_fields = fields


class PostingSerializer(serializers.ModelSerializer[Posting]):
    """A posting that gives the visitor a role today."""

    role = serializers.CharField(source="post.code", label=_("角色"))
    role_name = serializers.CharField(source="post.name", label=_("职务"))
    township = serializers.CharField(source="township.name", label=_("乡镇"))
    village = serializers.CharField(
        source="village.slug", allow_null=True, default=None, label=_("村；空的是全乡镇")
    )

    class Meta:
        model = Posting
        fields = ("role", "role_name", "township", "village", "from_on", "to_on")
        read_only_fields = fields


class AllowedSerializer(serializers.Serializer[Any]):
    """What the visitor may do in a village."""

    village = serializers.CharField(label=_("村的网址名"))
    name = serializers.CharField(label=_("村"))
    actions = serializers.ListField(child=serializers.CharField(), label=_("可以办的事"))


class MeSerializer(serializers.Serializer[Any]):
    """The visitor."""

    username = serializers.CharField(label=_("账号"))
    name = serializers.CharField(label=_("姓名"))
    postings = PostingSerializer(many=True)
    villages = AllowedSerializer(many=True)


class ProposalSerializer(serializers.ModelSerializer[Proposal]):
    """An act of two persons: what is asked, by whom, where it stands."""

    village = serializers.CharField(
        source="village.slug", allow_null=True, default=None, label=_("村的网址名")
    )
    township = serializers.CharField(
        source="township.code", allow_null=True, default=None, label=_("乡镇代码")
    )
    content_sha256 = serializers.SerializerMethodField(label=_("内容指纹"))
    proposed_by = serializers.CharField(source="proposed_by.name", label=_("提出人"))
    decided_by = serializers.CharField(
        source="decided_by.name", allow_null=True, default=None, label=_("第二人")
    )
    stage = serializers.SerializerMethodField(label=_("办到哪一步"))

    class Meta:
        model = Proposal
        fields = (
            "id",
            "village",
            "township",
            "kind",
            "about",
            "summary",
            "asked_because",
            "content_sha256",
            "proposed_by",
            "proposed_at",
            "expires_at",
            "stage",
            "decided_by",
            "decided_at",
            "reason",
        )
        read_only_fields = fields

    def get_content_sha256(self, proposal: Proposal) -> str:
        """What is approved, in hexadecimal."""
        return bytes(proposal.content_sha256).hex()

    @extend_schema_field(serializers.ChoiceField([(one.value, one.value) for one in Stage]))
    def get_stage(self, proposal: Proposal) -> str:
        """As of now: what nobody decided in time has expired."""
        return stage_of(proposal, clock.now()).value


class Text(serializers.CharField):
    """Text, and no number taken for it."""

    def to_internal_value(self, data: Any) -> str:
        """As it was sent."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Exact(serializers.Serializer[Any]):
    """What is sent holds the named fields and nothing else."""

    def to_internal_value(self, data: Any) -> Any:
        """Raises ValidationError for a field that is not offered."""
        sent = data if isinstance(data, Mapping) else {}
        wrong = {name: [_("没有这一项。")] for name in sent if name not in self.fields}
        if wrong:
            raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)


class WithdrawalSerializer(Exact):
    """Why it is taken back, if there is something to say."""

    reason = Text(max_length=200, required=False, allow_blank=True, label=_("理由"))


class DecisionSerializer(Exact):
    """Yes or no; who says no says why, and a publication gets its first day."""

    decision = serializers.ChoiceField(
        [("approve", _("同意")), ("refuse", _("不同意"))], label=_("决定")
    )
    reason = Text(max_length=200, required=False, allow_blank=True, label=_("理由"))
    publish_on = serializers.DateField(required=False, label=_("哪天开始公示"))
