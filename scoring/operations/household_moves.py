"""Households divide and join, and what can be spent goes along; every entry stays where it was.

What moves is the spendable sum alone, by a transfer out and a transfer in of the same size. Gross
and earned points stay with the file whose people earned them: they say what was done there. A debt
is never handed on; it stays with the file that has it, closed or not.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from households.models import Subject
from households.operations.files import moves
from households.operations.files.keeping import When, locked
from households.operations.files.moves import Joining, Moved, NewHome
from scoring.errors import MoreThanThereIs
from scoring.models import Entry
from scoring.operations import ledger
from scoring.operations.ledger import NewEntry
from scoring.queries.household_ledger import own_figures
from trail.actor import Actor


@dataclass(frozen=True, slots=True)
class _Transfer:
    """So many points from one file to another, for one line of the history."""

    giver: Subject
    taker: Subject
    points: int
    source: str


@transaction.atomic
def split(
    *, subject: Subject, new: NewHome, points: int, when: When, by: Actor, at: datetime
) -> Moved:
    """Open a file of their own for some members and hand it so many of the spendable points.

    The same once more answers the file there is and moves nothing. Raises MoreThanThereIs, what
    `moves.split` refuses, or what the ledger refuses: then nothing was done at all.
    """
    _enter(subject)
    moved = moves.split(
        subject=subject, new=new, when=when, detail={"points": points}, by=by, at=at
    )
    if moved.fresh:
        there = _spendable(subject)
        if not 0 <= points <= max(there, 0):
            raise MoreThanThereIs(
                _("原来的户可兑积分是%(count)d分，分出去的要在0到这个数之间。") % {"count": there}
            )
        source = f"split:{moved.change.pk}"
        _post(_Transfer(subject, moved.subject, points, source), when, by=by)
    return moved


@transaction.atomic
def merge(*, gone: Subject, joining: Joining, when: When, by: Actor, at: datetime) -> Moved:
    """Put two households together; what the closed one could spend, the other can now.

    Twice is once. Raises what `moves.merge` or the ledger refuses: then nothing was done at all.
    """
    _enter(gone, joining.into)
    points = max(_spendable(gone), 0)
    moved = moves.merge(
        gone=gone, joining=joining, when=when, detail={"points": points}, by=by, at=at
    )
    if moved.fresh:
        _post(_Transfer(gone, moved.subject, points, f"merge:{moved.change.pk}"), when, by=by)
    return moved


def _enter(*subjects: Subject) -> None:
    """The files first, then the village's ledger: the one order of locks."""
    village_id = subjects[0].village_id
    locked(*[one for one in subjects if one.village_id == village_id])
    ledger.enter(village_id=village_id)


def _spendable(subject: Subject) -> int:
    return own_figures(village_id=subject.village_id, subject_id=subject.pk).spendable


def _post(transfer: _Transfer, when: When, *, by: Actor) -> None:
    if not transfer.points:
        return
    ledger.post(
        village_id=transfer.giver.village_id,
        rows=[
            NewEntry(
                subject_id=subject.pk,
                kind=kind,
                points=points,
                occurred_on=when.on,
                source=f"{transfer.source}:{side}",
            )
            for subject, kind, points, side in (
                (transfer.giver, Entry.Kind.TRANSFER_OUT, -transfer.points, "out"),
                (transfer.taker, Entry.Kind.TRANSFER_IN, transfer.points, "in"),
            )
        ],
        by=by,
    )
