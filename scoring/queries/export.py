"""The ledger as a stranger gets it: all that a digest, a sum or a notice rests on, and no name.

Households appear by group and number, entries by their ids. `docs/ledger-format.md` says what each
file holds; `deploy/verify/verify.py` reads it without this program.
"""

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import BinaryIO

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Coalesce

from households.models import Subject
from notices.models import NoticeBody
from scoring.engine.canon import EntryFacts
from scoring.engine.merkle import DIGEST_SIZE
from scoring.models import (
    Balance,
    Category,
    Entry,
    Item,
    Month,
    MonthlyTotal,
    NoticedHouseholds,
    RuleBook,
    Seal,
)
from scoring.queries import ledger, seals
from villages.models import Village

FORMAT = "village-points-ledger"
VERSION = 1
_CHUNK = 2_000

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Written:
    """How much an export holds."""

    villages: int
    entries: int


def write_export(*, to: BinaryIO, village: Village | None, at: datetime) -> Written:
    """Write one village, or every village that has a ledger, to a zip, in constant memory.

    Everything is read on one snapshot, so that a post in between tears nothing apart.
    """
    with _snapshot(), zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        chosen = [village] if village else _villages_with_a_ledger()
        about = [_write_village(archive, found) for found in chosen]
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "exported_at": _moment(at),
            "villages": [{**_facts(found), "lines": lines} for found, lines in about],
        }
        archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    return Written(villages=len(about), entries=sum(lines["entries"] for _, lines in about))


@contextmanager
def _snapshot() -> Iterator[None]:
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _villages_with_a_ledger() -> list[Village]:
    mine = {"village_id": OuterRef("pk")}
    has_any = (
        Exists(Entry.objects.filter(**mine))
        | Exists(Seal.objects.filter(**mine))
        | Exists(Balance.objects.filter(**mine))
        | Exists(NoticeBody.objects.filter(notice__village_id=OuterRef("pk")))
    )
    return list(Village.objects.filter(has_any).select_related("township").order_by("code"))


def _facts(village: Village) -> Row:
    return {
        "id": village.pk,
        "code": village.code,
        "name": village.name,
        "township": village.township.name,
    }


def _write_village(archive: zipfile.ZipFile, village: Village) -> tuple[Village, dict[str, int]]:
    lines = {}
    for part, rows in PARTS.items():
        with archive.open(f"{village.code}/{part}.jsonl", "w", force_zip64=True) as file:
            lines[part] = 0
            for row in rows(village.pk):
                file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                lines[part] += 1
    return village, lines


