"""What a person should look at before a month is locked, and the entries behind each point."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Abs, Trunc

from households.models import Subject
from scoring.models import Entry, MonthlyTotal
from villages.queries import names_of

SHARE = 30
LEAST_ENTRIES = 10
JUMPS = 5
# Sources that lead to a record with evidence. A line copied from paper, or a correction of one,
# has its evidence on paper.
_WITH_EVIDENCE = Q(source__startswith="reviews.declaration:")
JUMP_TIMES, JUMP_POINTS, JUMP_MONTHS = 3, 10, 2


class Why(StrEnum):
    """In what way something stands out."""

    OVER = "over"
    CAP = "cap"
    REPEAT = "repeat"
    EVIDENCE = "evidence"
    RECORDER = "recorder"
    JUMP = "jump"


@dataclass(frozen=True, slots=True)
class Outlier:
    """One thing to look at: its entries are `entries_behind` it, by `why` and `key`."""

    why: Why
    key: int
    count: int
    name: str = ""
    points: int = 0
    usual: int = 0
    share: int = 0


def outliers(*, village_id: int, month: str) -> list[Outlier]:
    """Everything of the month that stands out, single entries first, households last."""
    standing = _standing(village_id, month)
    found = [
        Outlier(why=why, key=0, count=count)
        for why, rows in (
            (Why.OVER, _over(standing)),
            (Why.CAP, _capped(standing)),
            (Why.REPEAT, _repeated(standing)),
            (Why.EVIDENCE, _unproven(standing)),
        )
        if (count := rows.count())
    ]
    return found + _busy_recorders(standing) + _jumps(village_id, month)


def entries_behind(*, village_id: int, month: str, why: Why, key: int) -> QuerySet[Entry]:
    """The entries of one outlier with item and household, in the order of the ledger."""
    rows = _standing(village_id, month)
    kinds: dict[Why, Callable[[QuerySet[Entry]], QuerySet[Entry]]] = {
        Why.OVER: _over,
        Why.CAP: _capped,
        Why.REPEAT: _repeated,
        Why.EVIDENCE: _unproven,
        Why.RECORDER: lambda rows: rows.filter(recorded_by_id=key),
        Why.JUMP: lambda rows: rows.filter(subject_id=key),
    }
    rows = kinds[why](rows)
    together = why in (Why.CAP, Why.REPEAT)
    order = ("subject_id", "item_id", "occurred_on", "pk") if together else ("pk",)
    return rows.select_related("item", "category", "subject__unit").order_by(*order)


def _standing(village_id: int, month: str) -> QuerySet[Entry]:
    """Awards and deductions of the month that nothing has reversed."""
    return _unreversed().filter(village_id=village_id, month=month)


def _unreversed() -> QuerySet[Entry]:
    reversal = Entry.objects.filter(village_id=OuterRef("village_id"), reverses_id=OuterRef("pk"))
    kinds = [Entry.Kind.AWARD, Entry.Kind.DEDUCTION]
    return Entry.objects.filter(~Exists(reversal), kind__in=kinds)


def _over(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """More points than the item gives at most; only what was copied from paper can hold one."""
    return rows.filter(Q(points__gt=F("item__high")) | Q(points__lt=-F("item__high")))


# The first day of the period for which the item's cap counts, as `ledger_post` counts it.
_BEGINS = Case(
    *(
        When(item__cap_period=period, then=Trunc("occurred_on", period))
        for period in ("month", "quarter", "year")
    ),
    output_field=DateField(),
)


def _capped(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """Of a household and an item that have used up the cap of the period, or more than that.

    Without a mistake these are households that did all there is to do; nobody gets more for it.
    """
    same = {name: OuterRef(name) for name in ("village_id", "subject_id", "item_id")}
    period = _unreversed().filter(**same).annotate(begins=_BEGINS).filter(begins=OuterRef("begins"))
    alike = period.order_by().values("item_id")
    return (
        rows.filter(item__cap_period__gt="")
        .annotate(begins=_BEGINS)
        .annotate(
            times=Subquery(alike.annotate(n=Count("pk")).values("n")),
            used=Subquery(alike.annotate(n=Sum(Abs("points"))).values("n")),
        )
        .filter(Q(times__gte=F("item__cap_times")) | Q(used__gte=F("item__cap_points")))
    )


def _unproven(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """The item asks for evidence, and where the entry comes from no evidence is kept."""
    return rows.exclude(item__evidence="").filter(item__isnull=False).exclude(_WITH_EVIDENCE)


def _repeated(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """The same household, item, day and points more than once."""
    alike = ("village_id", "month", "kind", "subject_id", "item_id", "occurred_on", "points")
    twin = Entry.objects.filter(**{name: OuterRef(name) for name in alike}).exclude(
        pk=OuterRef("pk")
    )
    reversal = Entry.objects.filter(village_id=OuterRef("village_id"), reverses_id=OuterRef("pk"))
    return rows.filter(Exists(twin.filter(~Exists(reversal))))


def _busy_recorders(rows: QuerySet[Entry]) -> list[Outlier]:
    """Persons who entered more than their share of the month."""
    counts = dict(rows.order_by().values_list("recorded_by_id").annotate(Count("pk")))
    whole = sum(counts.values())
    if whole < LEAST_ENTRIES:
        return []
    busy = {
        person: count
        for person, count in counts.items()
        if person is not None and count * 100 > whole * SHARE
    }
    names = names_of(set(busy))
    return [
        Outlier(
            why=Why.RECORDER,
            key=person,
            count=count,
            name=names.get(person, ""),
            share=count * 100 // whole,
        )
        for person, count in sorted(busy.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _jumps(village_id: int, month: str) -> list[Outlier]:
    """Households with far more points than in their usual month, the largest jump first."""
    past, seen, counts = defaultdict[int, int](int), set[str](), defaultdict[int, int](int)
    now = defaultdict[int, int](int)
    totals = MonthlyTotal.objects.filter(village_id=village_id, month__lte=month)
    for subject, name, plus, entries in totals.values_list(
        "subject_id", "month", "plus", "entries"
    ):
        if name == month:
            now[subject] += plus
            counts[subject] += entries
        else:
            past[subject] += plus
            seen.add(name)
    if len(seen) < JUMP_MONTHS:
        return []
    jumps = [
        (plus - usual, subject, plus, usual)
        for subject, plus in now.items()
        if plus >= JUMP_TIMES * (usual := past[subject] // len(seen))
        and plus - usual >= JUMP_POINTS
    ]
    jumps.sort(key=lambda jump: (-jump[0], jump[1]))
    places = _places({subject for _, subject, _, _ in jumps[:JUMPS]})
    return [
        Outlier(Why.JUMP, subject, counts[subject], places[subject], points=plus, usual=usual)
        for _, subject, plus, usual in jumps[:JUMPS]
    ]


def _places(subject_ids: set[int]) -> dict[int, str]:
    rows = Subject.objects.filter(pk__in=subject_ids).values_list("pk", "unit__name", "number")
    return {pk: f"{unit}·{number}" if unit else number for pk, unit, number in rows}
