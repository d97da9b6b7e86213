"""How a task carries out a job: lease, work, last write under the fence, refusal or failure."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import DatabaseError, connections

from jobs import operations
from jobs.operations import Lease
from trail import clock
from trail.errors import DomainError
from trail.scope import reaching

logger = logging.getLogger(__name__)
# Seconds between two looks at how far the work is.
LOOK_EVERY = 1.0
Work = Callable[[Lease, datetime], Mapping[str, object]]


def run(job_id: int, work: Work) -> bool:
    """Carry out a job with `work` in one transaction; False when it was not ours to do.

    The work reaches the personal data of the job's village; what is about several villages gives
    itself its `reach`. The lease touches the job's row alone. A refusal ends the job with its
    reason; a crash is counted and raised again.
    """
    lease = operations.take(job_id=job_id, at=clock.now())
    if lease is None:
        return False
    try:
        with _kept(lease):
            _carry_out(lease, work)
    except operations.Fenced:
        logger.warning("job %s fenced at attempt %s", lease.job_id, lease.fence)
        return False
    except Exception as crash:
        operations.fail(lease=lease, reason=type(crash).__name__, at=clock.now())
        raise
    return True


def _carry_out(lease: Lease, work: Work) -> None:
    try:
        with reaching([lease.village_id] if lease.village_id else []):
            result = work(lease, clock.now())
            operations.finish(lease=lease, result=result, at=clock.now())
    except operations.Fenced:
        raise
    except DomainError as refusal:
        operations.refuse(lease=lease, reason=str(refusal), at=clock.now())


@contextmanager
def _kept(lease: Lease) -> Iterator[None]:
    """Keep the lease of work that takes longer than one, so that nobody takes it over.

    From a thread with a connection of its own: what the work's transaction writes about the job
    is seen by nobody before it ends. It dies with the process, and then the lease runs out.
    """
    ended = threading.Event()
    thread = threading.Thread(target=_keep, args=(lease, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _keep(lease: Lease, ended: threading.Event) -> None:
    kept, shown = time.monotonic(), 0
    third = operations.LEASE.total_seconds() / 3
    try:
        while not ended.wait(min(LOOK_EVERY, third)):
            done, total = lease.told.done, lease.told.total
            if done == shown and time.monotonic() - kept < third:
                continue
            if not operations.keep(lease=lease, done=done, total=total, at=clock.now()):
                return
            kept, shown = time.monotonic(), done
    except DatabaseError:
        logger.warning("lease of job %s could not be kept", lease.job_id)
    finally:
        connections.close_all()
