"""What programs read of the visitor, its villages and their parts."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

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
