"""What programs read of long work."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from jobs.models import Job
from jobs.naming import kind_in_words


class JobSerializer(serializers.ModelSerializer[Job]):
    """A job: what it is, how far, and why it could not be done."""

    village = serializers.CharField(
        source="village.slug", allow_null=True, default=None, label=_("村的网址名")
    )
    kind_name = serializers.SerializerMethodField(label=_("任务"))

    class Meta:
        model = Job
        fields = (
            "id",
            "village",
            "kind",
            "kind_name",
            "state",
            "done",
            "total",
            "error",
            "asked_at",
            "ended_at",
        )
        read_only_fields = fields

    def get_kind_name(self, job: Job) -> str:
        """In words."""
        return kind_in_words(job.kind)
