"""Writing the territory and who serves in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from django.db import models, transaction

from trail.actor import Actor
from trail.operations import record
from villages import slugs
from villages.area_codes import Place
from villages.models import Person, Post, Posting, Township, Unit, Village, WorkGroup

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


@dataclass(frozen=True, slots=True)
class NewPosting:
    """A posting to be opened: `role` is the code of a post; no village means the township."""

    person: Person
    role: str
    township: Township
    from_on: date
    village: Village | None = None
    unit: Unit | None = None
    group: WorkGroup | None = None
    to_on: date | None = None
    route: Posting.Route = Posting.Route.ASSIGNED
    qualification: str = ""


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


@transaction.atomic
def add_person(*, name: str, by: Actor, at: datetime, phone: str = "") -> Person:
    """Add one person who will hold posts or log in."""
    return add_people(people=[(name, phone)], by=by, at=at)[0]


@transaction.atomic
def add_people(*, people: Iterable[tuple[str, str]], by: Actor, at: datetime) -> list[Person]:
    """Add persons by name and phone, in their order; one audit event carries their ids."""
    added = Person.objects.bulk_create(
        [Person(name=name, phone=phone) for name, phone in people], batch_size=BATCH
    )
    record(
        by=by,
        at=at,
        what="villages.people_added",
        about="villages.person",
        detail={"count": len(added), "persons": [person.pk for person in added]},
    )
    return added


@transaction.atomic
def open_posting(*, posting: NewPosting, by: Actor, at: datetime) -> Posting:
    """Put one person on a post; raises Post.DoesNotExist for a role that has none."""
    return open_postings(postings=[posting], by=by, at=at)[0]


@transaction.atomic
def open_postings(*, postings: Sequence[NewPosting], by: Actor, at: datetime) -> list[Posting]:
    """Put persons on posts, in their order; one audit event a township carries their count.

    Raises Post.DoesNotExist for a role that has no post.
    """
    posts = {role: Post.objects.get(code=role) for role in {new.role for new in postings}}
    opened = Posting.objects.bulk_create(
        [
            Posting(
                person=new.person,
                post=posts[new.role],
                township=new.township,
                village=new.village,
                unit=new.unit,
                group=new.group,
                route=new.route,
                qualification=new.qualification,
                from_on=new.from_on,
                to_on=new.to_on,
            )
            for new in postings
        ],
        batch_size=BATCH,
    )
    for township_id in sorted({posting.township_id for posting in opened}):
        _record_postings([row for row in opened if row.township_id == township_id], by=by, at=at)
    return opened


def _record_postings(opened: Sequence[Posting], *, by: Actor, at: datetime) -> None:
    record(
        by=by,
        at=at,
        what="villages.postings_opened",
        about=f"villages.township:{opened[0].township_id}",
        detail={"count": len(opened), "postings": [posting.pk for posting in opened]},
    )


@transaction.atomic
def add_work_group(
    *,
    township: Township,
    kind: WorkGroup.Kind,
    name: str,
    by: Actor,
    at: datetime,
    village: Village | None = None,
) -> WorkGroup:
    """Set up one work group."""
    groups = add_work_groups(township=township, kind=kind, places=[(name, village)], by=by, at=at)
    return groups[0]


@transaction.atomic
def add_work_groups(
    *,
    township: Township,
    kind: WorkGroup.Kind,
    places: Iterable[tuple[str, Village | None]],
    by: Actor,
    at: datetime,
) -> list[WorkGroup]:
    """Set up groups of one kind, each by name and village; one audit event carries the count."""
    added = WorkGroup.objects.bulk_create(
        [
            WorkGroup(township=township, village=village, kind=kind, name=name)
            for name, village in places
        ],
        batch_size=BATCH,
    )
    record(
        by=by,
        at=at,
        what="villages.work_groups_added",
        about=f"villages.township:{township.pk}",
        detail={"kind": kind, "count": len(added), "groups": [group.pk for group in added]},
    )
    return added


def ensure_unit(*, village: Village, name: str, kind: Unit.Kind = Unit.Kind.GROUP) -> Unit:
    """The unit of this name, made when the village has none; a list of names is no act."""
    return ensure_units(village=village, names=[name], kind=kind)[name]


@transaction.atomic
def ensure_units(
    *, village: Village, names: Iterable[str], kind: Unit.Kind = Unit.Kind.GROUP
) -> dict[str, Unit]:
    """The units of these names in a village by name; those it does not have are made."""
    wanted = list(dict.fromkeys(names))
    Unit.objects.bulk_create(
        [Unit(village=village, kind=kind, name=name) for name in wanted], ignore_conflicts=True
    )
    found = {
        unit.name: unit for unit in Unit.objects.filter(village=village, kind=kind, name__in=wanted)
    }
    return {name: found[name] for name in wanted}


@transaction.atomic
def show_first_places(*, village: Village, places: int, by: Actor, at: datetime) -> None:
    """Show the first places of the village on its red list, as it adopted; none with 0."""
    village.honour_rows = places
    village.save(update_fields=["honour_rows"])
    record(
        by=by,
        at=at,
        what="village.first_places_shown",
        about=f"villages.village:{village.pk}",
        village_id=village.pk,
        detail={"places": places},
    )
