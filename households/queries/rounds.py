"""Reading rounds of collection and how far they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from households.models import Assignment, CollectionForm, CollectionRound, Subject
from households.queries.assignments import kinds_of
from trail.scope import Scope
from villages.models import Village
from villages.queries import townships_within, village_rows_within

DONE = Count("pk", filter=Q(state=Assignment.State.DONE))
UNREACHED = Count("pk", filter=Q(state=Assignment.State.UNREACHED))
STARTED = Count("pk", filter=Q(state=Assignment.State.STARTED))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many files there are to collect, and what became of them."""

    due: int
    done: int = 0
    unreached: int = 0
    started: int = 0

    @property
    def left(self) -> int:
        """还差 n 户."""
        return self.due - self.done

    @property
    def percent(self) -> int:
        """Floored: 100 only when not one is missing."""
        return 100 if self.done >= self.due else self.done * 100 // self.due

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left."""
        return self.left <= 0


@dataclass(frozen=True, slots=True)
class CollectorTally:
    """One collector in one village."""

    person_id: int
    name: str
    village_id: int
    village: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class VillageTally:
    """One village: what nobody goes to yet is due, too."""

    village_id: int
    village: str
    slug: str
    unassigned: int
    tally: Tally


def rounds_within(scope: Scope, action: str) -> QuerySet[CollectionRound]:
    """The rounds of the townships in whose villages the scope allows the action, newest first."""
    found = CollectionRound.objects.filter(township__in=townships_within(scope, action))
    return found.select_related("township").order_by("-opens_on", "-pk")


def round_within(scope: Scope, action: str, *, round_id: int) -> CollectionRound | None:
    """One of them; None outside the scope as for none at all."""
    return rounds_within(scope, action).filter(pk=round_id).first()


def forms_asked(round_: CollectionRound) -> list[CollectionForm]:
    """The forms of a round: those for the file first, and of these the households'."""
    kinds = Subject.Kind.values
    return sorted(round_.forms.all(), key=lambda one: (one.purpose, kinds.index(one.subject_kind)))


def by_collector(
    *, round_: CollectionRound, scope: Scope, action: str, purpose: str = Assignment.Purpose.COLLECT
) -> list[CollectorTally]:
    """What each collector has of each village of the scope, and how far that is. One query."""
    rows = (
        _assignments(round_, scope, action, purpose)
        .values("collector_id", "collector__name", "village_id", "village__name")
        .annotate(due=Count("pk"), done=DONE, unreached=UNREACHED, started=STARTED)
        .order_by("village__code", "collector__name", "collector_id")
    )
    return [
        CollectorTally(
            row["collector_id"],
            row["collector__name"],
            row["village_id"],
            row["village__name"],
            Tally(row["due"], row["done"], row["unreached"], row["started"]),
        )
        for row in rows
    ]


def by_village(*, round_: CollectionRound, scope: Scope, action: str) -> list[VillageTally]:
    """Every village of the scope in the round's township with all its open files. Four queries."""
    given: dict[int, Mapping[str, int]] = {
        row["village_id"]: cast(Mapping[str, int], row)
        for row in _assignments(round_, scope, action, Assignment.Purpose.COLLECT)
        .values("village_id")
        .annotate(due=Count("pk"), done=DONE, unreached=UNREACHED, started=STARTED)
        .order_by()
    }
    left = dict(_nobody_goes_to(round_, scope, action))
    villages = village_rows_within(scope, action).filter(township_id=round_.township_id)
    return [_village_tally(village, given.get(village.pk, {}), left) for village in villages]


def _nobody_goes_to(
    round_: CollectionRound, scope: Scope, action: str
) -> QuerySet[Subject, tuple[int, int]]:
    """By village how many open files the round asks about and nobody goes to."""
    gone_to = _assignments(round_, scope, action, Assignment.Purpose.COLLECT)
    return (
        Subject.objects.within(scope, action)
        .filter(village__township_id=round_.township_id, kind__in=kinds_of(round_))
        .exclude(state=Subject.State.CLOSED)
        .exclude(pk__in=gone_to.values("subject_id"))
        .values_list("village_id")
        .annotate(n=Count("pk"))
        .order_by()
    )


def _village_tally(
    village: Village, given: Mapping[str, int], left: Mapping[int, int]
) -> VillageTally:
    unassigned = left.get(village.pk, 0)
    due = given.get("due", 0) + unassigned
    done, away = given.get("done", 0), given.get("unreached", 0)
    tally = Tally(due, done, away, given.get("started", 0))
    return VillageTally(village.pk, village.name, village.slug, unassigned, tally)


def total_of(villages: Sequence[VillageTally]) -> Tally:
    """All of these villages together."""
    tallies = [one.tally for one in villages]
    return Tally(
        sum(one.due for one in tallies),
        sum(one.done for one in tallies),
        sum(one.unreached for one in tallies),
        sum(one.started for one in tallies),
    )


def by_day(*, round_: CollectionRound, scope: Scope, action: str) -> list[tuple[date, int]]:
    """How many files arrived on each day, the newest first. One query."""
    rows = (
        _assignments(round_, scope, action, Assignment.Purpose.COLLECT)
        .filter(state=Assignment.State.DONE)
        .annotate(day=TruncDate("done_at"))
        .values_list("day")
        .annotate(n=Count("pk"))
        .order_by("-day")
    )
    return list(rows)


def unreached(*, round_: CollectionRound, scope: Scope, action: str) -> QuerySet[Assignment]:
    """The files nobody was met at, with the reasons, by village and group."""
    return (
        _assignments(round_, scope, action, Assignment.Purpose.COLLECT)
        .filter(state=Assignment.State.UNREACHED)
        .select_related("subject__unit", "collector", "village")
        .order_by("village__code", "subject__unit_id", "subject__number", "pk")
    )


def _assignments(
    round_: CollectionRound, scope: Scope, action: str, purpose: str
) -> QuerySet[Assignment]:
    """A file that was closed before anybody came is not due any more."""
    mine = Assignment.objects.within(scope, action).filter(round=round_, purpose=purpose)
    return mine.exclude(~Q(state=Assignment.State.DONE), subject__state=Subject.State.CLOSED)
