"""Celery's way in. Arguments are ids; a job's row says what to do and whether it is still due."""

from celery import shared_task

from jobs.running import run
from scoring import work


@shared_task(name="scoring.close_month")
def close_month(*, job_id: int, **_newer: object) -> None:
    """Carry out the approved lock of a month."""
    run(job_id, work.close_month)


@shared_task(name="scoring.recompute_ratings")
def recompute_ratings(*, job_id: int, **_newer: object) -> None:
    """Rate the subjects of a village anew."""
    run(job_id, work.recompute_ratings)


@shared_task(name="scoring.seal_ledger")
def seal_ledger(*, job_id: int, **_newer: object) -> None:
    """Seal what a village has entered since its last seal."""
    run(job_id, work.seal_ledger)


@shared_task(name="scoring.seal_ledgers")
def seal_ledgers(**_newer: object) -> None:
    """Each night: one job a village that has grown."""
    work.ask_for_seals()


@shared_task(name="scoring.verify_ledger")
def verify_ledger(*, job_id: int, **_newer: object) -> None:
    """Check a village's ledger and stop it where it is broken."""
    run(job_id, work.verify_ledger)


@shared_task(name="scoring.compare_witness")
def compare_witness(*, job_id: int, **_newer: object) -> None:
    """Check every ledger against the newest witness."""
    run(job_id, work.compare_witness)


@shared_task(name="scoring.verify_ledgers")
def verify_ledgers(**_newer: object) -> None:
    """Each night, before the seals: one job a village."""
    work.ask_for_checks()


@shared_task(name="scoring.propose_closes")
def propose_closes(**_newer: object) -> None:
    """On the close day: put the figures of ended months before the two persons."""
    work.prepare_closes()


@shared_task(name="scoring.advance_months")
def advance_months(**_newer: object) -> None:
    """Months whose notice is on show are published; those shown long enough are final."""
    work.advance_months()
