"""What the worker does for households."""

from collections.abc import Mapping
from datetime import datetime

from households.models import ImportBatch
from households.operations import import_batches, import_confirming
from households.operations.import_writing import Watch
from households.queries.imports import import_by_id, village_ids_of
from jobs.operations import Lease, still_ours
from trail.scope import reach


def check_import(lease: Lease, at: datetime) -> Mapping[str, object]:
    """Read a sheet beside the register; writes nothing to it."""
    batch = _reached(lease)
    if batch.state == ImportBatch.State.MAPPED:
        import_batches.check(batch=batch, at=at, watch=_watching(lease))
    return {"rows": batch.counts.get("people", 0)}


def write_import(lease: Lease, at: datetime) -> Mapping[str, object]:
    """Import what was confirmed, all in one transaction."""
    batch = _reached(lease)
    by = import_batches.actor_of(batch=batch)
    written = import_confirming.write(batch=batch, by=by, at=at, watch=_watching(lease))
    return {"rows": written}


def _reached(lease: Lease) -> ImportBatch:
    batch = import_by_id(int(lease.payload["batch"]))
    reach(village_ids_of(batch))
    return batch


def _watching(lease: Lease) -> Watch:
    """Shows how far the work is, and ends it when it was stopped."""

    def watch(done: int, total: int) -> None:
        lease.told.done, lease.told.total = done, total
        still_ours(lease=lease)

    return watch
