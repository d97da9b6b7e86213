"""What the monthly points notice states."""

from dataclasses import dataclass
from typing import TypedDict

from django.db.models import Sum

from households.models import Subject
from scoring.models import Month, MonthlyTotal, Seal
from scoring.queries import rules
from scoring.queries.ratings import year_to
from villages.models import Village


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One household of the notice, known by group and number alone."""

    group: str
    number: str
    plus: int
    gross: int

    def as_content(self) -> dict[str, object]:
        """The row as it is sealed."""
        return {
            "group": self.group,
            "number": self.number,
            "plus": self.plus,
            "gross": self.gross,
        }


class CategoryLine(TypedDict):
    """Plus and minus of a category in the month."""

    name: str
    plus: int
    minus: int


@dataclass(frozen=True, slots=True)
class SealFacts:
    """The seal of the month: what is printed of it, and its root."""

    content: dict[str, object]
    root: bytes


def village_facts(*, village_id: int) -> dict[str, str]:
    """Code, name and township of the village."""
    village = Village.objects.select_related("township").get(pk=village_id)
    return {"code": village.code, "name": village.name, "township": village.township.name}


def household_rows(*, village_id: int, month: str) -> list[HouseholdRow]:
    """Every household with an open file, by group in numeric order, then by number.

    `gross` counts what was entered up to and including the month.
    """
    plus = _sum_by_subject(village_id, month=month)
    gross = _sum_by_subject(village_id, month__lte=month)
    households = (
        Subject.objects.filter(village_id=village_id, kind=Subject.Kind.HOUSEHOLD)
        .exclude(state=Subject.State.CLOSED)
        .values_list("pk", "unit__name", "number")
    )
    rows = [
        HouseholdRow(group=group or "", number=number, plus=plus.get(pk, 0), gross=gross.get(pk, 0))
        for pk, group, number in households
    ]
    return sorted(rows, key=lambda row: (numeric(row.group), row.group, row.number))


def household_ids(*, village_id: int) -> dict[tuple[str, str], int]:
    """Every household by group and number, as they are called now."""
    households = Subject.objects.filter(village_id=village_id, kind=Subject.Kind.HOUSEHOLD)
    rows = households.values_list("unit__name", "number", "pk")
    return {(group or "", number): pk for group, number, pk in rows}


def _sum_by_subject(village_id: int, **months: str) -> dict[int, int]:
    totals = MonthlyTotal.objects.filter(village_id=village_id, **months).values_list("subject_id")
    return dict(totals.annotate(Sum("plus")))


def numeric(group: str) -> int:
    """The number in a group's name, to sort by; 0 when there is none."""
    digits = "".join(sign for sign in group if "0" <= sign <= "9")
    return int(digits) if digits else 0


def category_totals(*, village_id: int, month: str) -> list[CategoryLine]:
    """Plus and minus per category of the month, in the order of the rule book."""
    totals = (
        MonthlyTotal.objects.filter(village_id=village_id, month=month, category__isnull=False)
        .values_list("category__name", "category__position")
        .annotate(plus_sum=Sum("plus"), minus_sum=Sum("minus"))
        .order_by("category__position", "category__name")
    )
    merged: dict[str, CategoryLine] = {}
    for name, _position, plus, minus in totals:
        line = merged.setdefault(name, {"name": name, "plus": 0, "minus": 0})
        line["plus"] += plus
        line["minus"] += minus
    return list(merged.values())


def rules_facts(*, village_id: int, month: str) -> dict[str, object]:
    """The rule book in force on the last day of the month, and when it was adopted."""
    book = rules.in_force(village_id=village_id, on=year_to(month).ends_on)
    if book is None:
        return {"title": "", "version": 0, "adopted_on": ""}
    adoption = getattr(book, "adoption", None)
    return {
        "title": book.title,
        "version": book.version,
        "adopted_on": adoption.adopted_on.isoformat() if adoption else "",
    }


def seal_facts(*, village_id: int, month: str) -> SealFacts:
    """The seal that the close of the month made."""
    seal = Month.objects.select_related("seal").get(village_id=village_id, month=month).seal
    if seal is None:
        return SealFacts(content={}, root=b"")
    return SealFacts(content=sealed_as(seal), root=bytes(seal.root))


def sealed_as(seal: Seal) -> dict[str, object]:
    """A seal as a notice states it."""
    return {
        "number": seal.number,
        "upto": seal.upto_id,
        "count": seal.count,
        "root": bytes(seal.root).hex(),
    }


def publishable_names(*, village_id: int) -> dict[str, str]:
    """Names by household key of those who chose to be shown with a masked name."""
    chosen = Subject.objects.filter(
        village_id=village_id,
        kind=Subject.Kind.HOUSEHOLD,
        publish_choice=Subject.PublishChoice.MASKED,
    ).values_list("unit__name", "number", "name")
    return {f"{group}/{number}": name for group, number, name in chosen}
