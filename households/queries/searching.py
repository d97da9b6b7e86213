"""Finding files by what people say: a name, a part of it, pinyin, initials, group and number."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from households.engine.spelling import alike, typed_pinyin
from households.importing.places import group_label
from households.models import Member, Subject, SubjectSearch
from households.queries.files import in_order
from households.queries.members import members_with_number
from trail.scope import Scope

MOST_BY_NUMBER = 50
_WHOLE = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}|1[0-9]{10}")
_TAIL = re.compile(r"[0-9]{3}[0-9Xx]")
_NUMBER = re.compile(r"0*([0-9]{1,19})(?:户|号)?")
_PLACE = re.compile(r"(.*?组)[\s·.\-]*(?:0*([0-9]{1,19})(?:户|号)?)?")
_LATIN = re.compile(r"[A-Za-zü' ]+")


@dataclass(frozen=True, slots=True)
class Sought:
    """What a list of files is narrowed to; nothing where nothing is said."""

    typed: str = ""
    village_id: int | None = None
    kind: str = ""
    state: str = ""


def is_whole_number(typed: str) -> bool:
    """Whether this is an ID or a phone in full, which stands in no address of a page."""
    return _WHOLE.fullmatch(_bare(typed)) is not None


def is_personal_number(typed: str) -> bool:
    """Whether this is, or may be the end of, an ID or a phone."""
    return is_whole_number(typed) or _TAIL.fullmatch(_bare(typed)) is not None


def files_sought(scope: Scope, action: str, sought: Sought) -> QuerySet[Subject]:
    """Files by village, group and number; a whole ID or phone finds nothing here."""
    found = Subject.objects.within(scope, action).select_related("village", "unit")
    if sought.village_id is not None:
        found = found.filter(village_id=sought.village_id)
    if sought.kind:
        found = found.filter(kind=sought.kind)
    if sought.state:
        found = found.filter(state=sought.state)
    if sought.typed:
        found = found.filter(_named(scope, action, sought.typed))
    return in_order(found)


def files_with_number(scope: Scope, action: str, *, typed: str) -> list[Subject]:
    """Files of people with this ID or phone, whole or its last four; or with this number."""
    bare = _bare(typed)
    people = members_with_number(scope=scope, action=action, number=bare)
    wanted = Q(pk__in=people.values("subject_id"))
    if not is_whole_number(typed):
        wanted |= _numbered(bare)
    found = Subject.objects.within(scope, action).select_related("village", "unit")
    return list(in_order(found.filter(wanted))[:MOST_BY_NUMBER])


def names_found(
    scope: Scope, action: str, *, typed: str, subject_ids: Collection[int]
) -> dict[int, list[str]]:
    """Who of these files was meant by what was typed; one query."""
    spelt = _spelt(typed)
    if not spelt:
        return {}
    rows = Member.objects.within(scope, action).filter(
        subject_id__in=subject_ids,
        pk__in=SubjectSearch.objects.within(scope, action).filter(spelt).values("member_id"),
    )
    found = defaultdict(list)
    for subject_id, name in rows.order_by("pk").values_list("subject_id", "name"):
        found[subject_id].append(name)
    return dict(found)


def _named(scope: Scope, action: str, typed: str) -> Q:
    if is_whole_number(typed):
        return Q(pk__in=[])
    if number := _NUMBER.fullmatch(typed):
        return _numbered(number.group(1))
    place = _PLACE.fullmatch(typed)
    if place is not None:
        group = Q(unit__name__in=[place.group(1), group_label(place.group(1).removesuffix("组"))])
        return group & _numbered(place.group(2)) if place.group(2) else group
    wanted = Q(number__iexact=typed) | Q(unit__name=typed) | Q(name__contains=typed)
    if spelt := _spelt(typed):
        rows = SubjectSearch.objects.within(scope, action).filter(spelt)
        wanted |= Q(pk__in=rows.values("subject_id"))
    return wanted


def _numbered(number: str) -> Q:
    """001 and 1 are one number."""
    if number.isascii() and number.isdigit():
        return Q(number__regex=rf"^0*{number.lstrip('0') or '0'}$")
    return Q(number__iexact=number)


def _spelt(typed: str) -> Q:
    """Rows of names that are, have in them or sound like what was typed; nothing for no letter."""
    key, wanted = alike(typed), Q()
    if key:
        wanted |= Q(key__contains=key)
    if _LATIN.fullmatch(typed) and (sound := typed_pinyin(typed)):
        wanted |= Q(pinyin__contains=sound) | Q(initials__contains=sound)
    return wanted


def _bare(typed: str) -> str:
    return "".join(typed.split()).replace("-", "")


def household_at(*, village_id: int, typed: str) -> Subject | None:
    """The one open household of the village at a group and number; None for none or several."""
    place = _PLACE.fullmatch("".join(typed.split()).removesuffix("户"))
    if place is None or not place.group(2):
        return None
    name = group_label(place.group(1).removesuffix("组"))
    mine = Subject.objects.filter(village_id=village_id, kind=Subject.Kind.HOUSEHOLD)
    found = mine.exclude(state=Subject.State.CLOSED).filter(
        _numbered(place.group(2)), unit__name__in=[place.group(1), name]
    )
    rows = list(found.select_related("village", "unit")[:2])
    return rows[0] if len(rows) == 1 else None
