"""Balances and totals set right again from the entries; no entry is ever touched."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from households.models import Subject
from scoring.operations import ledger
from scoring.queries.verifying import broken_entries
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import record
from villages.models import Village

BALANCE = ("gross", "earned", "spendable")
TOTAL = ("plus", "minus", "spent", "entries")


class EntriesAreBroken(DomainError):
    """The entries or their seals do not hold; figures made of them would hide it."""

    code = "entries_are_broken"


@dataclass(frozen=True, slots=True)
class Difference:
    """One stored figure that is not what the entries say; None where the row is not there at all.

    `month` is empty for a balance, `category` None for what has no category.
    """

    village: str
    subject: str
    month: str
    category: int | None
    column: str
    stored: int | None
    recomputed: int | None

    def __str__(self) -> str:
        place = f" {self.month} category {self.category or '-'}" if self.month else ""
        kind = "total" if self.month else "balance"
        figures = f"stored {_shown(self.stored)}, recomputed {_shown(self.recomputed)}"
        return f"subject {self.subject}: {kind}{place} {self.column}: {figures}"


def _shown(figure: int | None) -> str:
    return "-" if figure is None else str(figure)


@transaction.atomic
def compare(*, village: Village) -> list[Difference]:
    """What `mend` would change, in the order of subjects and months; nothing is changed.

    Raises EntriesAreBroken.
    """
    return _recomputed(village, apply=False)


@transaction.atomic
def mend(*, village: Village, by: Actor, at: datetime) -> list[Difference]:
    """Set the village's balances and totals to what its entries say, and tell what differed.

    A ledger that was stopped stays so: supervision signs what was found. Raises EntriesAreBroken.
    """
    found = _recomputed(village, apply=True)
    if found:
        lines = "\n".join(map(str, found))
        record(
            by=by,
            at=at,
            what="ledger.mended",
            about=f"villages.village:{village.pk}",
            village_id=village.pk,
            detail={
                "figures": len(found),
                "subjects": len({one.subject for one in found}),
                "sha256": hashlib.sha256(lines.encode()).hexdigest(),
            },
        )
    return found


def _recomputed(village: Village, *, apply: bool) -> list[Difference]:
    ledger.enter(village_id=village.pk, alone=True)
    if broken_entries(village_id=village.pk, village=village.code):
        raise EntriesAreBroken(
            _("账本里有的记账或者封账本身对不上，不能照着它改合计。请先查清楚，报监督小组。")
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id, month, category_id, stored, recomputed"
            " FROM public.ledger_mend(%s, %s)",
            [village.pk, apply],
        )
        rows = cursor.fetchall()
    return list(_differences(village, rows))


def _differences(village: Village, rows: Sequence[tuple[Any, ...]]) -> Iterator[Difference]:
    ids = {subject_id for subject_id, *_rest in rows}
    numbers = dict(Subject.objects.filter(pk__in=ids).values_list("pk", "number"))
    for subject_id, month, category, stored, recomputed in rows:
        columns = TOTAL if month else BALANCE
        none = [None] * len(columns)
        for column, was, should in zip(columns, stored or none, recomputed or none, strict=True):
            if was != should:
                number = numbers[subject_id]
                yield Difference(village.code, number, month, category, column, was, should)
