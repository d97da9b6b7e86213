"""Finding exports: each belongs to the account that asked for it."""

from datetime import datetime

from django.db.models import QuerySet

from files.models import Export


def export_by_id(number: int) -> Export:
    """The export with its places and its account; raises Export.DoesNotExist."""
    return _whole().get(pk=number)


def find_export(number: int) -> Export | None:
    """The same, if there is one."""
    return _whole().filter(pk=number).first()


def _whole() -> QuerySet[Export]:
    found = Export.objects.select_related("township", "village", "user__person")
    return found.defer("content")


def exports_of(*, user_id: int) -> QuerySet[Export]:
    """What this account asked for, newest first, without the files."""
    mine = Export.objects.filter(user_id=user_id).select_related("township", "village")
    return mine.defer("content").order_by("-id")


def expired(*, at: datetime) -> QuerySet[Export]:
    """Files that are past their week and still there."""
    return Export.objects.filter(expires_at__lte=at, size__gt=0)
