"""What programs read of published notices: the same as the pages show, and nothing else."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from notices import proof
from notices.models import Notice
from notices.periods import runs
from trail.clock import today
from villages.models import Village


class PublicVillageSerializer(serializers.ModelSerializer[Village]):
    """A village at its public address."""

    township = serializers.CharField(source="township.name", label=_("乡镇"))

    class Meta:
        model = Village
        fields = ("slug", "code", "name", "township", "kind", "phone")
        read_only_fields = fields


class ProofSerializer(serializers.Serializer[Any]):
    """By what anyone can prove the notice."""

    code = serializers.CharField(label=_("核对码"))
    content_sha256 = serializers.CharField(label=_("内容指纹"))
    seal_root = serializers.CharField(label=_("封账指纹"), allow_blank=True)

    def to_representation(self, instance: Notice) -> dict[str, str]:
        """From the sealed body."""
        body = instance.body
        return {
            "code": proof.grouped(body.short_code),
            "content_sha256": bytes(body.content_sha256).hex(),
            "seal_root": bytes(body.seal_root).hex(),
        }


class PublicNoticeSerializer(serializers.ModelSerializer[Notice]):
    """A published notice in a list: what it is, how long it runs, its proof."""

    village = serializers.CharField(source="village.slug", label=_("村的网址名"))
    village_name = serializers.CharField(source="village.name", label=_("村"))
    month = serializers.CharField(allow_null=True, label=_("月份"))
    running = serializers.SerializerMethodField(label=_("正在公示"))
    corrects = serializers.CharField(
        source="corrects.number", allow_null=True, default=None, label=_("更正哪一份")
    )
    corrected_by = serializers.CharField(allow_null=True, label=_("被哪一份更正"))
    proof = ProofSerializer(source="*")

    class Meta:
        model = Notice
        fields: tuple[str, ...] = (
            "village",
            "village_name",
            "number",
            "title",
            "kind",
            "month",
            "publish_on",
            "until_on",
            "running",
            "corrects",
            "corrected_by",
            "proof",
        )
        read_only_fields = fields

    def get_running(self, notice: Notice) -> bool:
        """Whether its rows are still on show."""
        return runs(publish_on=notice.publish_on, until_on=notice.until_on, on=today())


class CategorySerializer(serializers.Serializer[Any]):
    """What a category amounts to."""

    name = serializers.CharField(label=_("类别"))
    plus = serializers.IntegerField(label=_("加分"))
    minus = serializers.IntegerField(label=_("减分"))


class NoticeDetailSerializer(PublicNoticeSerializer):
    """A notice with its totals; the rows have an address of their own."""

    totals = serializers.DictField(
        child=serializers.IntegerField(), source="body.content.totals", label=_("合计")
    )
    categories = CategorySerializer(many=True, source="body.content.categories")
    rules = serializers.DictField(source="body.content.rules", label=_("按哪一版细则"))

    class Meta(PublicNoticeSerializer.Meta):
        fields = (*PublicNoticeSerializer.Meta.fields, "totals", "categories", "rules")
        read_only_fields = fields


class BeforeSerializer(serializers.Serializer[Any]):
    """What the corrected notice had said."""

    plus = serializers.IntegerField(label=_("本月加分"))
    gross = serializers.IntegerField(label=_("累计加分"))


class RowSerializer(serializers.Serializer[Any]):
    """One household: group and number, the masked name it agreed to ('' is none), figures."""

    place = serializers.IntegerField(label=_("第几行"))
    group = serializers.CharField(label=_("小组"))
    number = serializers.CharField(label=_("户号"))
    label = serializers.CharField(label=_("隐名"), allow_blank=True)
    plus = serializers.IntegerField(label=_("本月加分"))
    gross = serializers.IntegerField(label=_("累计加分"))
    before = BeforeSerializer(allow_null=True, label=_("更正以前"))


class RowPageSerializer(serializers.Serializer[Any]):
    """A page of them, for the document."""

    count = serializers.IntegerField(label=_("共几行"))
    page = serializers.IntegerField(label=_("第几页"))
    pages = serializers.IntegerField(label=_("共几页"))
    results = RowSerializer(many=True)


class CheckedSerializer(serializers.Serializer[Any]):
    """Whether the code on paper is right, and which notice it is."""

    genuine = serializers.BooleanField(label=_("与封存的内容一致"))
    notice = NoticeDetailSerializer(allow_null=True)
