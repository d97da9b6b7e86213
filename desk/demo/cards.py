"""Two cards of the demo with a code and a PIN that everybody may know."""

from dataclasses import dataclass
from datetime import datetime

from households.operations.cards import Card, issue_demo_card
from households.queries.cards import household_with_card
from households.queries.subjects import subject_by_id
from scoring.queries.household_ledger import households_with_deductions
from trail.actor import Actor
from villages.models import Township
from villages.queries import villages_of

CARDS = (Card(token="DEM0CARD01", pin="202611"), Card(token="DEM0CARD02", pin="202612"))


@dataclass(frozen=True, slots=True)
class DemoCard:
    """A card of the demo, as it is printed."""

    path: str
    pin: str
    village: str


def hand_out(*, township: Township, by: Actor, at: datetime) -> None:
    """Give the cards to the first households of the township that have something to hide."""
    found = [
        subject_id
        for village in villages_of(township_id=township.pk)
        for subject_id in households_with_deductions(village_id=village.pk)
    ]
    for subject_id, card in zip(found, CARDS, strict=False):
        issue_demo_card(subject=subject_by_id(subject_id), card=card, by=by, at=at)


def handed_out() -> list[DemoCard]:
    """The cards that still open a household; none where there is no demo."""
    found = [(card, household_with_card(card.token)) for card in CARDS]
    return [
        DemoCard(path=f"/h/{card.token}/", pin=card.pin, village=subject.village.name)
        for card, subject in found
        if subject is not None
    ]
