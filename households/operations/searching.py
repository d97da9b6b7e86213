"""Keeping what files are found by in step with the names on them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from django.db import connection, transaction

from households.engine.spelling import spelt
from households.models import Member, Subject, SubjectSearch
from trail.actor import Actor
from trail.operations import record
from villages.models import Village

BATCH = 5_000
_INSERT = """
INSERT INTO public.households_subjectsearch
       (village_id, subject_id, member_id, key, pinyin, initials)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[])
"""
Named = tuple[int, int, int | None, str]


def keep_found(*, village_id: int, subject_ids: Collection[int]) -> int:
    """Write anew what these files of a village are found by; how many rows there are.

    The caller has the transaction and the reach. Nobody is found who waits for a consent or is
    not on the list any more.
    """
    ids, count = sorted(set(subject_ids)), 0
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        SubjectSearch.objects.filter(village_id=village_id, subject_id__in=some).delete()
        rows = [*_files(village_id, some), *_people(village_id, some)]
        _insert(rows)
        count += len(rows)
    return count


@transaction.atomic
def rebuild_search(*, village: Village, by: Actor, at: datetime) -> int:
    """What all files of a village are found by, written anew; one event with the count."""
    SubjectSearch.objects.filter(village=village).delete()
    ids = Subject.objects.filter(village=village).values_list("pk", flat=True)
    count = keep_found(village_id=village.pk, subject_ids=list(ids))
    record(
        by=by,
        at=at,
        what="households.search_rebuilt",
        about=f"villages.village:{village.pk}",
        village_id=village.pk,
        detail={"count": count},
    )
    return count


@transaction.atomic
def note_look_up(*, whole: bool, found: int, by: Actor, at: datetime) -> None:
    """That somebody was looked up by an ID or a phone, whole or by its end; never by which."""
    detail = {"whole": whole, "count": found}
    record(
        by=by, at=at, what="households.number_looked_up", about="households.member", detail=detail
    )


def _files(village_id: int, ids: Sequence[int]) -> Iterator[Named]:
    mine = Subject.objects.filter(village_id=village_id, pk__in=ids).exclude(name="")
    for pk, name in mine.order_by("pk").values_list("pk", "name"):
        yield village_id, pk, None, name


def _people(village_id: int, ids: Sequence[int]) -> Iterator[Named]:
    mine = Member.objects.filter(
        village_id=village_id, subject_id__in=ids, state=Member.State.ACTIVE
    )
    rows = mine.exclude(name="").order_by("pk").values_list("pk", "subject_id", "name")
    for pk, subject_id, name in rows.iterator(chunk_size=BATCH):
        yield village_id, subject_id, pk, name


def _insert(rows: Sequence[Named]) -> None:
    if not rows:
        return
    spellings = [spelt(name) for *_ids, name in rows]
    columns = [[row[place] for row in rows] for place in range(3)]
    columns += [[spelling[place] for spelling in spellings] for place in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, columns)
