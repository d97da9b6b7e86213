"""Asking for work, taking it, and ending it under a fence."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from jobs.models import Call, Job, Receipt
from jobs.queries import MINUTE, calls_of, due
from trail.actor import Actor
from trail.changes import batch_digest
from trail.errors import DomainError
from trail.operations import record

LEASE: timedelta = settings.JOB_LEASE
MOST_FAILURES = 3
MOST_SWEPT = 200
# A phone may come back after a month without a network and send what it sent before (I-13).
RECEIPTS_KEPT = timedelta(days=90)
OPEN = (Job.State.WAITING, Job.State.RUNNING)


class Fenced(DomainError):
    """Another worker has taken the job since; this one's work must be rolled back."""

    code = "fenced"


class AlreadyAnswered(DomainError):
    """A request with this number was answered before; nothing of it is done again."""

    code = "already_answered"


class OtherBody(DomainError):
    """The number of the request was used before, for another content."""

    code = "other_body"


@dataclass(slots=True)
class Told:
    """How far the work says it is; shown to others while its transaction is still open."""

    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """One attempt at a job: the row's id, payload and village, and the fence that proves it.

    What is set in `told` is written beside the work's transaction, at most once a second.
    """

    job_id: int
    fence: int
    payload: Mapping[str, str | int]
    village_id: int | None = None
    told: Told = field(default_factory=Told, compare=False)


@transaction.atomic
def ask(  # noqa: PLR0913 (each is named by the caller)
    *,
    kind: str,
    key: str,
    payload: Mapping[str, str | int],
    asked_by: str,
    at: datetime,
    village_id: int | None = None,
    township_id: int | None = None,
) -> Job:
    """Write the job in the caller's transaction; the same kind and key is one job.

    A job that has ended waits again: asking twice is harmless because every task is idempotent.
    `kind` is the name of the Celery task; `payload` holds ids and codes only. Without a village it
    is about the township as a whole.
    """
    job, created = Job.objects.select_for_update().get_or_create(
        kind=kind,
        key=key,
        defaults={
            "village_id": village_id,
            "township_id": None if village_id else township_id,
            "payload": dict(payload),
            "asked_by": asked_by,
            "asked_at": at,
            "due_at": at,
        },
    )
    if not created and job.state not in OPEN:
        job.state, job.payload, job.due_at = Job.State.WAITING, dict(payload), at
        job.failures, job.error, job.done, job.ended_at = 0, "", 0, None
        job.asked_by, job.asked_at, job.lease_until = asked_by, at, None
        job.save()
    return job


@transaction.atomic
def take(*, job_id: int, at: datetime) -> Lease | None:
    """Lease the job and raise its fence; None when it is not due or another worker holds it.

    A lease that ran out is a crash: the job that has crashed three times has failed (F-25).
    """
    job = due(at=at).select_for_update(skip_locked=True).filter(pk=job_id).first()
    if job is None:
        return None
    if job.state == Job.State.RUNNING:
        job.failures += 1
        if job.failures >= MOST_FAILURES:
            job.state, job.error, job.ended_at = Job.State.FAILED, _("做到一半中断了三次"), at
            job.lease_until = None
            job.save()
            return None
    job.state, job.fence, job.lease_until = Job.State.RUNNING, job.fence + 1, at + LEASE
    job.save(update_fields=["state", "fence", "lease_until", "failures"])
    return Lease(job_id=job.pk, fence=job.fence, payload=job.payload, village_id=job.village_id)


def progress(*, lease: Lease, done: int, total: int, at: datetime) -> None:
    """Show how far the work is and keep the lease; raises Fenced when it was lost or cancelled."""
    _write(lease, done=done, total=total, lease_until=at + LEASE)


def keep(*, lease: Lease, at: datetime, done: int = 0, total: int = 0) -> bool:
    """Keep the lease while the work goes on, and show how far it is when it says so.

    False when it is no longer ours.
    """
    mine = Job.objects.filter(pk=lease.job_id, fence=lease.fence, state=Job.State.RUNNING)
    shown = {"done": done, "total": total} if total else {}
    return bool(mine.update(lease_until=at + LEASE, **shown))


def finish(*, lease: Lease, result: Mapping[str, object], at: datetime) -> None:
    """End the job inside the transaction of its work, so that a zombie's work rolls back.

    Raises Fenced when another worker has taken the job since.
    """
    _write(
        lease,
        state=Job.State.DONE,
        result=dict(result),
        ended_at=at,
        lease_until=None,
        error="",
        done=F("total"),
    )


def still_ours(*, lease: Lease) -> None:
    """Raises Fenced when the job was lost or cancelled; locks nothing, so that it can be."""
    if not Job.objects.filter(pk=lease.job_id, fence=lease.fence, state=Job.State.RUNNING).exists():
        raise _fenced()


