"""The rows programs read: each within a scope, with what a line of it names."""

from scoring.models import Balance, Entry, Item, Month, RuleBook
from trail.scope import Scope, ScopedQuerySet


def entries_within(scope: Scope, action: str) -> ScopedQuerySet[Entry]:
    """Entries with village, category and item, the newest first."""
    found = Entry.objects.within(scope, action).select_related("village", "category", "item")
    return found.order_by("-pk")


def balances_within(scope: Scope, action: str) -> ScopedQuerySet[Balance]:
    """Balances with village and subject."""
    found = Balance.objects.within(scope, action).select_related("village", "subject__unit")
    return found.order_by("village_id", "subject_id")


def month_rows_within(scope: Scope, action: str) -> ScopedQuerySet[Month]:
    """Months with village and seal, the newest first."""
    found = Month.objects.within(scope, action).select_related("village", "seal")
    return found.order_by("-month", "village_id")


def rule_books_within(scope: Scope, action: str) -> ScopedQuerySet[RuleBook]:
    """Rule books of villages with their adoptions, the newest first."""
    found = RuleBook.objects.within(scope, action).select_related("village", "adoption")
    return found.order_by("-pk")


def items_within(scope: Scope, action: str) -> ScopedQuerySet[Item]:
    """Lines of those rule books with their categories."""
    found = Item.objects.within(scope, action).select_related("village", "category")
    return found.order_by("rulebook_id", "pk")
