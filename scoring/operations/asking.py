"""Work that a person asks for by a button and a worker does; each ask is on the trail."""

from datetime import datetime

from django.db import transaction

from jobs import operations as jobs
from jobs.models import Job
from scoring.models import Month
from scoring.queries.months import reference
from trail.actor import Actor
from trail.operations import record
from villages.models import Village


@transaction.atomic
def ask_to_rate(*, month: Month, by: Actor, at: datetime) -> Job:
    """The job that rates the village anew for the month; asking again is asking once."""
    village = month.village
    job = jobs.ask(
        kind="scoring.recompute_ratings",
        key=f"{village.code}:{month.month}",
        payload={"village": village.code, "month": month.month},
        village_id=village.pk,
        asked_by=by.name,
        at=at,
    )
    about = reference(month)
    record(by=by, at=at, what="ratings.asked", about=about, village_id=village.pk)
    return job


@transaction.atomic
def ask_to_verify(*, village: Village, by: Actor, at: datetime) -> Job:
    """The job that checks the village's whole ledger; asking again is asking once."""
    job = jobs.ask(
        kind="scoring.verify_ledger",
        key=village.code,
        payload={"village": village.code},
        village_id=village.pk,
        asked_by=by.name,
        at=at,
    )
    about = f"villages.village:{village.pk}"
    record(by=by, at=at, what="ledger.check_asked", about=about, village_id=village.pk)
    return job
