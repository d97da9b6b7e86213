"""What the tasks do: find the rows, call one operation, answer with plain facts."""

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.models import Proposal
from jobs import operations as jobs
from jobs.models import Job
from jobs.operations import Lease
from scoring.models import Month
from scoring.operations import breaks, closing, ratings, sealing
from scoring.queries import months, seals, witness
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from villages import queries as villages
from villages.models import Village

logger = logging.getLogger(__name__)
CHECKER = Actor.system("scoring.verify_ledgers")
SEALER = Actor.system("scoring.seal_ledgers")
PREPARER = Actor.system("scoring.propose_closes")
RATER = Actor.system("scoring.recompute_ratings")
ADVANCER = Actor.system("scoring.advance_months")


def ask_to_close(*, village: Village, month: str, by: str, at: datetime) -> Job:
    """The job that closes the month; asking again is asking once."""
    return jobs.ask(
        kind="scoring.close_month",
        key=f"{village.code}:{month}",
        payload={"village": village.code, "month": month},
        village_id=village.pk,
        asked_by=by,
        at=at,
    )


@transaction.atomic
def approve_lock(*, month: Month, proposal: Proposal, by: Actor, at: datetime) -> Job:
    """The second person's approval, and the job that carries it out: both or neither."""
    closing.approve_lock(month=month, proposal=proposal, by=by, at=at)
    return ask_to_close(village=month.village, month=month.month, by=by.name, at=at)


def close_month(lease: Lease, at: datetime) -> Mapping[str, object]:
    """Carry out the approved lock that the job names."""
    village = villages.village_by_code(str(lease.payload["village"]))
    closed = closing.close(village=village, month=str(lease.payload["month"]), at=at)
    return {"month": closed.month, "state": closed.state}


def recompute_ratings(lease: Lease, at: datetime) -> Mapping[str, object]:
    """Rate the village of the job for its period."""
    village = villages.village_by_code(str(lease.payload["village"]))
    rated = ratings.recompute(
        village_id=village.pk, period=str(lease.payload["month"]), by=RATER, at=at
    )
    return {"ratings": rated}


def seal_ledger(lease: Lease, at: datetime) -> Mapping[str, object]:
    """Seal the ledger of the job's village."""
    sealed = sealing.seal(village_id=int(lease.payload["village"]), by=SEALER, at=at)
    return {"seal": sealed.number if sealed else 0}


def ask_for_seals() -> None:
    """One job a village that has grown since its last seal; the sweeper starts them."""
    at = clock.now()
    for village_id in seals.villages_with_new_entries():
        jobs.ask(
            kind="scoring.seal_ledger",
            key=str(village_id),
            payload={"village": village_id},
            village_id=village_id,
            asked_by=SEALER.name,
            at=at,
        )


def verify_ledger(lease: Lease, at: datetime) -> Mapping[str, object]:
    """Check the ledger of the job's village and stop it where it is broken."""
    village = villages.village_by_code(str(lease.payload["village"]))
    verdict = breaks.examine(village=village, by=CHECKER, at=at)
    if verdict.problems:
        logger.error("ledger of village %s is broken", village.code)
    return {"entries": verdict.entries, "problems": len(verdict.problems)}


def compare_witness(lease: Lease, at: datetime) -> Mapping[str, object]:
    """Check every ledger against the witness of the settings; stop those that differ."""
    path = Path(settings.WITNESS_FILE)
    witness.genuine(path)
    problems = witness.differences(path)
    if problems:
        logger.error("not the ledgers of the witness, first at %s", problems[0].village)
    breaks.stop_all(problems=problems, by=CHECKER, at=at)
    return {"problems": len(problems)}


def ask_for_checks() -> None:
    """One job a village that has a ledger, and one for the witness where there is one."""
    at = clock.now()
    for village in months.villages_with_entries():
        jobs.ask(
            kind="scoring.verify_ledger",
            key=village.code,
            payload={"village": village.code},
            village_id=village.pk,
            asked_by=CHECKER.name,
            at=at,
        )
    if settings.WITNESS_FILE:
        jobs.ask(
            kind="scoring.compare_witness",
            key="newest",
            payload={},
            asked_by=CHECKER.name,
            at=at,
        )


def prepare_closes() -> None:
    """Prepare every month that has ended and whose close day has come."""
    for month in months.ended_and_open(on=clock.today()):
        closing.prepare(month=month, by=PREPARER, at=clock.now())


def advance_months() -> None:
    """Move months on as far as their notices have come; a held one waits."""
    for month in months.published_but_closed():
        closing.advance(month=month, to=Month.State.PUBLISHED, by=ADVANCER, at=clock.now())
    for month in months.shown_long_enough(on=clock.today()):
        try:
            closing.advance(month=month, to=Month.State.FINAL, by=ADVANCER, at=clock.now())
        except DomainError as held:
            logger.info("month %s not final: %s", month.pk, held.code)
