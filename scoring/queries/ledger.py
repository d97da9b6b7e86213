"""Reading entries, balances and totals."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Max, Q, Sum

from scoring.engine.canon import EntryFacts
from scoring.models import Balance, Entry, MonthlyTotal

FACT_COLUMNS = (
    "id",
    "village_id",
    "subject_id",
    "kind",
    "points",
    "category_id",
    "item_id",
    "rulebook_id",
    "occurred_on",
    "month",
    "source",
    "reverses_id",
    "recorded_at",
    "recorded_by_id",
)


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What a month of a village amounts to; `last_entry_id` is 0 when nothing was entered."""

    last_entry_id: int
    count: int
    plus: int
    minus: int


def month_figures(*, village_id: int, month: str) -> MonthFigures:
    """Plus and minus of the month less their reversals, its entries and the newest of them."""
    entries = Entry.objects.filter(village_id=village_id, month=month)
    found = entries.aggregate(last=Max("pk"), count=Count("pk"))
    totals = MonthlyTotal.objects.filter(village_id=village_id, month=month).aggregate(
        plus=Sum("plus"), minus=Sum("minus")
    )
    return MonthFigures(
        last_entry_id=found["last"] or 0,
        count=found["count"],
        plus=totals["plus"] or 0,
        minus=totals["minus"] or 0,
    )


def content_to_lock(*, village_id: int, month: str, found: MonthFigures) -> str:
    """What two persons approve; an entry made since then makes it another content."""
    return f"{village_id} {month} {found.last_entry_id} {found.count} {found.plus} {found.minus}"


@dataclass(frozen=True, slots=True)
class VillageFigures:
    """Sums of a village over all months: gross, minus, redeemed (as a positive number), rest."""

    gross: int
    minus: int
    redeemed: int
    spendable: int
    entries: int


def village_figures(*, village_id: int) -> VillageFigures:
    """The village's sums; `redeemed` counts redemptions less their returns."""
    balances = Balance.objects.filter(village_id=village_id).aggregate(
        gross=Sum("gross"), earned=Sum("earned"), spendable=Sum("spendable")
    )
    spent = Entry.objects.filter(village_id=village_id).aggregate(
        redeemed=Sum(
            "points", filter=Q(kind__in=[Entry.Kind.REDEMPTION, Entry.Kind.REDEMPTION_RETURN])
        ),
        entries=Count("pk"),
    )
    gross, earned = balances["gross"] or 0, balances["earned"] or 0
    return VillageFigures(
        gross=gross,
        minus=earned - gross,
        redeemed=-(spent["redeemed"] or 0),
        spendable=balances["spendable"] or 0,
        entries=spent["entries"],
    )


def spendable_of(*, village_id: int) -> dict[int, int]:
    """What each file of a village can spend, by its id; a debt is below zero."""
    return dict(
        Balance.objects.filter(village_id=village_id).values_list("subject_id", "spendable")
    )


def stored_entries(*, village_id: int, batch: int = 5_000) -> Iterator[tuple[EntryFacts, bytes]]:
    """Every entry of a village in id order with the digest it carries, in constant memory."""
    # Below every number: a row slipped in under the first id is read too.
    after = -(2**63)
    columns = ", ".join(FACT_COLUMNS)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns}, digest FROM public.scoring_entry "  # noqa: S608
                "WHERE village_id = %s AND id > %s ORDER BY id LIMIT %s",
                [village_id, after, batch],
            )
            rows = cursor.fetchall()
        for row in rows:
            facts = EntryFacts(**dict(zip(FACT_COLUMNS, row[:-1], strict=True)))
            yield facts, bytes(row[-1])
        if len(rows) < batch:
            return
        after = rows[-1][0]


def digests_after(*, village_id: int, after_id: int) -> list[tuple[int, bytes]]:
    """Ids and digests of the entries after one, in id order: what the next seal covers."""
    rows = (
        Entry.objects.filter(village_id=village_id, pk__gt=after_id)
        .order_by("pk")
        .values_list("pk", "digest")
    )
    return [(pk, bytes(digest)) for pk, digest in rows]


def entries_of_month(*, village_id: int, month: str) -> Iterator[Entry]:
    """The entries of a village's month in their order, with household and item."""
    mine = Entry.objects.filter(village_id=village_id, month=month).order_by("id")
    found = mine.select_related("village", "subject__unit", "item")
    return found.iterator(chunk_size=2_000)
