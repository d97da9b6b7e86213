"""Writes what an import planned, in batches: the number of queries grows with batches, not rows."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from households import digests
from households.models import Subject
from households.operations.import_facts import plain_facts
from households.operations.import_plan import Added, Changed, Plan
from households.operations.member_rows import Row, insert_members, update_members
from households.operations.searching import keep_found
from villages.models import Village
from villages.operations import ensure_units

BATCH = 1_000
PLAIN = ("name", "relation", "sex", "birth_on", "away", "note", "state")

T = TypeVar("T")


Watch = Callable[[int, int], None]


def unwatched(done: int, total: int) -> None:
    """Nobody looks how far the work is."""


def write_plan(*, plan: Plan, at: datetime, watch: Watch = unwatched) -> list[int]:
    """Write everything the plan holds; the caller has the transaction and the lock.

    Between batches `watch` is told how many people of how many are written; it may raise.
    Returns the numbers of the new members, in the plan's order.
    """
    _open_households(opened=plan.opened, at=at)
    Subject.objects.bulk_update(plan.households_changed, ["name", "state"], batch_size=BATCH)
    total, done = len(plan.added) + len(plan.changed), 0
    added = []
    for new in _batches(plan.added):
        watch(done, total)
        added += insert_members([_new_member(one) for one in new])
        done += len(new)
    for changed in _batches(plan.changed):
        watch(done, total)
        _change_members(changed)
        done += len(changed)
    _keep_found(plan)
    watch(done, total)
    return added


def _keep_found(plan: Plan) -> None:
    """What the touched files are found by, written anew."""
    touched: dict[int, set[int]] = defaultdict(set)
    for subject in (*plan.opened, *plan.households_changed, *(one.subject for one in plan.added)):
        touched[subject.village_id].add(subject.pk)
    for changed in plan.changed:
        if {"name", "state"} & set(changed.facts):
            touched[changed.known.village_id].add(changed.known.subject_id)
    for village_id, ids in touched.items():
        keep_found(village_id=village_id, subject_ids=ids)


def _open_households(*, opened: Sequence[Subject], at: datetime) -> None:
    waiting: dict[Village, list[tuple[Subject, str]]] = defaultdict(list)
    for subject in opened:
        subject.created_at = at
        if subject.unit is not None and subject.unit.pk is None:
            waiting[subject.village].append((subject, subject.unit.name))
    for village, subjects in waiting.items():
        units = ensure_units(village=village, names=[name for _subject, name in subjects])
        for subject, name in subjects:
            subject.unit = units[name]
    Subject.objects.bulk_create(opened, batch_size=BATCH)


def _new_member(added: Added) -> Row:
    person = added.person
    return {
        "village_id": added.subject.village_id,
        "subject_id": added.subject.pk,
        "state": added.state,
        **plain_facts(person),
        **id_columns(person.id_number),
        **phone_columns(person.phone),
    }


def _change_members(batch: Sequence[Changed]) -> None:
    plain: list[Row] = []
    phones: list[Row] = []
    ids: list[Row] = []
    for changed in batch:
        facts = dict(changed.facts)
        phone, number = facts.pop("phone", None), facts.pop("id_number", None)
        key = {"id": changed.known.pk}
        if facts:
            stored = {column: getattr(changed.known, column) for column in PLAIN}
            plain.append(key | stored | facts)
        if phone:
            phones.append(key | phone_columns(str(phone)))
        if number:
            ids.append(key | id_columns(str(number)))
    for rows in (plain, phones, ids):
        update_members(rows)


def id_columns(number: str) -> dict[str, object]:
    """An ID as it is kept, with the digests by which it is found; none for none."""
    return {
        "id_number": number,
        "id_hmac": digests.of_id(number) if number else None,
        "id_tail_hmac": digests.of_id_tail(number) if number else None,
    }


def phone_columns(number: str) -> dict[str, object]:
    """A phone as it is kept, with the digests by which it is found; none for none."""
    return {
        "phone": number,
        "phone_hmac": digests.of_phone(number) if number else None,
        "phone_tail_hmac": digests.of_phone_tail(number) if number else None,
    }


def _batches(rows: Sequence[T]) -> Iterator[list[T]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch
