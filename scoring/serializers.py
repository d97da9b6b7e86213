"""What programs read of the ledger and the rules: figures and keys, no person."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scoring.models import Balance, Entry, Item, Month, RuleBook


class EntrySerializer(serializers.ModelSerializer[Entry]):
    """One fact of the ledger with the fingerprint it is proved by."""

    village = serializers.CharField(source="village.slug", label=_("村的网址名"))
    subject = serializers.IntegerField(source="subject_id", label=_("户"))
    category = serializers.CharField(
        source="category.name", allow_null=True, default=None, label=_("类别")
    )
    item = serializers.IntegerField(source="item_id", allow_null=True, label=_("条目编号"))
    item_name = serializers.CharField(
        source="item.name", allow_null=True, default=None, label=_("条目")
    )
    rulebook = serializers.IntegerField(source="rulebook_id", allow_null=True, label=_("细则"))
    reverses = serializers.IntegerField(
        source="reverses_id", allow_null=True, label=_("冲正哪一笔")
    )
    digest = serializers.SerializerMethodField(label=_("指纹"))

    class Meta:
        model = Entry
        fields = (
            "id",
            "village",
            "subject",
            "kind",
            "points",
            "category",
            "item",
            "item_name",
            "rulebook",
            "occurred_on",
            "month",
            "reverses",
            "recorded_at",
            "digest",
        )
        read_only_fields = fields

    def get_digest(self, entry: Entry) -> str:
        """In hexadecimal."""
        return bytes(entry.digest).hex()


class BalanceSerializer(serializers.ModelSerializer[Balance]):
    """The running totals of a file."""

    village = serializers.CharField(source="village.slug", label=_("村的网址名"))
    subject = serializers.IntegerField(source="subject_id", label=_("户"))
    number = serializers.CharField(source="subject.number", label=_("户号"))
    unit_name = serializers.CharField(
        source="subject.unit.name", allow_null=True, default=None, label=_("小组")
    )

    class Meta:
        model = Balance
        fields = ("village", "subject", "number", "unit_name", "gross", "earned", "spendable")
        read_only_fields = fields


class MonthSerializer(serializers.ModelSerializer[Month]):
    """A month of a village's ledger."""

    village = serializers.CharField(source="village.slug", label=_("村的网址名"))
    seal_number = serializers.IntegerField(
        source="seal.number", allow_null=True, default=None, label=_("第几次封账")
    )
    seal_root = serializers.SerializerMethodField(label=_("封账指纹"))

    class Meta:
        model = Month
        fields = (
            "id",
            "village",
            "month",
            "origin",
            "state",
            "closed_at",
            "seal_number",
            "seal_root",
        )
        read_only_fields = fields

    def get_seal_root(self, month: Month) -> str:
        """In hexadecimal; '' while the month is open."""
        return bytes(month.seal.root).hex() if month.seal else ""


class RuleBookSerializer(serializers.ModelSerializer[RuleBook]):
    """A version of a village's rules and by which meeting it is in force."""

    village = serializers.CharField(source="village.slug", label=_("村的网址名"))
    from_on = serializers.SerializerMethodField(label=_("生效日"))
    until_on = serializers.SerializerMethodField(label=_("失效日，从这天起不再有效"))
    adopted_on = serializers.DateField(
        source="adoption.adopted_on", allow_null=True, default=None, label=_("表决日期")
    )

    class Meta:
        model = RuleBook
        fields = (
            "id",
            "village",
            "title",
            "version",
            "origin",
            "state",
            "from_on",
            "until_on",
            "adopted_on",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_from_on(self, book: RuleBook) -> str | None:
        """The first day in force."""
        return book.effective.lower.isoformat() if book.effective else None

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_until_on(self, book: RuleBook) -> str | None:
        """The day it gave way, if it has."""
        last = book.effective.upper if book.effective else None
        return last.isoformat() if last else None


class ItemSerializer(serializers.ModelSerializer[Item]):
    """One line of the rules."""

    village = serializers.CharField(source="village.slug", label=_("村的网址名"))
    rulebook = serializers.IntegerField(source="rulebook_id", label=_("细则"))
    category = serializers.CharField(source="category.name", label=_("类别"))
    cap_period = serializers.ChoiceField(
        Item.CapPeriod.choices, allow_blank=True, label=_("封顶周期，空的是不封顶")
    )

    class Meta:
        model = Item
        fields = (
            "id",
            "village",
            "rulebook",
            "category",
            "code",
            "name",
            "list",
            "low",
            "high",
            "unit",
            "cap_period",
            "cap_times",
            "cap_points",
            "evidence",
            "route",
            "locked",
            "effect",
            "since",
        )
        read_only_fields = fields
