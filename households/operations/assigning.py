"""Who collects from whom: by unit, evenly, by hand; what is not done passes to a successor."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from households.engine.sharing import by_unit, evenly
from households.models import Assignment, CollectionRound
from households.operations.rounds import RoundIsNotOpen, locked_round
from households.queries.assignments import (
    OPEN,
    assignments_by_subject,
    collectors_in,
    files_of,
    loads,
    unassigned,
)
from trail.actor import Actor
from trail.clock import business_date
from trail.errors import DomainError
from trail.operations import record
from villages.models import Person, Village

BATCH = 1_000


class How(StrEnum):
    """How households are shared out."""

    BY_UNIT = "by_unit"
    EVENLY = "evenly"


class NotACollectorHere(DomainError):
    """The person is not posted as collector in this village today."""

    code = "not_a_collector_here"


class NoCollectors(DomainError):
    """Nobody is posted as collector in the village."""

    code = "no_collectors"


class NotInThisRound(DomainError):
    """A file of another village, a closed one, or of a kind the round does not ask about."""

    code = "not_in_this_round"


class AlreadyCollected(DomainError):
    """What has been received stays with who collected it."""

    code = "already_collected"


class PassedToOneself(DomainError):
    """The successor is the collector."""

    code = "passed_to_oneself"


@transaction.atomic
def assign(
    *,
    round_: CollectionRound,
    village: Village,
    collector_of: Mapping[int, int],
    by: Actor,
    at: datetime,
) -> int:
    """Give files (ids) to collectors (ids of persons), new or from somebody else; how many changed.

    Raises NotACollectorHere, NotInThisRound and AlreadyCollected; then nothing is given.
    """
    _not_closed(locked_round(round_))
    _check_collectors(village, set(collector_of.values()), at)
    asked = set(files_of(round_=round_, village_id=village.pk).values_list("pk", flat=True))
    if not asked.issuperset(collector_of):
        raise NotInThisRound(_("有的户不在这个村，或者这个轮次不采集它。请刷新页面再选。"))
    given = assignments_by_subject(
        round_=round_, village_id=village.pk, subject_ids=list(collector_of)
    )
    moved = [row for row in given.values() if row.collector_id != collector_of[row.subject_id]]
    if any(row.state == Assignment.State.DONE for row in moved):
        raise AlreadyCollected(_("有的户已经采集好了，不能再换采集员。要再看一次请用抽查。"))
    for row in moved:
        row.collector_id = collector_of[row.subject_id]
    Assignment.objects.bulk_update(moved, ["collector"], batch_size=BATCH)
    new = {subject: person for subject, person in collector_of.items() if subject not in given}
    _add(round_, village, new, at)
    _record(
        round_, village, "assignment.made", {"new": len(new), "moved": len(moved)}, by=by, at=at
    )
    return len(new) + len(moved)


@transaction.atomic
def share(
    *, round_: CollectionRound, villages: Sequence[Village], how: How, by: Actor, at: datetime
) -> int:
    """Give every file nobody goes to yet to the collectors of its village; how many were given.

    Raises NoCollectors for the first village that has files to give and nobody to give them to.
    """
    _not_closed(locked_round(round_))
    people = collectors_in(village_ids=[village.pk for village in villages], on=business_date(at))
    counts = {}
    for village in villages:
        shared = _shared(round_, village, people[village.pk], how)
        _add(round_, village, shared, at)
        counts[str(village.pk)] = len(shared)
    count = sum(counts.values())
    only = villages[0] if len(villages) == 1 else None
    detail = {"new": count, "how": str(how), "villages": counts}
    _record(round_, only, "assignment.made", detail, by=by, at=at)
    return count


@transaction.atomic
def pass_on(
    *,
    round_: CollectionRound,
    village: Village,
    collector: Person,
    successor: Person,
    by: Actor,
    at: datetime,
) -> int:
    """Give what one collector has not done in a village to a successor; how many files that were.

    What has been received stays with who collected it. A check never passes to who was there first.
    """
    _not_closed(locked_round(round_))
    if collector.pk == successor.pk:
        raise PassedToOneself(_("请选另一位采集员来接。"))
    _check_collectors(village, {successor.pk}, at)
    mine = Assignment.objects.filter(OPEN, round=round_, village=village, collector=collector)
    first = Assignment.objects.filter(
        round=round_, village=village, collector=successor, purpose=Assignment.Purpose.COLLECT
    )
    own = mine.filter(purpose=Assignment.Purpose.CHECK, subject_id__in=first.values("subject_id"))
    passed = mine.exclude(pk__in=own.values("pk")).update(collector=successor)
    detail = {"from": collector.pk, "to": successor.pk, "count": passed}
    _record(round_, village, "assignment.passed_on", detail, by=by, at=at)
    return passed


@transaction.atomic
def withdraw(
    *,
    round_: CollectionRound,
    village: Village,
    subject_ids: Sequence[int],
    by: Actor,
    at: datetime,
) -> int:
    """Take back first visits that nobody has begun; how many they were."""
    _not_closed(locked_round(round_))
    gone, _by_model = Assignment.objects.filter(
        round=round_,
        village=village,
        subject_id__in=subject_ids,
        purpose=Assignment.Purpose.COLLECT,
        state=Assignment.State.DUE,
    ).delete()
    _record(round_, village, "assignment.withdrawn", {"count": gone}, by=by, at=at)
    return gone


def _not_closed(round_: CollectionRound) -> None:
    if round_.state == CollectionRound.State.CLOSED:
        raise RoundIsNotOpen(_("这个轮次已经结束，不能再派任务。"))


def _check_collectors(village: Village, person_ids: set[int], at: datetime) -> None:
    here = collectors_in(village_ids=[village.pk], on=business_date(at))[village.pk]
    if not person_ids <= {person.pk for person in here}:
        raise NotACollectorHere(
            _("这个人现在不是%(village)s的采集员。请先给他任职，或者换一位。")
            % {"village": village.name}
        )


def _shared(
    round_: CollectionRound, village: Village, people: Sequence[Person], how: How
) -> dict[int, int]:
    left = list(unassigned(round_=round_, village_id=village.pk).values_list("pk", "unit_id"))
    if not left:
        return {}
    if not people:
        raise NoCollectors(
            _("%(village)s还没有采集员，请先在人员页面给人任职。") % {"village": village.name}
        )
    carried = loads(round_=round_, person_ids=[person.pk for person in people])
    if how is How.EVENLY:
        return evenly([pk for pk, _unit in left], carried)
    units = [[pk for pk, _unit in rows] for _key, rows in groupby(left, key=lambda row: row[1])]
    return by_unit(units, carried)


def _add(
    round_: CollectionRound, village: Village, collector_of: Mapping[int, int], at: datetime
) -> None:
    Assignment.objects.bulk_create(
        [
            Assignment(
                village=village,
                round=round_,
                subject_id=subject_id,
                collector_id=person_id,
                assigned_at=at,
            )
            for subject_id, person_id in collector_of.items()
        ],
        batch_size=BATCH,
    )


def _record(
    round_: CollectionRound,
    village: Village | None,
    what: str,
    detail: Mapping[str, object],
    *,
    by: Actor,
    at: datetime,
) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=f"households.collectionround:{round_.pk}",
        village_id=village.pk if village else None,
        detail=detail,
    )
