"""A card that was lost is taken back on its page, and a new one may follow."""

import pytest

from households.models import Subject
from households.operations.cards import issue_card
from tests.desk.staff_stage import open_office
from tests.factories import NOON
from trail.models import AuditEvent


@pytest.fixture
def office(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    office = open_office()
    office.card = issue_card(subject=office.stage.home, by=office.stage.clerk, at=NOON)
    return office


def page_of(office, household: Subject | None = None) -> str:
    number = (household or office.stage.home).pk
    return f"/staff/cards/{office.stage.village.slug}/withdraw/{number}/"


def seen(office) -> str:
    text = office.lin.get(page_of(office)).content.decode()
    return text.split('name="seen" value="')[1].split('"')[0]


def card(office) -> tuple:
    home = Subject.objects.get(pk=office.stage.home.pk)
    return home.qr_token, home.pin_hash, home.card_issued_at


def test_t29_a_withdrawn_card_opens_nothing_and_a_new_one_may_follow(office, client):
    address = f"/h/{office.card.token}/"
    assert client.get(address).status_code == 200
    assert page_of(office) in office.lin.get(page_of(office).split("withdraw")[0]).content.decode()
    answer = office.lin.post(page_of(office), {"seen": seen(office)}, follow=True)
    assert "这户现在没有卡" in answer.content.decode()
    assert f"check/?household={office.stage.home.pk}" in answer.content.decode()
    assert client.get(address).status_code == 404
    token, pin_hash, issued_at = card(office)
    assert (token != office.card.token, pin_hash, issued_at) == (True, "", None)
    event = AuditEvent.objects.get(what="households.card_withdrawn")
    assert event.person_id == office.people["lin"].person_id
    assert office.card.token not in str(event.detail)


def test_looking_withdraws_nothing(office):
    before = card(office)
    assert "收回这张卡" in office.lin.get(page_of(office)).content.decode()
    assert card(office) == before


def test_a_card_handed_out_since_is_not_withdrawn(office):
    old = seen(office)
    issue_card(subject=office.stage.home, by=office.stage.clerk, at=NOON)
    before = card(office)
    answer = office.lin.post(page_of(office), {"seen": old}, follow=True)
    assert "这户刚换过卡，请再看一遍" in answer.content.decode()
    assert card(office) == before


def test_pressed_twice_it_is_withdrawn_once(office):
    fields = {"seen": seen(office)}
    for _press in range(2):
        office.lin.post(page_of(office), fields)
    assert AuditEvent.objects.filter(what="households.card_withdrawn").count() == 1


def test_who_may_not_finds_no_such_page(office):
    before, strange = card(office), office.neighbour.home
    for who, path in (
        (office.wei, page_of(office)),
        (office.zhao, page_of(office)),
        (office.lin, page_of(office, strange)),
    ):
        assert who.get(path).status_code == 404
        assert who.post(path, {"seen": "x"}).status_code == 404
    assert card(office) == before
