"""A household fills in its own form: after the PIN, or once through a link (自主申报)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from households.models import Assignment, CollectionRecord, Consent, ReportLink
from households.operations.cards import issue_card
from tests.factories import NOON, make_actor
from tests.households.collection_stage import BASE, Field, open_field
from trail.models import AuditEvent

RIGHT = {"contracted": "3.5", "crops": "小麦", "spoken_by": "self", "consent": "on"}


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def field(db) -> Field:
    return open_field()


@pytest.fixture
def card(field):
    return issue_card(subject=field.home, by=make_actor(), at=NOON)


@pytest.fixture
def phone(card) -> Client:
    client = Client()
    client.post(f"/h/{card.token}/verify/", {"pin": card.pin})
    return client


def _text(answer) -> str:
    return answer.content.decode()


def test_without_the_pin_nothing_is_asked(card, client):
    answer = client.get(f"/h/{card.token}/report/")
    assert (answer.status_code, answer["Location"]) == (302, f"/h/{card.token}/verify/")
    assert client.post(f"/h/{card.token}/report/", RIGHT).status_code == 302
    assert CollectionRecord.objects.count() == 0


def test_what_the_household_says_itself_is_the_file_and_its_task_is_done(field, card, phone):
    address = f"/h/{card.token}/report/"
    assert "承包地" in _text(phone.get(address))
    typed = {**RIGHT, "form": field.form.pk, "number": str(uuid4())}
    first = phone.post(address, typed)
    assert first.status_code == 302, _text(first)
    assert phone.post(address, typed)["Location"] == first["Location"]
    record = CollectionRecord.objects.get()
    assert (record.channel, record.collector, record.sent_by) == ("self", None, None)
    assert record.is_current
    assert Assignment.objects.get(subject=field.home).state == "done"
    assert Consent.objects.get().channel == "self"
    assert record.receipt in _text(phone.get(first["Location"]))
    assert 'value="3.5"' in _text(phone.get(address))
    event = AuditEvent.objects.get(what="collection.record_arrived")
    assert (event.actor, event.role) == ("拿户卡的人", "household")


def test_what_is_wrong_is_said_beside_its_question_and_nothing_is_kept(field, card, phone):
    address = f"/h/{card.token}/report/"
    answer = phone.post(address, {"form": field.form.pk, "contracted": "很多"})
    assert answer.status_code == 400
    for words in ("请填数字", "请选谁在填", "同意登记才能发送", "很多"):
        assert words in _text(answer), words
    assert CollectionRecord.objects.count() == 0


def test_without_a_round_the_page_says_so(field, card, phone):
    type(field.round).objects.update(state="closed")
    assert "现在没有要填的表" in _text(phone.get(f"/h/{card.token}/report/"))


def _link(field: Field, who: str = "hong", **more):
    body = {"subject": field.home.pk, "form": field.form.pk, "round": field.round.pk, **more}
    return field.as_(who).post(f"{BASE}links/", body, content_type="application/json")


def _path(answer) -> str:
    return "/h/once/" + answer.json()["address"].split("/h/once/")[1]


def test_a_link_is_used_once_and_shows_nothing_of_the_file(field, client):
    field.send("hong", answers={"contracted": {"value": "88.8"}})
    made = _link(field)
    assert made.status_code == 201, made.content
    path = _path(made)
    page = _text(client.get(path))
    assert "承包地" in page
    for told in ("88.8", "张三", "13812345678"):
        assert told not in page, told
    sent = client.post(path, {**RIGHT, "contracted": "88.8"})
    assert (sent.status_code, sent["Location"]) == (302, path)
    record = CollectionRecord.objects.get(channel="self")
    assert record.receipt in _text(client.get(path))
    client.post(path, {**RIGHT, "contracted": "1"})
    assert CollectionRecord.objects.filter(channel="self").count() == 1


def test_a_link_ends_after_seven_days_or_when_it_is_called_back(field, client, time_machine):
    first, second = _link(field), _link(field)
    number = second.json()["id"]
    assert field.as_("ming").post(f"{BASE}links/{number}/revoke/").status_code == 404
    assert field.as_("hong").post(f"{BASE}links/{number}/revoke/").status_code == 204
    for made in (first, second):
        time_machine.move_to(NOON + timedelta(days=7 if made is first else 0), tick=False)
        assert "这个链接不能用了" in _text(client.get(_path(made)))
        client.post(_path(made), RIGHT)
    assert CollectionRecord.objects.count() == 0


def test_only_who_has_the_task_makes_a_link_and_nobody_guesses_one(field, client):
    assert _link(field, "ming").json()["code"] == "not_assigned"
    assert ReportLink.objects.count() == 0
    statuses = [client.get(f"/h/once/{'0' * 25}{n % 10}/").status_code for n in range(12)]
    assert statuses[:10] == [404] * 10
    assert statuses[-1] == 429
