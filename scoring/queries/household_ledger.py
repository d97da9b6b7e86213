"""What a household's page shows: to anybody, and to whoever knows the PIN."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from households.models import Subject
from notices.models import Notice
from scoring.engine.canon import EntryFacts
from scoring.models import Balance, Correction, Entry, Month, MonthlyTotal, TranscribedLine
from scoring.queries.ledger import FACT_COLUMNS
from scoring.queries.ratings import year_to


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """The two figures a notice shows of a household, as of the last month that was shown.

    There is no third one: from gross and plus no deduction can be computed.
    """

    month: str
    until_on: date
    plus: int
    gross: int


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """The three sums of a household as they stand now."""

    gross: int
    earned: int
    spendable: int

    @property
    def spent(self) -> int:
        """What was redeemed, handed over or has expired; below zero when more was handed in."""
        return self.earned - self.spendable


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry as the household reads it; `place` counts its entries from the first one on."""

    place: int
    facts: EntryFacts
    item: str
    category: str
    goods: str
    balance: int
    reversed_by: int | None


def public_figures(*, village_id: int, subject_id: int) -> PublicFigures | None:
    """Gross and the month's plus as of the newest month shown to the village; None before one.

    A month that two persons have not published yet is not shown, and a correction as soon as its
    own notice is, so page and wall agree.
    """
    shown = Q(state__in=[Month.State.PUBLISHED, Month.State.FINAL]) | (
        Q(origin=Month.Origin.TRANSCRIBED) & ~Q(state=Month.State.OPEN)
    )
    month = (
        Month.objects.filter(shown, village_id=village_id)
        .order_by("-month")
        .values_list("month", flat=True)
        .first()
    )
    if month is None:
        return None
    sums = MonthlyTotal.objects.filter(
        village_id=village_id, subject_id=subject_id, month__lte=month
    ).aggregate(gross=Sum("plus"), in_month=Sum("plus", filter=Q(month=month)))
    told = _corrected_since(village_id=village_id, subject_id=subject_id, month=month)
    return PublicFigures(
        month=month,
        until_on=year_to(month).ends_on,
        plus=(sums["in_month"] or 0) + sum(points for of, points in told if of == month),
        gross=(sums["gross"] or 0) + sum(points for _of, points in told),
    )


def _corrected_since(*, village_id: int, subject_id: int, month: str) -> list[tuple[str, int]]:
    """The corrected month and the points of awards that later months put right, once told."""
    awards = Q(kind=Entry.Kind.AWARD) | Q(reverses__kind=Entry.Kind.AWARD)
    rows = [
        (int(source.split(":")[1]), points)
        for source, points in Entry.objects.filter(
            awards,
            village_id=village_id,
            subject_id=subject_id,
            month__gt=month,
            source__startswith="correction:",
        ).values_list("source", "points")
    ]
    if not rows:
        return []
    told = Correction.objects.filter(
        pk__in={pk for pk, _points in rows},
        village_id=village_id,
        corrects__corrections__state=Notice.State.PUBLISHED,
    )
    months = dict(told.values_list("pk", "month__month"))
    return [(months[pk], points) for pk, points in rows if pk in months]


def own_figures(*, village_id: int, subject_id: int) -> OwnFigures:
    """Gross, earned and spendable; zeros before the first entry."""
    found = Balance.objects.filter(village_id=village_id, subject_id=subject_id).first()
    if found is None:
        return OwnFigures(gross=0, earned=0, spendable=0)
    return OwnFigures(gross=found.gross, earned=found.earned, spendable=found.spendable)


def lines_of(*, village_id: int, subject_id: int) -> list[LedgerLine]:
    """Every entry of a household from the first on, with the running spendable sum; two queries."""
    rows = list(
        Entry.objects.filter(village_id=village_id, subject_id=subject_id)
        .order_by("pk")
        .values_list(*FACT_COLUMNS, "item__name", "category__name")
    )
    entries = [
        (EntryFacts(**dict(zip(FACT_COLUMNS, row[:-2], strict=True))), *row[-2:]) for row in rows
    ]
    goods = dict(
        TranscribedLine.objects.filter(
            village_id=village_id, source__in=[facts.source for facts, *_ in entries]
        ).values_list("source", "goods")
    )
    reversals = {facts.reverses_id: facts.id for facts, *_ in entries if facts.reverses_id}
    lines, balance = [], 0
    for place, (facts, item, category) in enumerate(entries, start=1):
        balance += facts.points
        lines.append(
            LedgerLine(
                place=place,
                facts=facts,
                item=item or "",
                category=category or "",
                goods=goods.get(facts.source, ""),
                balance=balance,
                reversed_by=reversals.get(facts.id),
            )
        )
    return lines


def households_with_deductions(*, village_id: int) -> list[int]:
    """Households of a village that have a deduction, in the order of their files."""
    deductions = Entry.objects.filter(village_id=village_id, kind=Entry.Kind.DEDUCTION)
    found = Subject.objects.filter(
        village_id=village_id,
        kind=Subject.Kind.HOUSEHOLD,
        pk__in=deductions.values("subject_id"),
    )
    return list(found.order_by("pk").values_list("pk", flat=True))
