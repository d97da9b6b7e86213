"""Files and people that may be one and the same, for somebody to look at; nothing is decided."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, QuerySet

from households.models import Member, Subject, SubjectSearch
from trail.scope import Scope

MOST = 100


class Why(StrEnum):
    """What two files have in common."""

    ID_NUMBER = "id_number"
    NAME_AND_BIRTH = "name_and_birth"
    NUMBER_AND_SOUND = "number_and_sound"


@dataclass(frozen=True, slots=True)
class Alike:
    """Files that may be one, and the names by which they look so."""

    why: Why
    names: list[str]
    subjects: list[Subject]


def alike_within(scope: Scope, action: str, *, village_id: int | None = None) -> list[Alike]:
    """At most a hundred of each kind; the number of queries does not grow with them."""
    members = Member.objects.within(scope, action).filter(state=Member.State.ACTIVE)
    spelt = SubjectSearch.objects.within(scope, action).filter(member__isnull=True)
    if village_id is not None:
        spelt = spelt.filter(village_id=village_id)
    return [
        *_same_id(members, village_id),
        *_same_birth(members if village_id is None else members.filter(village_id=village_id)),
        *_same_sound(spelt.exclude(initials="").exclude(subject__state=Subject.State.CLOSED)),
    ]


def _same_id(members: QuerySet[Member], village_id: int | None) -> Iterator[Alike]:
    """One person in two villages; within one the database keeps the ID once."""
    held = members.filter(id_hmac__isnull=False)
    several = held.values("id_hmac").annotate(n=Count("pk")).filter(n__gt=1).order_by("id_hmac")
    keys = list(several.values_list("id_hmac", flat=True)[:MOST])
    rows = _with_homes(held.filter(id_hmac__in=keys))
    for found in _grouped(rows, lambda one: bytes(one.id_hmac or b"")):
        if village_id is None or village_id in {one.village_id for one in found}:
            yield _people(Why.ID_NUMBER, found)


def _same_birth(members: QuerySet[Member]) -> Iterator[Alike]:
    """One name and birthday in two households of one group."""
    born = members.filter(birth_on__isnull=False).exclude(name="")
    columns = ("village_id", "subject__unit_id", "name", "birth_on")
    several = born.values(*columns).annotate(n=Count("subject_id", distinct=True))
    keys = list(several.filter(n__gt=1).order_by(*columns).values_list(*columns)[:MOST])
    rows = born.filter(name__in=[key[2] for key in keys], birth_on__in=[key[3] for key in keys])
    wanted = set(keys)
    for found in _grouped(_with_homes(rows), _by_birth):
        if _by_birth(found[0]) in wanted:
            yield _people(Why.NAME_AND_BIRTH, found)


def _same_sound(spelt: QuerySet[SubjectSearch]) -> Iterator[Alike]:
    """Heads with the same initials under one number, in two groups of a village."""
    columns = ("village_id", "subject__number", "initials")
    several = spelt.values(*columns).annotate(n=Count("pk")).filter(n__gt=1).order_by(*columns)
    keys = list(several.values_list(*columns)[:MOST])
    rows = spelt.filter(
        subject__number__in=[key[1] for key in keys], initials__in=[key[2] for key in keys]
    ).select_related("subject__village", "subject__unit")
    wanted = set(keys)
    for found in _grouped(rows.order_by("pk"), _by_sound):
        if _by_sound(found[0]) in wanted:
            subjects = [one.subject for one in found]
            yield Alike(Why.NUMBER_AND_SOUND, [one.name for one in subjects], subjects)


def _by_birth(member: Member) -> tuple[Any, ...]:
    return member.village_id, member.subject.unit_id, member.name, member.birth_on


def _by_sound(row: SubjectSearch) -> tuple[Any, ...]:
    return row.village_id, row.subject.number, row.initials


def _with_homes(rows: QuerySet[Member]) -> QuerySet[Member]:
    return rows.select_related("subject__village", "subject__unit").order_by("pk")


def _grouped(rows: Iterable[Any], key: Callable[[Any], Any]) -> list[list[Any]]:
    found = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return [group for group in found.values() if len(group) > 1]


def _people(why: Why, found: list[Member]) -> Alike:
    subjects = {one.subject_id: one.subject for one in found}
    return Alike(why, list(dict.fromkeys(one.name for one in found)), list(subjects.values()))
