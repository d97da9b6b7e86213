"""The one step of an import that writes to the register: a person confirms, a worker does it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from households.importing.reading import read_layout
from households.models import ImportBatch
from households.operations import import_images
from households.operations.import_batches import WRITE, at_step, home_of, reference
from households.operations.import_columns import remember_columns
from households.operations.import_pages import digest_of
from households.operations.import_writing import Watch, write_plan
from households.operations.importing import examine, imported, wait_for_other_imports
from households.queries.imports import fixes_of, layout_of
from jobs import operations as jobs
from jobs.models import Job
from jobs.queries import by_key
from trail.actor import Actor
from trail.clock import business_date
from trail.errors import DomainError
from trail.failpoints import failpoint
from trail.operations import record

UNDO_FOR = timedelta(hours=24)


class RowsAreWrong(DomainError):
    """All or nothing was chosen, and some rows cannot be imported."""

    code = "rows_are_wrong"


class RegisterChangedSince(DomainError):
    """The register is not any more as it was when the sheet was checked."""

    code = "register_changed_since"


@transaction.atomic
def confirm(*, batch: ImportBatch, skips_bad_rows: bool, by: Actor, at: datetime) -> Job:
    """Ask the worker to import what was shown, all of it or the good rows.

    Raises RowsAreWrong or NotNow.
    """
    locked = at_step(batch, ImportBatch.State.CHECKED)
    wrong = locked.counts["refused"]
    if wrong and not skips_bad_rows:
        raise RowsAreWrong(
            _(
                "还有%(count)s行出错，选了“有错就都不导入”，什么也没有写进去。请先改好，或选先导入好的行。"
            )
            % {"count": wrong}
        )
    locked.state, locked.confirmed_at = ImportBatch.State.CONFIRMED, at
    locked.skips_bad_rows = skips_bad_rows
    locked.save(update_fields=["state", "confirmed_at", "skips_bad_rows"])
    remember_columns(batch=locked, at=at)
    record(by=by, at=at, what="import.confirmed", detail=dict(locked.counts), **home_of(locked))
    return jobs.ask(
        kind=WRITE,
        key=reference(locked),
        payload={"batch": locked.pk},
        asked_by=by.name,
        at=at,
        village_id=locked.village_id,
        township_id=locked.township_id,
    )


@transaction.atomic
def cancel(*, batch: ImportBatch, by: Actor, at: datetime) -> None:
    """Stop a confirmed import that is not done: nothing of it is written. Raises NotNow."""
    locked = at_step(batch, ImportBatch.State.CONFIRMED)
    job = by_key(kind=WRITE, key=reference(locked))
    if job is not None:
        jobs.cancel(job_id=job.pk, at=at)
    locked.state = ImportBatch.State.CHECKED
    locked.save(update_fields=["state"])
    record(by=by, at=at, what="import.cancelled", detail={}, **home_of(locked))


def write(*, batch: ImportBatch, by: Actor, at: datetime, watch: Watch) -> int:
    """Write what was confirmed, in the caller's transaction and reach; how many people it wrote.

    What was shown is written and nothing else: raises RegisterChangedSince when the register says
    otherwise by now, unless it has come to say all that the sheet says. Raises Fenced when the
    import was stopped; a second time it writes nothing.
    """
    if batch.state != ImportBatch.State.CONFIRMED:
        return 0
    wait_for_other_imports(township=batch.township)
    read = read_layout(layout_of(batch), on=business_date(at), fixes=fixes_of(batch))
    examined = examine(read=read, township=batch.township, only=batch.village, at=at)
    plan = examined.plan
    if not plan.is_empty and digest_of(plan) != bytes(batch.plan_digest or b""):
        raise RegisterChangedSince(
            _(
                "检查以后档案有了改动，和给您看的不一样了，什么也没有写进去。请重新检查，看过再导入。"
            )
        )
    images = import_images.before(plan)
    failpoint("import:planned")
    added = write_plan(plan=plan, at=at, watch=watch)
    import_images.after(images, plan=plan, added=added)
    failpoint("import:written")
    written = len(plan.added) + len(plan.changed)
    _done(batch, before=images.sealed_text(), written=written, at=at)
    record(
        by=by,
        at=at,
        what="households.imported",
        about=f"villages.township:{batch.township_id}",
        detail=imported(examined) | {"file_sha256": bytes(batch.sha256).hex()},
    )
    return written


def _done(batch: ImportBatch, *, before: str, written: int, at: datetime) -> None:
    mine = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.CONFIRMED)
    counts = batch.counts | {"written": written}
    state = ImportBatch.State.DONE
    until = at + UNDO_FOR
    if not mine.update(state=state, counts=counts, before=before, done_at=at, undo_until=until):
        raise jobs.Fenced(_("这次导入已经停止，什么也没有写进去。"))
