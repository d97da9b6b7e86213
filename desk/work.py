"""What the worker does for the desk."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from desk.exporting.contents import headings, rows
from desk.exporting.reach import village_ids
from desk.exporting.tables import Cell, Table, as_csv, as_xlsx
from desk.operations import actor_of
from files.models import Export
from files.operations import keep
from files.queries import export_by_id
from jobs.operations import Lease, progress
from trail.clock import SHANGHAI
from trail.scope import reach


def export_file(lease: Lease, at: datetime) -> Mapping[str, object]:
    """Make the file of an export; between villages it sees whether it was cancelled."""
    export = export_by_id(int(lease.payload["export"]))
    by = actor_of(export=export)
    villages = village_ids(export)
    reach(villages)
    found: list[list[Cell]] = []
    for done, village_id in enumerate(villages, 1):
        found += rows(export, village_id=village_id)
        progress(lease=lease, done=done, total=len(villages), at=at)
    table = Table(watermark(export, name=by.name, at=at), headings(export.what), found)
    content = as_csv(table) if export.form == Export.Form.CSV else as_xlsx(table)
    keep(export=export, content=content, rows=len(found), by=by, at=at)
    return {"rows": len(found)}


def watermark(export: Export, *, name: str, at: datetime) -> str:
    """Who, when, why and under which number, on every sheet."""
    facts = {
        "number": export.pk,
        "who": name,
        "at": at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "purpose": export.purpose,
    }
    words = _("导出编号%(number)s，%(who)s，%(at)s，用途：%(purpose)s。请妥善保管，不得外传。")
    return words % facts