def refuse(*, lease: Lease, reason: str, at: datetime) -> None:
    """End the job because the work is refused; the same work would be refused again."""
    _write(lease, state=Job.State.FAILED, error=reason[:300], ended_at=at, lease_until=None)


@transaction.atomic
def fail(*, lease: Lease, reason: str, at: datetime) -> None:
    """Count a crash: the job waits for another try, or has failed after three."""
    job = Job.objects.select_for_update().get(pk=lease.job_id)
    if job.fence != lease.fence or job.state != Job.State.RUNNING:
        return
    job.failures += 1
    job.error, job.lease_until = reason[:300], None
    final = job.failures >= MOST_FAILURES
    job.state = Job.State.FAILED if final else Job.State.WAITING
    job.due_at = at + timedelta(seconds=10 * job.failures)
    job.ended_at = at if final else None
    job.save()


@transaction.atomic
def cancel(*, job_id: int, at: datetime) -> None:
    """Stop a job that has not ended; a worker that runs it is fenced at its next write."""
    Job.objects.filter(pk=job_id, state__in=OPEN).update(
        state=Job.State.CANCELLED, ended_at=at, lease_until=None
    )


def _write(lease: Lease, **values: object) -> None:
    mine = Job.objects.filter(pk=lease.job_id, fence=lease.fence, state=Job.State.RUNNING)
    if not mine.update(**values):
        raise _fenced()


def _fenced() -> Fenced:
    return Fenced(_("这个任务已由别的进程接手，或者已停止。"))


@transaction.atomic
def answer_once(
    *, actor: str, key: str, body: bytes, reply: Mapping[str, object], at: datetime
) -> None:
    """Note in the caller's transaction that this request is being answered.

    Raises AlreadyAnswered when it was before; of two at once the second waits for the first.
    """
    _receipt, is_first = Receipt.objects.get_or_create(
        actor=actor,
        key=key,
        defaults={
            "body_sha256": hashlib.sha256(body).digest(),
            "status": 200,
            "reply": dict(reply),
            "at": at,
        },
    )
    if not is_first:
        raise AlreadyAnswered(_("这件事已经办过了，没有再办一次。"))


@transaction.atomic
def count_call(*, who: str, at: datetime) -> int:
    """Note a request; how many `who` has made in the minute up to now, with this one.

    What is older goes away by the way; rows another request sweeps are left to it.
    """
    Call.objects.create(who=who, at=at)
    old = Call.objects.filter(who=who, at__lte=at - MINUTE).select_for_update(skip_locked=True)
    Call.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:MOST_SWEPT])).delete()
    return calls_of(who=who, at=at)


@transaction.atomic
def forget(*, by: Actor, at: datetime) -> int:
    """Take away old receipts, and calls that no longer count; how many receipts it was.

    One event tells of the receipts; the calls were only ever a count.
    """
    Call.objects.filter(at__lte=at - MINUTE).delete()
    old = Receipt.objects.filter(at__lt=at - RECEIPTS_KEPT).order_by("pk")
    ids = list(old.values_list("pk", flat=True))
    if ids:
        Receipt.objects.filter(pk__in=ids).delete()
        record(
            by=by, at=at, what="receipts.forgotten", about="jobs.receipt", detail=batch_digest(ids)
        )
    return len(ids)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request was answered: the status and the body."""

    status: int
    body: Mapping[str, object]


@transaction.atomic
def answer_alike(
    *,
    actor: str,
    key: str,
    body: bytes,
    at: datetime,
    act: Callable[[], Reply],
    refuse: Callable[[DomainError], Reply],
) -> Reply:
    """Answer a request that may come again: the same number and body get the first reply (I-13).

    `act` runs at most once per actor and key, in this transaction; a refusal is a reply too and
    leaves nothing behind. Of two at once the second waits for the first. Raises OtherBody when
    the number was used for something else.
    """
    _wait_for(actor=actor, key=key)
    digest = hashlib.sha256(body).digest()
    known = Receipt.objects.filter(actor=actor, key=key).first()
    if known is not None:
        if bytes(known.body_sha256) != digest:
            raise OtherBody(_("这个请求编号已经用过，内容不一样。请换一个新编号。"))
        return Reply(status=known.status, body=known.reply)
    try:
        with transaction.atomic():
            reply = act()
    except DomainError as refusal:
        reply = refuse(refusal)
    Receipt.objects.create(
        actor=actor,
        key=key,
        body_sha256=digest,
        status=reply.status,
        reply=dict(reply.body),
        at=at,
    )
    return reply


def _wait_for(*, actor: str, key: str) -> None:
    """One at a time for the same number; given back at the end of the transaction."""
    number = hashlib.sha256(f"{len(actor)} {actor} {key}".encode()).digest()[:8]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(number, "big", signed=True)]
        )
