"""Second visits: some of what was collected is drawn by lot and asked again by somebody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from households.engine.sampling import drawn
from households.models import Assignment, CollectionRound
from households.operations.rounds import RoundIsNotOpen, locked_round
from households.queries.assignments import check_loads, collectors_in
from households.queries.checking import to_check
from trail.actor import Actor
from trail.clock import business_date
from trail.errors import DomainError
from trail.operations import record
from villages.models import Village


class NothingToCheck(DomainError):
    """Nothing is collected yet, or all of it was drawn already."""

    code = "nothing_to_check"


class PercentIsNone(DomainError):
    """A share of nothing, or of more than all."""

    code = "percent_is_none"


@dataclass(frozen=True, slots=True)
class Draw:
    """What was drawn; `nobody` are files whose village has nobody else to go there."""

    count: int
    nobody: int


@transaction.atomic
def draw_checks(
    *,
    round_: CollectionRound,
    villages: Sequence[Village],
    percent: int,
    seed: int,
    by: Actor,
    at: datetime,
) -> Draw:
    """Draw `percent` in a hundred of each collector's done files, at least one, for a second visit.

    The seed is kept: whoever draws again with it from the same files draws the same. Raises
    NothingToCheck.
    """
    if not 1 <= percent <= 100:  # noqa: PLR2004
        raise PercentIsNone(_("请填1到100的整数，例如5。"))
    if locked_round(round_).state != CollectionRound.State.OPEN:
        raise RoundIsNotOpen(_("这个轮次没有在进行，不能抽查。"))
    places = {village.pk: village for village in villages}
    done = list(to_check(round_=round_, village_ids=list(places)))
    if not done:
        raise NothingToCheck(_("还没有可以抽查的户：没有收到记录，或者都抽过了。"))
    chosen = drawn(_by_collector(done), percent=percent, seed=seed)
    new = _given_to_others(round_, {row.pk: row for row in done}, chosen, at)
    Assignment.objects.bulk_create(new)
    count = sum(len(ids) for ids in chosen.values())
    only = villages[0].pk if len(villages) == 1 else None
    detail = {
        "percent": percent,
        "seed": seed,
        "of": len(done),
        "count": len(new),
        "nobody": count - len(new),
    }
    record(
        by=by,
        at=at,
        what="assignment.checks_drawn",
        about=f"households.collectionround:{round_.pk}",
        village_id=only,
        detail=detail,
    )
    return Draw(len(new), count - len(new))


def _by_collector(done: Sequence[Assignment]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in done:
        found.setdefault(row.collector_id, []).append(row.pk)
    return found


def _given_to_others(
    round_: CollectionRound,
    done: Mapping[int, Assignment],
    chosen: Mapping[int, Sequence[int]],
    at: datetime,
) -> list[Assignment]:
    """To whoever else is posted in the village and has the fewest second visits."""
    rows = [done[pk] for ids in chosen.values() for pk in ids]
    people = collectors_in(village_ids={row.village_id for row in rows}, on=business_date(at))
    carried = check_loads(round_=round_)
    new = []
    for row in rows:
        others = [one.pk for one in people[row.village_id] if one.pk != row.collector_id]
        if not others:
            continue
        second = min(others, key=lambda pk: carried.get(pk, 0))
        carried[second] = carried.get(second, 0) + 1
        new.append(
            Assignment(
                village_id=row.village_id,
                round=round_,
                subject_id=row.subject_id,
                collector_id=second,
                purpose=Assignment.Purpose.CHECK,
                assigned_at=at,
            )
        )
    return new
