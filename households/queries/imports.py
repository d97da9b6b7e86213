"""Finding the sheets staff brought in, and reading what is sealed in them."""

import base64
import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from households.importing.columns import Choice, Glance, Layout, find_layout, glance_at
from households.importing.headers import possible_headers
from households.importing.headings import Field
from households.importing.reading import Fix, Fixes
from households.importing.sheets import Sheet, open_sheets
from households.models import ImportBatch, ImportPage, Member, SavedColumns
from trail.sealing import lookup_digest
from villages.queries import villages_of

SEALED = ("content", "fixes", "before")


def imports_of(*, user_id: int) -> QuerySet[ImportBatch]:
    """What this account brought in, newest first, without what is sealed."""
    mine = ImportBatch.objects.filter(user_id=user_id).select_related("township", "village")
    return mine.defer(*SEALED).order_by("-pk")


def import_by_id(number: int) -> ImportBatch:
    """The import with its places and its account; raises ImportBatch.DoesNotExist."""
    found = ImportBatch.objects.select_related("township", "village", "user__person")
    return found.defer(*SEALED).get(pk=number)


def village_ids_of(batch: ImportBatch) -> list[int]:
    """The villages whose people an import may touch."""
    if batch.village_id is not None:
        return [batch.village_id]
    return [village.pk for village in villages_of(township_id=batch.township_id)]


def imported_before(batch: ImportBatch) -> ImportBatch | None:
    """Another import of the very same file into the same township that was carried out."""
    same = ImportBatch.objects.filter(
        township_id=batch.township_id, sha256=bytes(batch.sha256), state=ImportBatch.State.DONE
    )
    return same.exclude(pk=batch.pk).defer(*SEALED).order_by("-pk").first()


def sheets_of(batch: ImportBatch) -> list[Sheet]:
    """The sheets of the sealed file; raises FileNotReadable as at the upload."""
    return sheets_in(base64.b64decode(batch.content), name=batch.file_name)


def sheets_in(content: bytes, *, name: str) -> list[Sheet]:
    """The sheets of a file that was sent; its rows are in memory, nothing stays on the disk."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return open_sheets(Path(file.name), name=name)


def choice_of(mapping: Mapping[str, Any]) -> Choice:
    """What was chosen, as the reading takes it."""
    first, last = mapping["header"]
    return Choice(
        sheet=mapping["sheet"],
        header_row=first,
        last_header_row=last,
        complete=True,
        columns={Field(name): place for name, place in mapping["columns"].items()},
        fixed={Field(name): text for name, text in mapping["fixed"].items()},
    )


def mapping_of(layout: Layout) -> dict[str, Any]:
    """A layout as it is kept with the import."""
    return {
        "sheet": layout.sheet.title,
        "header": [layout.first_header_row, layout.last_header_row],
        "columns": {wanted.value: place for wanted, place in layout.columns.items()},
        "fixed": {wanted.value: text for wanted, text in layout.fixed.items()},
    }


def layout_of(batch: ImportBatch) -> Layout:
    """The sealed file laid out as was chosen; raises ColumnsMissing."""
    return find_layout(sheets_of(batch), choice_of(batch.mapping))


def header_digest(layout: Layout) -> bytes:
    """By which a header is known again: keyed, so that it tells nothing of what stands in it."""
    words = list(layout.all_headings)
    while words and not words[-1]:
        words.pop()
    return lookup_digest(json.dumps(words), purpose="households.import-header")


def saved_columns(*, township_id: int, layout: Layout) -> SavedColumns | None:
    """What the township's last import under this header took for what."""
    mine = SavedColumns.objects.filter(township_id=township_id)
    return mine.filter(header_digest=header_digest(layout)).first()


def choice_saved(*, township_id: int, sheets: list[Sheet]) -> Choice | None:
    """The columns of an earlier import, if one of the sheets has a header known from it."""
    rows = SavedColumns.objects.filter(township_id=township_id)
    known = {bytes(row.header_digest): row for row in rows}
    for layout in possible_headers(sheets) if known else ():
        saved = known.get(header_digest(layout))
        if saved is not None:
            return _choice_of_saved(saved, layout)
    return None


def _choice_of_saved(saved: SavedColumns, layout: Layout) -> Choice:
    return Choice(
        sheet=layout.sheet.title,
        header_row=layout.first_header_row,
        last_header_row=layout.last_header_row,
        complete=True,
        columns={Field(name): place for name, place in saved.columns.items()},
    )


def glance_as_saved(batch: ImportBatch, choice: Choice) -> Glance:
    """The sealed file with this choice, its columns as under the same header before."""
    seen = glance_of(batch, choice)
    saved = saved_columns(township_id=batch.township_id, layout=seen.layout)
    return glance_of(batch, _choice_of_saved(saved, seen.layout)) if saved else seen


def glance_of(batch: ImportBatch, choice: Choice) -> Glance:
    """The sealed file as it looks with this choice."""
    return glance_at(sheets_of(batch), choice)


def fixes_of(batch: ImportBatch) -> Fixes:
    """What was typed over its rows."""
    kept = json.loads(batch.fixes or "{}")
    return {
        int(row): Fix({Field(name): text for name, text in fix["cells"].items()}, fix["left_out"])
        for row, fix in kept.items()
    }


def page_of(batch: ImportBatch, *, tab: str, number: int) -> list[dict[str, Any]]:
    """The rows of one page of what was found; none past the last."""
    page = ImportPage.objects.filter(batch_id=batch.pk, tab=tab, number=number).first()
    return list(json.loads(page.content)) if page else []


def refused_lines(batch: ImportBatch) -> list[dict[str, Any]]:
    """Every row that was refused, with its reasons."""
    pages = ImportPage.objects.filter(batch_id=batch.pk, tab=ImportPage.Tab.REFUSED)
    return [line for page in pages.order_by("number") for line in json.loads(page.content)]


def phones_of(member_ids: list[int]) -> dict[int, str]:
    """The phones of these members, in plain; within the reach."""
    return dict(Member.objects.filter(pk__in=member_ids).values_list("pk", "phone"))


def to_be_wiped(*, before: datetime, at: datetime) -> QuerySet[ImportBatch]:
    """Imports of that time or earlier that still hold what nobody needs any more.

    One that can still be undone is needed.
    """
    old = ImportBatch.objects.filter(wiped_at__isnull=True, uploaded_at__lte=before)
    return old.exclude(state=ImportBatch.State.CONFIRMED).exclude(undo_until__gt=at)
