"""Writes what an import planned, in batches: the number of queries grows with batches, not rows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from households import digests
from households.models import Subject
from households.operations.import_plan import Added, Changed, Plan, plain_facts
from households.operations.member_rows import Row, insert_members, update_members
from households.operations.searching import keep_found
from villages.models import Village
from villages.operations import ensure_units

BATCH = 1_000
PLAIN = ("name", "relation", "sex", "birth_on", "away", "note", "state")

T = TypeVar("T")


def write_plan(*, plan: Plan, at: datetime) -> None:
    """Write everything the plan holds; the caller has the transaction and the lock."""
    _open_households(opened=plan.opened, at=at)
    Subject.objects.bulk_update(plan.households_changed, ["name", "state"], batch_size=BATCH)
    for new in _batches(plan.added):
        insert_members([_new_member(added) for added in new])
    for changed in _batches(plan.changed):
        _change_members(changed)
    _keep_found(plan)


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
        **_id_columns(person.id_number),
        **_phone_columns(person.phone),
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
            phones.append(key | _phone_columns(str(phone)))
        if number:
            ids.append(key | _id_columns(str(number)))
    for rows in (plain, phones, ids):
        update_members(rows)


def _id_columns(number: str) -> dict[str, object]:
    return {
        "id_number": number,
        "id_hmac": digests.of_id(number),
        "id_tail_hmac": digests.of_id_tail(number),
    }


def _phone_columns(number: str) -> dict[str, object]:
    return {
        "phone": number,
        "phone_hmac": digests.of_phone(number) if number else None,
        "phone_tail_hmac": digests.of_phone_tail(number) if number else None,
    }


def _batches(rows: Sequence[T]) -> Iterator[list[T]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch
