from scoring.models.corrections import Correction
from scoring.models.ledger import (
    Balance,
    Entry,
    LedgerState,
    MonthlyTotal,
    Seal,
    TranscribedLine,
)
from scoring.models.months import Hold, Month
from scoring.models.noticed import NoticedHouseholds
from scoring.models.ratings import Decision, Rating, StarScheme, Veto
from scoring.models.rulebooks import Adoption, Category, Item, RuleBook

__all__ = [
    "Adoption",
    "Balance",
    "Category",
    "Correction",
    "Decision",
    "Entry",
    "Hold",
    "Item",
    "LedgerState",
    "Month",
    "MonthlyTotal",
    "NoticedHouseholds",
    "Rating",
    "RuleBook",
    "Seal",
    "StarScheme",
    "TranscribedLine",
    "Veto",
]
