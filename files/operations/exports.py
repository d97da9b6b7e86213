"""Keeping a file sealed, handing it out, and wiping it."""

import base64
import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from files import queries
from files.models import Export
from trail.actor import Actor
from trail.changes import batch_digest
from trail.errors import DomainError
from trail.operations import record

KEPT_FOR = timedelta(days=7)


class FileIsGone(DomainError):
    """The file is not made yet, or was wiped after its week."""

    code = "file_is_gone"


class FileIsChanged(DomainError):
    """The file is not the one that was made."""

    code = "file_is_changed"


@transaction.atomic
def keep(*, export: Export, content: bytes, rows: int, by: Actor, at: datetime) -> None:
    """Put the file away, sealed, for a week; one event says how much it holds."""
    digest = hashlib.sha256(content)
    export.content = base64.b64encode(content).decode()
    export.sha256, export.size = digest.digest(), len(content)
    export.made_at, export.expires_at = at, at + KEPT_FOR
    export.save(update_fields=["content", "sha256", "size", "made_at", "expires_at"])
    _record(export, what="export.made", by=by, at=at, rows=rows, sha256=digest.hexdigest())


@transaction.atomic
def hand_out(*, export: Export, by: Actor, at: datetime) -> bytes:
    """The file, counted and recorded. The caller has seen to it that it is the asker's.

    Raises FileIsGone or FileIsChanged.
    """
    locked = Export.objects.select_for_update().get(pk=export.pk)
    if not locked.content or locked.expires_at is None or locked.expires_at <= at:
        raise FileIsGone(_("文件还没做好，或者已经过了7天清掉了，请重新导出。"))
    content = base64.b64decode(locked.content)
    if hashlib.sha256(content).digest() != bytes(locked.sha256 or b""):
        raise FileIsChanged(_("文件和做好的时候不一样了，不能给您，请重新导出。"))
    locked.downloads += 1
    locked.save(update_fields=["downloads"])
    _record(locked, what="export.downloaded", by=by, at=at, downloads=locked.downloads)
    return content


@transaction.atomic
def wipe_expired(*, by: Actor, at: datetime) -> int:
    """Wipe the files past their week; one event names how many they were."""
    ids = list(queries.expired(at=at).order_by("pk").values_list("pk", flat=True))
    if ids:
        Export.objects.filter(pk__in=ids).update(content="", size=0)
        record(by=by, at=at, what="export.wiped", about="files.export", detail=batch_digest(ids))
    return len(ids)


def _record(export: Export, *, what: str, by: Actor, at: datetime, **detail: object) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=f"files.export:{export.pk}",
        village_id=export.village_id,
        detail={"persons": export.persons, "purpose": export.purpose, **detail},
    )
