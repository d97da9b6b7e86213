"""Which jobs wait for a worker."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from jobs.models import Call, Job
from trail.scope import Scope, ScopedQuerySet

MINUTE = timedelta(minutes=1)
HOMES = ("village", "township")


def due(*, at: datetime) -> ScopedQuerySet[Job]:
    """Jobs that may start now: waiting ones, and running ones whose lease has run out."""
    return Job.objects.filter(
        Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING, lease_until__lt=at),
        due_at__lte=at,
    ).order_by("due_at", "pk")


def by_key(*, kind: str, key: str) -> Job | None:
    """The job of this kind about this thing, if it was ever asked for."""
    return Job.objects.filter(kind=kind, key=key).first()


def open_ids(*, kind: str) -> list[int]:
    """Jobs of a kind that have not ended, oldest first."""
    waiting = Job.objects.filter(kind=kind, state__in=[Job.State.WAITING, Job.State.RUNNING])
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def failed(*, kind: str) -> list[Job]:
    """Jobs of a kind that were refused or given up, oldest first."""
    return list(Job.objects.filter(kind=kind, state=Job.State.FAILED).order_by("pk"))


def newest_within(scope: Scope, action: str, *, most: int) -> list[Job]:
    """The jobs asked for last in the villages and townships of the scope."""
    return list(
        Job.objects.within(scope, action).select_related(*HOMES).order_by("-asked_at")[:most]
    )


def jobs_within(scope: Scope, action: str) -> ScopedQuerySet[Job]:
    """The jobs about villages and whole townships of the scope, the newest first."""
    return Job.objects.within(scope, action).select_related(*HOMES).order_by("-pk")


def all_within(scope: Scope, action: str) -> QuerySet[Job]:
    """The jobs of the villages and whole townships of the scope, newest first, without results."""
    found = Job.objects.within(scope, action).select_related("village__township", "township")
    return found.defer("payload", "result").order_by("-asked_at", "-pk")


def calls_of(*, who: str, at: datetime) -> int:
    """How often `who` was noted in the minute up to now."""
    return Call.objects.filter(who=who, at__gt=at - MINUTE).count()
