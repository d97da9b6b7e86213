"""A village on show with a household that holds a card; for pages and browsers."""

from dataclasses import dataclass

from households.models import Subject
from households.operations import cards
from households.operations.cards import Card
from notices import operations as notices
from notices import queries as notice_queries
from scoring.models import Entry
from tests.factories import NOON
from tests.scoring.stage import Stage, set_stage
from trail.clock import business_date

NAME = "张小三"


@dataclass
class Carded:
    """The stage of the ledger with the card of its household."""

    stage: Stage
    card: Card

    @property
    def home(self) -> Subject:
        return self.stage.home

    @property
    def at(self) -> str:
        return f"/h/{self.card.token}/"


def _publish(stage: Stage, name: str) -> None:
    """Close the month and put its notice on show, as two persons do."""
    month = stage.close(name)
    notice = notice_queries.original(village_id=stage.village.pk, month=name, kind="points")
    proposal = notices.propose_publication(notice=notice, by=stage.clerk, at=NOON)
    notices.approve_publication(
        notice=notice, proposal=proposal, publish_on=business_date(NOON), by=stage.second, at=NOON
    )
    notices.publish(notice=notice, at=NOON)
    month.state = month.State.PUBLISHED
    month.save(update_fields=["state"])


def set_carded_stage(*, sealed: bool = True) -> Carded:
    """Awards, a deduction, a reversal, a redemption: October on show."""
    stage = set_stage()
    home = stage.home
    home.name, home.number = NAME, "027"
    home.publish_choice = Subject.PublishChoice.MASKED
    home.save()
    stage.village.phone = "0561-3900001"
    stage.village.save()
    stage.enter(37)
    wrong = stage.enter(19)
    stage.enter(-4, item="minus")
    stage.enter(3, item="kind")
    stage.post(stage.reversal(wrong))
    stage.post(stage.row(-6, kind=Entry.Kind.REDEMPTION, item=None))
    if sealed:
        _publish(stage, "2026-10")
    card = cards.issue_card(subject=home, by=stage.clerk, at=NOON)
    home.refresh_from_db()
    return Carded(stage, card)
