"""Recording what people decided of stars and aspects; the engine only reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from scoring.models import Decision
from trail.actor import Actor
from trail.operations import record
from villages.models import Village

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class NewDecision:
    """One decision about a subject's star, and the record it was made in."""

    subject_id: int
    about: str
    granted: bool
    source: str


@transaction.atomic
def record_decisions(
    *,
    village: Village,
    scheme: str,
    period: str,
    decisions: Sequence[NewDecision],
    by: Actor,
    at: datetime,
) -> int:
    """Record the decisions of a period, all or none; each star of a subject is decided once."""
    made = Decision.objects.bulk_create(
        [
            Decision(
                village=village,
                scheme=scheme,
                period=period,
                subject_id=new.subject_id,
                about=new.about,
                granted=new.granted,
                source=new.source,
                decided_at=at,
            )
            for new in decisions
        ],
        batch_size=BATCH,
    )
    record(
        by=by,
        at=at,
        what="decisions.recorded",
        about=f"villages.village:{village.pk}",
        village_id=village.pk,
        detail={"scheme": scheme, "period": period, "count": len(made)},
    )
    return len(made)
