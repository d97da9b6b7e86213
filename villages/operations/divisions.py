"""Townships and villages as the table of places has them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import models, transaction

from trail.actor import Actor
from trail.operations import record
from villages import slugs
from villages.area_codes import Place
from villages.models import Township, Village

M = TypeVar("M", bound=models.Model)

TOWNSHIP_FACTS = ("name", "county", "city", "province")
VILLAGE_FACTS = ("name", "official_name", "kind")
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class DivisionsLoaded:
    """What a table of places held, and what became of its townships and villages together."""

    townships: int
    villages: int
    added: int
    unchanged: int
    updated: int


@dataclass(slots=True)
class _Tally:
    added: int = 0
    unchanged: int = 0
    changed: list[str] = field(default_factory=list)


@transaction.atomic
def load_divisions(*, rows: Sequence[Place], by: Actor, at: datetime) -> DivisionsLoaded:
    """Bring townships and villages up to the table; the same table twice changes nothing.

    A place the table no longer has is left alone, and a stored slug is never changed.
    """
    tally = _Tally()
    _store_townships(rows, tally)
    _store_villages(rows, tally)
    loaded = DivisionsLoaded(
        townships=len({place.township_code for place in rows}),
        villages=len(rows),
        added=tally.added,
        unchanged=tally.unchanged,
        updated=len(tally.changed),
    )
    if loaded.added or loaded.updated:
        record(
            by=by,
            at=at,
            what="villages.divisions_loaded",
            about="villages.township",
            detail={"added": loaded.added, "updated": tally.changed},
        )
    return loaded


def _store_townships(rows: Sequence[Place], tally: _Tally) -> None:
    wanted = {
        place.township_code: Township(
            code=place.township_code,
            name=place.township,
            county=place.county,
            city=place.city,
            province=place.province,
        )
        for place in rows
    }
    stored = Township.objects.select_for_update().in_bulk(list(wanted), field_name="code")
    _merge(Township.objects, wanted, stored, TOWNSHIP_FACTS, tally)


def _store_villages(rows: Sequence[Place], tally: _Tally) -> None:
    codes = [place.code for place in rows]
    stored = Village.objects.select_for_update().in_bulk(codes, field_name="code")
    townships = Township.objects.in_bulk({place.township_code for place in rows}, field_name="code")
    new_slugs = slugs.assign(
        [place for place in rows if place.code not in stored],
        taken=frozenset(Village.objects.values_list("slug", flat=True)),
    )
    wanted = {
        place.code: Village(
            township=townships[place.township_code],
            code=place.code,
            name=place.name,
            official_name=place.official_name,
            slug=new_slugs.get(place.code, ""),
            kind=Village.Kind(place.kind),
        )
        for place in rows
    }
    _merge(Village.objects, wanted, stored, VILLAGE_FACTS, tally)


def _merge(
    manager: models.Manager[M],
    wanted: dict[str, M],
    stored: dict[str, M],
    facts: Sequence[str],
    tally: _Tally,
) -> None:
    """Add the rows that are not stored and bring `facts` of the others up to date."""
    added = [row for code, row in wanted.items() if code not in stored]
    changed = []
    for code, row in stored.items():
        if all(getattr(row, fact) == getattr(wanted[code], fact) for fact in facts):
            tally.unchanged += 1
            continue
        for fact in facts:
            setattr(row, fact, getattr(wanted[code], fact))
        changed.append(row)
        tally.changed.append(code)
    manager.bulk_create(added, batch_size=BATCH)
    manager.bulk_update(changed, facts, batch_size=BATCH)
    tally.added += len(added)
