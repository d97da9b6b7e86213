"""Finding exports, each its asker's own, and photos by their digest."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from files.models import Attachment, Export
from files.storage import COPY, place
from trail.scope import Scope


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


def attachment_within(scope: Scope, action: str, *, number: int) -> Attachment | None:
    """A photo; None outside the scope as for none at all."""
    return Attachment.objects.within(scope, action).filter(pk=number).first()


def attachment_in(*, village_id: int, sha256: str) -> Attachment | None:
    """The photo with this digest, as far as it has arrived."""
    return Attachment.objects.filter(village_id=village_id, sha256=sha256).first()


def attachments_in(*, village_id: int, shas: Collection[str]) -> dict[str, Attachment]:
    """The photos of these digests that have arrived, wholly or in part, by their digest."""
    found = Attachment.objects.filter(village_id=village_id, sha256__in=shas)
    return {one.sha256: one for one in found}


def copy_of(attachment: Attachment) -> bytes:
    """The copy without EXIF. Raises FileNotFoundError when it is lost."""
    return place(attachment.village_id, attachment.sha256, COPY).read_bytes()
