"""Bringing a sheet in: the upload, its columns, what is typed over it, and giving it up.

Nothing here writes to the register; see `import_confirming`.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Action
from accounts.scope import role_for
from households.importing.columns import Choice, find_layout, glance_at
from households.importing.headings import Field
from households.importing.reading import Fix, read_layout
from households.models import ImportBatch, ImportPage
from households.operations import import_pages
from households.operations.import_writing import Watch, unwatched
from households.operations.importing import examine
from households.queries.imports import (
    choice_of,
    choice_saved,
    fixes_of,
    header_digest,
    layout_of,
    mapping_of,
    sheets_in,
    sheets_of,
    to_be_wiped,
)
from jobs import operations as jobs
from jobs.models import Job
from jobs.queries import by_key
from trail.actor import Actor
from trail.changes import batch_digest
from trail.clock import business_date
from trail.errors import DomainError
from trail.operations import record
from villages.models import Township, Village

MOST_BYTES = 10 * 1024 * 1024
# What is smaller is checked while its owner waits.
CHECKED_AT_ONCE = 300_000
KEPT_FOR = timedelta(days=7)
CHECK = "households.check_import"
WRITE = "households.write_import"
LONGEST_NAME = 100
# Beside what was chosen: by which the header is known again.
HEADER = "header_digest"


class FileIsTooBig(DomainError):
    """The file is larger than one import may be."""

    code = "file_is_too_big"


class NotNow(DomainError):
    """The import is not at the step at which this can be done."""

    code = "not_now"


class NotAllowedAnyMore(DomainError):
    """Who brought the sheet in holds no posting any more that allows it."""

    code = "not_allowed_any_more"


@transaction.atomic
def take_file(
    *,
    township: Township,
    village: Village | None,
    file_name: str,
    content: bytes,
    by: Actor,
    at: datetime,
) -> ImportBatch:
    """Keep an uploaded sheet, sealed, with the columns as they were last time or are likely meant.

    With `village` it is that village's own. Raises FileIsTooBig, FileNotReadable, or ColumnsMissing
    when there is nothing in it; the caller has seen to it that `by` may.
    """
    if by.user_id is None:
        raise NotAllowedAnyMore(_("导入要由人来做，请登录后再导入。"))
    if len(content) > MOST_BYTES:
        raise FileIsTooBig(
            _("文件超过 %(most)s MB，没有收下。请分成几个文件，或删掉图片和用不着的工作表再导入。")
            % {"most": MOST_BYTES // 1024 // 1024}
        )
    sheets = sheets_in(content, name=file_name)
    seen = glance_at(sheets, choice_saved(township_id=township.pk, sheets=sheets) or Choice())
    mapping = mapping_of(seen.layout)
    if village is not None and Field.VILLAGE not in seen.layout.columns:
        mapping["fixed"][Field.VILLAGE.value] = village.name
    digest = hashlib.sha256(content)
    batch = ImportBatch.objects.create(
        township=township,
        village=village,
        user_id=by.user_id,
        file_name=file_name[-LONGEST_NAME:],
        content=base64.b64encode(content).decode(),
        sha256=digest.digest(),
        size=len(content),
        mapping=mapping,
        uploaded_at=at,
    )
    detail = {"file_sha256": digest.hexdigest(), "size": len(content)}
    record(by=by, at=at, what="import.uploaded", detail=detail, **home_of(batch))
    return batch


@transaction.atomic
def choose_columns(
    *, batch: ImportBatch, mapping: Mapping[str, Any], by: Actor, at: datetime
) -> ImportBatch:
    """Lay the sheet out as chosen, and check it: at once when small, else by a worker.

    Raises ColumnsMissing when a necessary column is still missing, or NotNow.
    """
    locked = at_step(batch, *ImportBatch.OPEN)
    layout = find_layout(sheets_of(locked), choice_of(mapping))
    same = all(locked.mapping.get(part) == mapping[part] for part in ("sheet", "header"))
    if not same:
        # Rows have other numbers now.
        locked.fixes = ""
    locked.mapping = {**mapping, HEADER: header_digest(layout).hex()}
    locked.state = ImportBatch.State.MAPPED
    locked.save(update_fields=["mapping", "fixes", "state"])
    record(by=by, at=at, what="import.columns_chosen", detail={}, **home_of(locked))
    _ask_to_check(locked, by=by, at=at)
    return locked


@transaction.atomic
def type_over(
    *, batch: ImportBatch, fixes: Mapping[int, Fix], by: Actor, at: datetime
) -> ImportBatch:
    """Keep what was typed over rows of the sheet, beside what was typed before, and check again.

    Raises NotNow.
    """
    locked = at_step(batch, ImportBatch.State.CHECKED)
    kept = dict(fixes_of(locked))
    for row, fix in fixes.items():
        earlier = kept.get(row, Fix())
        kept[row] = Fix({**earlier.cells, **fix.cells}, fix.left_out)
    locked.fixes = json.dumps(
        {
            row: {
                "cells": {wanted.value: text for wanted, text in fix.cells.items()},
                "left_out": fix.left_out,
            }
            for row, fix in kept.items()
        }
    )
    locked.state = ImportBatch.State.MAPPED
    locked.save(update_fields=["fixes", "state"])
    record(by=by, at=at, what="import.rows_typed", detail={"rows": len(fixes)}, **home_of(locked))
    _ask_to_check(locked, by=by, at=at)
    return locked


@transaction.atomic
def check_again(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """Check against the register of today, also after the import was refused; raises NotNow."""
    states = [ImportBatch.State.MAPPED, ImportBatch.State.CHECKED]
    if (job := by_key(kind=WRITE, key=reference(batch))) and job.state == Job.State.FAILED:
        states.append(ImportBatch.State.CONFIRMED)
    locked = at_step(batch, *states)
    locked.state = ImportBatch.State.MAPPED
    locked.save(update_fields=["state"])
    record(by=by, at=at, what="import.check_asked", detail={}, **home_of(locked))
    _ask_to_check(locked, by=by, at=at)
    return locked


@transaction.atomic
def drop(*, batch: ImportBatch, by: Actor, at: datetime) -> None:
    """Give the import up and wipe what it holds; raises NotNow."""
    locked = at_step(batch, *ImportBatch.OPEN)
    locked.state = ImportBatch.State.DROPPED
    locked.save(update_fields=["state"])
    _wipe([locked.pk], at=at)
    record(by=by, at=at, what="import.dropped", detail={}, **home_of(locked))


@transaction.atomic
def hand_out_refused(*, batch: ImportBatch, rows: int, by: Actor, at: datetime) -> None:
    """Note that the rows that were refused leave the site, to be put right and sent again."""
    record(by=by, at=at, what="import.refused_downloaded", detail={"rows": rows}, **home_of(batch))


def check(*, batch: ImportBatch, at: datetime, watch: Watch = unwatched) -> None:
    """Read the sheet beside the register and keep what was found, page by page.

    Changes nothing but the import itself, and records nothing: who asked for it is on the trail.
    """
    watch(0, 3)
    read = read_layout(layout_of(batch), on=business_date(at), fixes=fixes_of(batch))
    watch(1, 3)
    examined = examine(read=read, township=batch.township, only=batch.village, at=at)
    watch(2, 3)
    import_pages.keep_pages(batch=batch, read=read, examined=examined)
    batch.counts = import_pages.counts_of(examined)
    batch.plan_digest = import_pages.digest_of(examined.plan)
    batch.state, batch.checked_at = ImportBatch.State.CHECKED, at
    batch.save(update_fields=["counts", "plan_digest", "state", "checked_at"])


@transaction.atomic
def wipe_old(*, by: Actor, at: datetime) -> int:
    """Wipe what imports past their week hold of people; one event names how many they were."""
    old = to_be_wiped(before=at - KEPT_FOR, at=at)
    ids = list(old.order_by("pk").values_list("pk", flat=True))
    if ids:
        _wipe(ids, at=at)
        about = "households.importbatch"
        record(by=by, at=at, what="import.wiped", about=about, detail=batch_digest(ids))
    return len(ids)


def actor_of(*, batch: ImportBatch) -> Actor:
    """Who brought it in, in a role that allows it today; raises NotAllowedAnyMore."""
    user, action = batch.user, Action.IMPORT_REGISTER
    if batch.village_id is not None:
        role = role_for(user, action=action, village_id=batch.village_id)
    else:
        role = role_for(user, action=action, township_id=batch.township_id)
    if role is None:
        raise NotAllowedAnyMore(_("您现在没有导入的权限，什么也没有写进去。"))
    return Actor(name=user.person.name, role=role, person_id=user.person_id, user_id=user.pk)


def reference(batch: ImportBatch) -> str:
    """How jobs and the audit trail name it."""
    return f"households.importbatch:{batch.pk}"


def at_step(batch: ImportBatch, *states: ImportBatch.State) -> ImportBatch:
    """The import, locked, at one of these steps and with its file still there; raises NotNow."""
    found = ImportBatch.objects.select_related("township", "village")
    locked = found.select_for_update(of=("self",)).get(pk=batch.pk)
    if locked.state not in states:
        raise NotNow(
            _("这次导入现在是“%(state)s”，这一步不能办了。请看这一页现在的样子。")
            % {"state": locked.get_state_display()}
        )
    if locked.wiped_at is not None:
        raise NotNow(_("上传的文件过了7天，已经清掉了。请重新上传。"))
    return locked


class Home(TypedDict):
    """What an event of an import is about, and where."""

    about: str
    village_id: int | None


def home_of(batch: ImportBatch) -> Home:
    """How an event names this import and its village."""
    return {"about": reference(batch), "village_id": batch.village_id}


def _ask_to_check(batch: ImportBatch, *, by: Actor, at: datetime) -> None:
    if batch.size <= CHECKED_AT_ONCE:
        check(batch=batch, at=at)
        return
    jobs.ask(
        kind=CHECK,
        key=reference(batch),
        payload={"batch": batch.pk},
        asked_by=by.name,
        at=at,
        village_id=batch.village_id,
        township_id=batch.township_id,
    )


def _wipe(ids: list[int], *, at: datetime) -> None:
    ImportPage.objects.filter(batch_id__in=ids).delete()
    ImportBatch.objects.filter(pk__in=ids).update(content="", fixes="", before="", wiped_at=at)
