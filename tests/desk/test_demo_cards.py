from desk.demo import cards
from households.operations.cards import open_with_pin
from households.queries.cards import household_with_card
from tests.desk.household_stage import set_carded_stage
from tests.factories import NOON, make_household
from trail.actor import Actor

BY = Actor.system("manage.py load_demo")


def test_the_demo_cards_open_households_with_a_deduction(db, settings):
    settings.DEMO = True
    stage = set_carded_stage().stage
    other = make_household(village=stage.village)
    make_household(village=stage.village)
    stage.enter(-2, item="minus", home=other)
    assert cards.handed_out() == []
    cards.hand_out(township=stage.village.township, by=BY, at=NOON)
    found = [household_with_card(card.token) for card in cards.CARDS]
    assert found == [stage.home, other]
    for subject, card in zip(found, cards.CARDS, strict=True):
        open_with_pin(subject=subject, pin=card.pin, network="192.0.2.7", by=BY, at=NOON)
    assert [(card.path, card.pin) for card in cards.handed_out()] == [
        ("/h/DEM0CARD01/", "202611"),
        ("/h/DEM0CARD02/", "202612"),
    ]