def _moment(value: datetime) -> str:
    """Always with microseconds and in UTC: one text for one moment."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _entries(village_id: int) -> Iterator[Row]:
    for facts, digest in ledger.stored_entries(village_id=village_id):
        yield {**_entry(facts), "digest": digest.hex()}


def _entry(facts: EntryFacts) -> Row:
    return {
        "id": facts.id,
        "village": facts.village_id,
        "subject": facts.subject_id,
        "kind": facts.kind,
        "points": facts.points,
        "category": facts.category_id,
        "item": facts.item_id,
        "rulebook": facts.rulebook_id,
        "occurred_on": facts.occurred_on.isoformat(),
        "month": facts.month,
        "source": facts.source,
        "reverses": facts.reverses_id,
        "recorded_at": _moment(facts.recorded_at),
        "recorded_by": facts.recorded_by_id,
    }


def _seals(village_id: int) -> Iterator[Row]:
    rows = Seal.objects.filter(village_id=village_id).defer("leaf_ids", "leaves", "peaks")
    for seal in rows.order_by("number").iterator(_CHUNK):
        yield {
            "number": seal.number,
            "upto": seal.upto_id,
            "count": seal.count,
            "root": bytes(seal.root).hex(),
            "prev_root": bytes(seal.prev_root).hex(),
            "at": _moment(seal.at),
        }


def _leaves(village_id: int) -> Iterator[Row]:
    for seal_id in seals.in_order(village_id=village_id):
        seal = seals.by_id(seal_id)
        leaves = bytes(seal.leaves)
        for place, entry_id in enumerate(seal.leaf_ids):
            leaf = leaves[place * DIGEST_SIZE : (place + 1) * DIGEST_SIZE]
            yield {"seal": seal.number, "id": entry_id, "leaf": leaf.hex()}


def _notices(village_id: int) -> Iterator[Row]:
    bodies = NoticeBody.objects.filter(notice__village_id=village_id).select_related("notice")
    kept = NoticedHouseholds.objects.filter(village_id=village_id)
    households = dict(kept.values_list("notice_id", "subject_ids"))
    # A notice is long: a few at a time.
    for body in bodies.order_by("notice_id").iterator(20):
        notice = body.notice
        yield {
            "id": notice.pk,
            "number": notice.number,
            "kind": notice.kind,
            "month": notice.month,
            "title": notice.title,
            "state": notice.state,
            "corrects": notice.corrects_id,
            "publish_on": _day(notice.publish_on),
            "until_on": _day(notice.until_on),
            "canonical": body.canonical,
            "content_sha256": bytes(body.content_sha256).hex(),
            "seal_root": bytes(body.seal_root).hex(),
            "short_code": body.short_code,
            "subjects": households.get(notice.pk, []),
        }


def _rulebooks(village_id: int) -> Iterator[Row]:
    books = RuleBook.objects.filter(village_id=village_id).select_related("adoption")
    for book in books.order_by("pk").iterator(_CHUNK):
        adoption = getattr(book, "adoption", None)
        yield {
            "id": book.pk,
            "title": book.title,
            "version": book.version,
            "origin": book.origin,
            "state": book.state,
            "from_on": _day(book.effective.lower) if book.effective else None,
            "until_on": _day(book.effective.upper) if book.effective else None,
            "adopted_on": _day(adoption.adopted_on) if adoption else None,
        }


def _months(village_id: int) -> Iterator[Row]:
    months = Month.objects.filter(village_id=village_id).order_by("month")
    for month, origin, state, seal in months.values_list(
        "month", "origin", "state", "seal__number"
    ):
        yield {"month": month, "origin": origin, "state": state, "seal": seal}


def _balances(village_id: int) -> Iterator[Row]:
    rows = Balance.objects.filter(village_id=village_id).order_by("subject_id")
    for row in rows.values("subject", "gross", "earned", "spendable").iterator(_CHUNK):
        yield {**row}


def _totals(village_id: int) -> Iterator[Row]:
    rows = MonthlyTotal.objects.filter(village_id=village_id)
    columns = ("subject", "month", "category", "plus", "minus", "spent", "entries")
    for row in rows.order_by(*columns[:3]).values(*columns).iterator(_CHUNK):
        yield {**row}


def _subjects(village_id: int) -> Iterator[Row]:
    rows = Subject.objects.filter(village_id=village_id).order_by("pk")
    group = Coalesce(F("unit__name"), Value(""))
    for row in rows.values("id", "kind", "number", "state", group=group).iterator(_CHUNK):
        yield {**row}


def _categories(village_id: int) -> Iterator[Row]:
    rows = Category.objects.filter(village_id=village_id).order_by("pk")
    for row in rows.values("id", "rulebook", "name", "position").iterator(_CHUNK):
        yield {**row}


def _items(village_id: int) -> Iterator[Row]:
    columns = (
        "id", "rulebook", "category", "code", "name", "list", "low", "high", "unit", "cap_period",
        "cap_times", "cap_points", "since",
    )  # fmt: skip
    rows = Item.objects.filter(village_id=village_id).order_by("pk")
    for row in rows.values(*columns).iterator(_CHUNK):
        yield {**row, "since": _day(row["since"])}


# The parts of a village and who reads them, in the order of the format's description.
PARTS: dict[str, Callable[[int], Iterator[Row]]] = {
    "entries": _entries,
    "seals": _seals,
    "leaves": _leaves,
    "months": _months,
    "balances": _balances,
    "totals": _totals,
    "subjects": _subjects,
    "rulebooks": _rulebooks,
    "categories": _categories,
    "items": _items,
    "notices": _notices,
}
