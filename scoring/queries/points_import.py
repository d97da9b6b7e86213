"""What is on file before a points workbook is entered, and what stands there after it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from households.models import Subject
from scoring.importing.matching import Household, household_key
from scoring.models import Balance, Entry, Item, Month, RuleBook, TranscribedLine
from scoring.queries.ledger import village_figures
from villages.models import Unit


@dataclass(frozen=True, slots=True)
class Standing:
    """A village's ledger and rules as a workbook meets them.

    `from_file` counts the workbook's own lines that were entered by an earlier attempt.
    """

    from_file: int
    last_month: str
    open_month: str
    rules_since: date | None
    rules_are_adopted: bool


@dataclass(frozen=True, slots=True)
class PointsFigures:
    """What a village's ledger amounts to, counted as a points book counts."""

    households: int
    entries: int
    redemptions: int
    gross: int
    minus: int
    redeemed: int
    spendable: int
    months: tuple[str, ...]


def figures(*, village_id: int) -> PointsFigures:
    """The village's households, entries by kind, sums and months, as stored."""
    sums = village_figures(village_id=village_id)
    kinds = dict(
        Entry.objects.filter(village_id=village_id)
        .order_by()
        .values_list("kind")
        .annotate(Count("pk"))
    )
    months = Month.objects.filter(village_id=village_id).order_by("month")
    return PointsFigures(
        households=Subject.objects.filter(
            village_id=village_id, kind=Subject.Kind.HOUSEHOLD
        ).count(),
        entries=kinds.get(Entry.Kind.AWARD, 0) + kinds.get(Entry.Kind.DEDUCTION, 0),
        redemptions=kinds.get(Entry.Kind.REDEMPTION, 0),
        gross=sums.gross,
        minus=sums.minus,
        redeemed=sums.redeemed,
        spendable=sums.spendable,
        months=tuple(months.values_list("month", flat=True)),
    )


def households_of(*, village_ids: Collection[int]) -> list[Household]:
    """Every household on file in these villages, closed ones too: a book may speak of them."""
    rows = Subject.objects.filter(
        village_id__in=village_ids, kind=Subject.Kind.HOUSEHOLD
    ).values_list("pk", "village_id", "unit__name", "number", "name")
    return [
        Household(
            key=household_key(village_id=village_id, group=group or "", number=number),
            group=group or "",
            number=number,
            head=head,
            pk=pk,
        )
        for pk, village_id, group, number, head in rows.order_by("pk")
    ]


def group_names(*, village_id: int) -> list[str]:
    """The villagers' groups of a village as they are called there."""
    groups = Unit.objects.filter(village_id=village_id, kind=Unit.Kind.GROUP)
    return list(groups.values_list("name", flat=True))


def standing(*, village_id: int, source_prefix: str) -> Standing:
    """What a workbook whose sources begin like this meets in a village."""
    months = Month.objects.filter(village_id=village_id).order_by("month")
    last, first_open = months.last(), months.filter(state=Month.State.OPEN).first()
    book = RuleBook.objects.filter(village_id=village_id, state=RuleBook.State.IN_FORCE).first()
    return Standing(
        from_file=Entry.objects.filter(
            village_id=village_id, source__startswith=source_prefix
        ).count(),
        last_month=last.month if last else "",
        open_month=first_open.month if first_open else "",
        rules_since=book.effective.lower if book and book.effective else None,
        rules_are_adopted=bool(book and book.origin == RuleBook.Origin.ADOPTED),
    )


def spendable_of(*, village_id: int) -> dict[int, int]:
    """Spendable points by household."""
    return dict(
        Balance.objects.filter(village_id=village_id).values_list("subject_id", "spendable")
    )


def transcribed_book(*, village_id: int, digest: str) -> RuleBook | None:
    """The rule book that was copied from the file of this digest."""
    return RuleBook.objects.filter(
        village_id=village_id,
        origin=RuleBook.Origin.TRANSCRIBED,
        transcribed_from__endswith=digest,
    ).first()


def items_by_code(*, rulebook_id: int) -> dict[str, int]:
    """The ids of a book's items by their code."""
    return dict(Item.objects.filter(rulebook_id=rulebook_id).values_list("code", "pk"))


def sources_with_words(*, village_id: int, source_prefix: str) -> set[str]:
    """Sources whose 经办人 and other words are kept already."""
    return set(
        TranscribedLine.objects.filter(
            village_id=village_id, source__startswith=source_prefix
        ).values_list("source", flat=True)
    )


def together(parts: Iterable[PointsFigures]) -> PointsFigures:
    """The sums of several villages."""
    every = list(parts)
    return PointsFigures(
        households=sum(part.households for part in every),
        entries=sum(part.entries for part in every),
        redemptions=sum(part.redemptions for part in every),
        gross=sum(part.gross for part in every),
        minus=sum(part.minus for part in every),
        redeemed=sum(part.redeemed for part in every),
        spendable=sum(part.spendable for part in every),
        months=tuple(sorted({month for part in every for month in part.months})),
    )
