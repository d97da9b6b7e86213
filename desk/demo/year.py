"""A generated year of points for a village: deterministic, within its own rules' caps."""

import calendar
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

from desk.demo.invented import Invention
from desk.demo.places import MONTHS
from scoring.models import Entry, Item, RuleBook
from scoring.operations import closing, ledger, months
from scoring.operations.ledger import NewEntry
from trail.actor import Actor
from trail.operations import record
from villages.models import Village

# Some deeds are common and some rare; minus items are a few in a thousand.
_WEIGHTS = {"P01": 18, "P02": 14, "P03": 18, "P10": 2, "P12": 4, "P14": 2, "M01": 0.4, "M02": 0.2}
_USUAL = 8
Drawn = tuple[int, Item, date]


def keep_year(
    *,
    book: RuleBook,
    subject_ids: Sequence[int],
    count: int,
    seed: int,
    by: Actor,
    at: datetime,
) -> None:
    """Post `count` entries spread over the twelve months and close all but the last."""
    # The books of the demo are villages' own, none is a township's frame.
    village = cast(Village, book.village)
    items = list(book.items.order_by("pk"))
    invention = Invention(f"year {village.code}", seed=seed)
    used: Counter[tuple[int, int, str]] = Counter()
    for place, month in enumerate(MONTHS):
        share = count * (place + 1) // len(MONTHS) - count * place // len(MONTHS)
        drawn = _draw(invention, month, items, subject_ids, share, used)
        _post(village, month, drawn, by=by, at=at)


def _draw(
    invention: Invention,
    month: str,
    items: Sequence[Item],
    subject_ids: Sequence[int],
    count: int,
    used: Counter[tuple[int, int, str]],
) -> list[Drawn]:
    weights = [_WEIGHTS.get(item.code, _USUAL) for item in items]
    year, number = int(month[:4]), int(month[5:])
    last = calendar.monthrange(year, number)[1]
    drawn: list[Drawn] = []
    while len(drawn) < count:
        item = invention.draw.choices(items, weights)[0]
        subject_id = invention.draw.choice(subject_ids)
        period = month if item.cap_period == Item.CapPeriod.MONTH else month[:4]
        key = (subject_id, item.pk, period)
        if item.cap_times is not None and used[key] >= item.cap_times:
            continue
        used[key] += 1
        drawn.append((subject_id, item, date(year, number, invention.draw.randint(1, last))))
    return sorted(drawn, key=lambda fact: fact[2])


def _post(village: Village, month: str, drawn: Sequence[Drawn], *, by: Actor, at: datetime) -> None:
    transcribed = month != MONTHS[-1]
    opened = months.open_transcribed(village_id=village.pk, month=month) if transcribed else None
    rows = [
        NewEntry(
            subject_id=subject_id,
            kind=Entry.Kind.DEDUCTION if item.list == Item.List.NEGATIVE else Entry.Kind.AWARD,
            points=-item.low if item.list == Item.List.NEGATIVE else item.low,
            item_id=item.pk,
            occurred_on=occurred_on,
            source=f"demo:{month}:{number}",
        )
        for number, (subject_id, item, occurred_on) in enumerate(drawn, start=1)
    ]
    posted = ledger.post(village_id=village.pk, rows=rows, by=by)
    record(
        by=by,
        at=at,
        what="ledger.posted",
        about=f"demo:{month}",
        village_id=village.pk,
        detail={"entries": len(posted)},
    )
    if opened is not None:
        closing.close_transcribed(month=opened, by=by, at=at)
