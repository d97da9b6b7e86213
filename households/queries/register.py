"""A township's register as an import compares it: in memory, nothing decrypted."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db.models import QuerySet

from households.importing.places import group_key, number_key
from households.models import Member, Subject
from villages.models import Unit, Village
from villages.queries import villages_of

_CHUNK = 5_000

HouseholdKey = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class MemberOnFile:
    """A member without the encrypted columns; the digests tell whether those are the same."""

    pk: int
    village_id: int
    subject_id: int
    name: str
    relation: str
    sex: str
    birth_on: date | None
    away: bool | None
    note: str
    state: str
    id_hmac: bytes | None
    phone_hmac: bytes | None


_COLUMNS = [column.name for column in fields(MemberOnFile)]


@dataclass(slots=True)
class Register:
    """The households of a township and who lives in them; those who left are kept apart."""

    villages: list[Village]
    units: dict[tuple[int, str], Unit] = field(default_factory=dict)
    households: dict[HouseholdKey, list[Subject]] = field(default_factory=lambda: defaultdict(list))
    subjects: dict[int, Subject] = field(default_factory=dict)
    living_in: dict[int, list[MemberOnFile]] = field(default_factory=lambda: defaultdict(list))
    by_id: dict[bytes, list[MemberOnFile]] = field(default_factory=lambda: defaultdict(list))
    left: set[tuple[int, bytes]] = field(default_factory=set)
    # Files of which somebody was erased; of whom, nothing is kept.
    erased_in: set[int] = field(default_factory=set)


def register_of(*, township_id: int, village_id: int | None = None) -> Register:
    """The register of a township, or of one of its villages only, in four queries."""
    register = Register(villages=villages_of(township_id=township_id))
    here = {"village_id": village_id} if village_id else {"village__township_id": township_id}
    groups = Unit.objects.filter(kind=Unit.Kind.GROUP, **here)
    for unit in groups.order_by("pk"):
        register.units.setdefault((unit.village_id, group_key(unit.name)), unit)
    households = Subject.objects.filter(kind=Subject.Kind.HOUSEHOLD, **here).select_related("unit")
    for subject in households:
        group = subject.unit.name if subject.unit else ""
        key = (subject.village_id, group_key(group), number_key(subject.number))
        register.households[key].append(subject)
        register.subjects[subject.pk] = subject
    for member in _read(Member.objects.filter(**here)):
        _file(member, register)
    return register


def members_by_id(ids: Sequence[int]) -> Iterator[MemberOnFile]:
    """These members as an import compares them, in the order of their numbers."""
    return _read(Member.objects.filter(pk__in=ids))


def _file(member: MemberOnFile, register: Register) -> None:
    if member.state == Member.State.ERASED:
        register.erased_in.add(member.subject_id)
    if member.state in Member.GONE:
        if member.id_hmac:
            register.left.add((member.subject_id, member.id_hmac))
        return
    register.living_in[member.subject_id].append(member)
    if member.id_hmac:
        register.by_id[member.id_hmac].append(member)


def _read(members: QuerySet[Member]) -> Iterator[MemberOnFile]:
    for row in members.order_by("pk").values_list(*_COLUMNS).iterator(chunk_size=_CHUNK):
        yield MemberOnFile(*map(_plain, row))


def _plain(value: Any) -> Any:
    """A digest comes as a memoryview, which no dict can find again."""
    return bytes(value) if isinstance(value, memoryview) else value
