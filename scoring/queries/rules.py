"""Reading rule books."""

from datetime import date

from scoring.models import Entry, Item, RuleBook


def in_force(*, village_id: int, on: date) -> RuleBook | None:
    """The rule book of a village in force on a day, also one that was superseded since."""
    return (
        RuleBook.objects.filter(
            village_id=village_id,
            state__in=[RuleBook.State.IN_FORCE, RuleBook.State.SUPERSEDED],
            effective__contains=on,
        )
        .select_related("adoption")
        .first()
    )


def scored_since(*, village_id: int, book: RuleBook, on: date) -> bool:
    """Whether something that happened on that day or later was scored by this book."""
    return Entry.objects.filter(
        village_id=village_id,
        rulebook=book,
        occurred_on__gte=on,
        kind__in=[Entry.Kind.AWARD, Entry.Kind.DEDUCTION],
    ).exists()


def has_adopted(*, village_id: int) -> bool:
    """Whether the village has ever put rules in force by a meeting recorded here."""
    return RuleBook.objects.filter(
        village_id=village_id,
        origin=RuleBook.Origin.ADOPTED,
        state__in=[RuleBook.State.IN_FORCE, RuleBook.State.SUPERSEDED],
    ).exists()


def items_by_name(*, rulebook_id: int) -> dict[tuple[str, str], Item]:
    """The lines of a book by (category, name)."""
    items = Item.objects.filter(rulebook_id=rulebook_id).select_related("category")
    return {(item.category.name, item.name): item for item in items}
