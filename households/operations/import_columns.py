"""Which column was what: noted when an import is confirmed, forgotten when somebody says so."""

from datetime import datetime

from django.db import transaction

from households.importing.columns import Choice
from households.models import ImportBatch, SavedColumns
from households.operations.import_batches import HEADER, at_step, home_of
from households.queries.imports import glance_of, mapping_of, saved_columns
from trail.actor import Actor
from trail.operations import record


def remember_columns(*, batch: ImportBatch, at: datetime) -> None:
    """Note the columns of a confirmed import for the next sheet of the township with this header.

    Part of the confirmation, which is on the trail. Fixed values are of the one sheet alone.
    """
    digest = batch.mapping.get(HEADER)
    if digest is None:
        return
    SavedColumns.objects.update_or_create(
        township_id=batch.township_id,
        header_digest=bytes.fromhex(digest),
        defaults={"columns": batch.mapping["columns"], "saved_at": at},
    )


@transaction.atomic
def forget_columns(*, batch: ImportBatch, by: Actor, at: datetime) -> None:
    """Forget what the township has noted for the header of this sheet, and recognise it anew.

    Raises NotNow.
    """
    locked = at_step(batch, ImportBatch.State.UPLOADED)
    seen = glance_of(locked, _header_of(locked))
    saved = saved_columns(township_id=locked.township_id, layout=seen.layout)
    if saved is not None:
        saved.delete()
    fixed = locked.mapping["fixed"]
    locked.mapping = {**mapping_of(seen.layout), "fixed": fixed}
    locked.save(update_fields=["mapping"])
    record(by=by, at=at, what="import.columns_forgotten", detail={}, **home_of(locked))


def _header_of(batch: ImportBatch) -> Choice:
    first, last = batch.mapping["header"]
    return Choice(sheet=batch.mapping["sheet"], header_row=first, last_header_row=last)
