"""One village becomes part of another: files go on there, with what they can spend."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from households.models import Subject
from households.operations.files.keeping import When
from households.operations.village_merging import Pair, carry_over
from scoring.models import Entry
from scoring.operations import ledger
from scoring.operations.ledger import NewEntry
from scoring.queries.ledger import spendable_of
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import record
from villages.models import Village
from villages.operations import close_village


class CannotBeMerged(DomainError):
    """Only two different villages of one township that both go on can be merged."""

    code = "cannot_be_merged"


@transaction.atomic
def merge_villages(
    *, source: Village, into: Village, when: When, by: Actor, at: datetime
) -> list[Pair]:
    """Carry every open file of `source` over to `into`; answers the old and the new files.

    Entries, seals and notices stay where they are and go on to be verified; the spendable sum
    moves by transfer entries, a debt stays. The transaction must reach both villages. Raises
    CannotBeMerged, or what a ledger refuses: then nothing was done.
    """
    _refuse(source, into)
    for village in sorted((source, into), key=lambda one: one.pk):
        ledger.enter(village_id=village.pk)
    spendable = spendable_of(village_id=source.pk)
    pairs = carry_over(source=source, into=into, when=when, at=at)
    moved = [(old, new, spendable.get(old.pk, 0)) for old, new in pairs]
    owed = [(old, new, points) for old, new, points in moved if points > 0]
    _post(source, [(old, -points) for old, _new, points in owed], when, by=by)
    _post(into, [(new, points) for _old, new, points in owed], when, by=by)
    changes = close_village(village=source, into=into)
    record(
        by=by,
        at=at,
        what="villages.merged",
        about=f"villages.village:{source.pk}",
        village_id=source.pk,
        detail={
            "into": into.pk,
            "files": len(pairs),
            "points": sum(points for _old, _new, points in owed),
        },
        changes=changes,
    )
    return pairs


def _refuse(source: Village, into: Village) -> None:
    same = source.pk == into.pk or source.township_id != into.township_id
    if same or Village.Stage.MERGED in (source.stage, into.stage):
        raise CannotBeMerged(_("只能把一个村并入同一个乡镇里还在用的另一个村。"))


def _post(village: Village, rows: list[tuple[Subject, int]], when: When, *, by: Actor) -> None:
    ledger.post(
        village_id=village.pk,
        rows=[
            NewEntry(
                subject_id=subject.pk,
                kind=Entry.Kind.TRANSFER_IN if points > 0 else Entry.Kind.TRANSFER_OUT,
                points=points,
                occurred_on=when.on,
                source=f"village_merger:{subject.pk}",
            )
            for subject, points in rows
        ],
        by=by,
    )
