"""Persons who hold posts or log in."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from trail.actor import Actor
from trail.changes import as_it_is, differences
from trail.operations import record
from villages.models import Person, Township

BATCH = 1_000


@transaction.atomic
def add_person(
    *, name: str, by: Actor, at: datetime, phone: str = "", township: Township | None = None
) -> Person:
    """Add one person who will hold posts or log in; found by those who staff `township`."""
    return add_people(people=[(name, phone)], by=by, at=at, township=township)[0]


@transaction.atomic
def add_people(
    *,
    people: Iterable[tuple[str, str]],
    by: Actor,
    at: datetime,
    township: Township | None = None,
) -> list[Person]:
    """Add persons by name and phone, in their order; one audit event carries their ids."""
    added = Person.objects.bulk_create(
        [Person(name=name, phone=phone, added_in=township) for name, phone in people],
        batch_size=BATCH,
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
def change_person(
    *, person: Person, name: str, by: Actor, at: datetime, phone: str | None = None
) -> None:
    """Write the name, and the phone unless it is None, as they should be."""
    before = as_it_is(person, "name", "phone")
    person.name = name
    person.phone = person.phone if phone is None else phone
    changes = differences(person, before, personal=before)
    if not changes:
        return
    person.save(update_fields=list(before))
    record(
        by=by,
        at=at,
        what="villages.person_changed",
        about=f"villages.person:{person.pk}",
        changes=changes,
    )
