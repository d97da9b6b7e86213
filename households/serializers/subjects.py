"""What programs read of the register: files with masked names, nothing of their members."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from households.models import Subject
from notices.masking import masked_name


class SubjectSerializer(serializers.ModelSerializer[Subject]):
    """A file: where it is, what it is called on paper, whether it has a card."""

    village = serializers.CharField(source="village.slug", label=_("村的网址名"))
    unit = serializers.IntegerField(source="unit_id", allow_null=True, label=_("小组编号"))
    unit_name = serializers.CharField(
        source="unit.name", allow_null=True, default=None, label=_("小组")
    )
    masked_name = serializers.SerializerMethodField(label=_("隐名"))
    has_card = serializers.SerializerMethodField(label=_("发过户卡"))

    class Meta:
        model = Subject
        fields = (
            "id",
            "village",
            "unit",
            "unit_name",
            "kind",
            "number",
            "masked_name",
            "state",
            "publish_choice",
            "has_card",
        )
        read_only_fields = fields

    def get_masked_name(self, subject: Subject) -> str:
        """A person's name is masked; a collective has none to hide."""
        if subject.kind == Subject.Kind.COLLECTIVE:
            return subject.name
        return masked_name(subject.name)

    def get_has_card(self, subject: Subject) -> bool:
        """Whether a card opens its page."""
        return subject.card_issued_at is not None
