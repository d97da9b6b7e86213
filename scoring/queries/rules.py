"""Reading rule books."""

import hashlib
import json
from datetime import date

from accounts.models import Proposal
from accounts.roles import Action
from scoring.models import Entry, Item, RuleBook
from trail.scope import Scope


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


def reference(book: RuleBook) -> str:
    """How proposals and the audit trail name a book; the database knows it by this name too."""
    return f"scoring.rulebook:{book.pk}"


def book_of(proposal: Proposal) -> RuleBook:
    """The book a proposal is about, inside the proposal's village."""
    return RuleBook.objects.select_related("village").get(
        pk=int(proposal.about.rpartition(":")[2]), village=proposal.village
    )


def digest_of(book: RuleBook) -> str:
    """SHA-256 over title, version and every line of the book in its order."""
    columns = (
        "category__name", "category__position", "code", "name", "list", "low", "high", "unit",
        "cap_period", "cap_times", "cap_points", "evidence", "route", "locked", "since",
    )  # fmt: skip
    lines = Item.objects.filter(rulebook=book).order_by("pk").values_list(*columns)
    facts = [book.title, book.version, [[str(value) for value in line] for line in lines]]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def lines_of(book: RuleBook) -> int:
    """How many lines the book has."""
    return Item.objects.filter(rulebook=book).count()


def submitted_within(scope: Scope, *, most: int) -> list[RuleBook]:
    """Books that were put before a meeting and are not in force, where one may ask for it."""
    found = RuleBook.objects.within(scope, Action.PROPOSE_ADOPTION).filter(
        state=RuleBook.State.SUBMITTED
    )
    return list(found.select_related("village")[:most])


def submitted(scope: Scope, *, slug: str, version: int) -> RuleBook | None:
    """The submitted book of this version, where one may ask for its adoption."""
    found = RuleBook.objects.within(scope, Action.PROPOSE_ADOPTION).filter(
        state=RuleBook.State.SUBMITTED, village__slug=slug, version=version
    )
    return found.select_related("village__township").first()
