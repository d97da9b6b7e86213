"""Reading the audit trail. Nothing here knows roles: who may read is said by the scope."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet

from trail.clock import SHANGHAI
from trail.models import AuditEvent
from trail.naming import ATTEMPTS
from trail.scope import Scope
from trail.typed import row_number


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader looks for; what is empty is not asked."""

    village_id: int | None = None
    actor: str = ""
    what: str = ""
    about: str = ""
    request_id: str = ""
    from_on: date | None = None
    to_on: date | None = None
    refused: bool = False


def events_within(
    scope: Scope, action: str, *, people: QuerySet[models.Model]
) -> QuerySet[AuditEvent]:
    """The events a reader may see, newest first.

    Those of a village go by the village. Those of none (log-ins, persons, townships) go by who
    acted: one of `people`, who hold posts in the reader's places; and those of the system itself
    are seen by readers of a whole township.
    """
    without = Q(village_id__isnull=True, person_id__in=people.values("pk"))
    if scope.township_ids(action):
        without |= Q(village_id__isnull=True, person_id__isnull=True)
    seen = Q(village_id__in=scope.village_ids(action)) | without
    return AuditEvent.objects.filter(seen).order_by("-id")


def narrowed(events: QuerySet[AuditEvent], asked: Asked) -> QuerySet[AuditEvent]:
    """Those of the events that were asked for."""
    wanted: dict[str, Any] = {
        "village_id": asked.village_id,
        "actor__startswith": asked.actor,
        "what": asked.what,
        "about": asked.about,
        "request_id": asked.request_id,
        "at__gte": _begin(asked.from_on) if asked.from_on else None,
        "at__lt": _begin(asked.to_on) + timedelta(days=1) if asked.to_on else None,
    }
    if asked.refused:
        events = events.filter(what__regex=rf"^({'|'.join(ATTEMPTS)})\.")
    return events.filter(**{name: value for name, value in wanted.items() if value})


def page_of(
    events: QuerySet[AuditEvent], *, before: int | None, size: int
) -> tuple[list[AuditEvent], int | None]:
    """A page of events and the id after which the next begins; None at the end."""
    if before is not None:
        events = events.filter(pk__lt=before)
    found = list(events[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def changes_of(
    *abouts: str, village_id: int | None, most: int, subject_id: int | None = None
) -> list[AuditEvent]:
    """What was done to a record lately; the caller has seen to it that its page may be read.

    With `subject_id` also what was done to many households of the village of which it is one.
    """
    wanted = Q(about__in=abouts)
    if subject_id is not None:
        batch = {
            "about": f"villages.village:{village_id}",
            "detail__subjects__contains": subject_id,
        }
        wanted |= Q(**batch)
    events = AuditEvent.objects.filter(wanted, village_id=village_id)
    return list(events.order_by("-id")[:most])


def changes_within(*abouts: str, village_ids: Collection[int], most: int) -> list[AuditEvent]:
    """The same for a record at home in several places: what was done in these, or in no village."""
    here = Q(village_id__isnull=True) | Q(village_id__in=village_ids)
    events = AuditEvent.objects.filter(here, about__in=abouts)
    return list(events.order_by("-id")[:most])


def events_of_month(*, village_id: int, month: str) -> list[AuditEvent]:
    """What was done to a village in a month of the calendar in Shanghai, in its order."""
    first = date.fromisoformat(f"{month}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    events = AuditEvent.objects.filter(village_id=village_id)
    return list(events.filter(at__gte=_begin(first), at__lt=_begin(following)).order_by("id"))


def titles(abouts: Iterable[str]) -> dict[str, str]:
    """What the records are called (`scoring.month:12` is 2026-10), one query a kind.

    Only kinds that name a column without personal data in `trail_title` have one.
    """
    numbers: dict[str, set[int]] = defaultdict(set)
    for about in abouts:
        label, _colon, number = about.partition(":")
        pk = row_number(number)
        if pk is not None:
            numbers[label].add(pk)
    found = {}
    for label, ids in numbers.items():
        for pk, title in _titles_of(label, ids):
            found[f"{label}:{pk}"] = str(title)
    return found


def _titles_of(label: str, ids: set[int]) -> Iterable[tuple[int, object]]:
    try:
        kind: Any = apps.get_model(label)
    except (LookupError, ValueError):
        return ()
    column = getattr(kind, "trail_title", "")
    rows = kind._default_manager  # noqa: SLF001 (any model that has a title)
    return rows.filter(pk__in=ids).values_list("pk", column) if column else ()


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
