"""Every unsafe route that refuses somebody logged in leaves exactly one event of it (B-24, I-30).

Denied are those without the action, and those with it for what lies in another township. Refused is
who may act but cannot: each act of `ACTS` is done again, when there is nothing left to be done.
"""

import json
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts.roles import ROLES
from tests.authorization.acts import ACTS
from tests.authorization.ground import Ground, lay_ground
from tests.authorization.owned import made_by
from tests.authorization.routes import Line, filled, table
from tests.factories import NOON
from trail.models import AuditEvent

OUTSIDERS = ("merchant", "no_post")
MONTHS = "staff/months/<month>/<slug>/"
# Doing it once more is refused, and why; any other act is done again, or changes nothing.
REFUSED_AGAIN = {
    ("api/v1/proposals/<pk>/decision/", "decide"): "already_decided",
    ("api/v1/proposals/<pk>/withdrawal/", "withdraw"): "already_decided",
    ("staff/proposals/<number>/", "agree"): "already_decided",
    ("staff/proposals/<number>/", "disagree"): "already_decided",
    ("staff/proposals/<number>/", "withdraw"): "already_decided",
    ("staff/households/add/", "open"): "number_taken",
    ("staff/households/<number>/acts/<act>/", "head"): "nothing_to_change",
    ("staff/households/<number>/acts/<act>/", "renumber"): "nothing_to_change",
    ("staff/households/<number>/people/<person>/<act>/", "edit"): "nothing_to_change",
    ("staff/postings/<posting_id>/end/", "end"): "posting_has_ended",
    ("staff/forms/add/", "pack"): "form_is_being_drafted",
    ("staff/forms/<number>/", "use"): "form_is_no_draft",
    ("staff/forms/<number>/", "retire"): "form_is_not_in_use",
    ("staff/forms/<number>/", "next"): "form_is_being_drafted",
    ("staff/rounds/add/", "add"): "round_title_taken",
    ("staff/rounds/<number>/", "open"): "round_is_no_draft",
    ("staff/rounds/<number>/", "close"): "round_is_not_open",
    ("staff/rounds/<number>/assign/<slug>/", "pass_on"): "nothing_chosen",
    ("staff/units/<number>/", "split"): "unit_name_taken",
    ("staff/rounds/<number>/checks/", "draw"): "nothing_to_check",
    ("staff/villages/<slug>/units/", "add"): "unit_name_taken",
    ("staff/records/<number>/return/", "return"): "not_to_return",
    ("staff/cards/<slug>/withdraw/<household>/", "withdraw"): "cards_have_changed",
    ("staff/cards/<slug>/issue/", "issue"): "already_answered",
    ("staff/import/<number>/confirm/", "start"): "not_now",
    ("staff/import/<number>/confirm/", "cancel"): "not_now",
    ("staff/import/<number>/done/", "undo"): "not_now",
    (f"{MONTHS}lock/", "agree"): "already_decided",
    (f"{MONTHS}lock/", "disagree"): "already_decided",
    (f"{MONTHS}notice/", "agree"): "not_a_draft",
    (f"{MONTHS}notice/", "disagree"): "already_decided",
    (f"{MONTHS}correct/", "agree"): "already_decided",
    (f"{MONTHS}correct/", "disagree"): "already_decided",
}
LEAST_DENIED = 40


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


def _lines() -> list[Line]:
    """The unsafe ones of people who work here, about things that there are."""
    return [
        line
        for line in table()
        if "POST" in line.methods and line.actions and line.address.startswith(("staff/", "api/"))
    ]


def _denied(line: Line) -> Iterator[tuple[str, str]]:
    """Who asks for it from where: one without the action, one for another township's."""
    shut = ("missing", "refused")
    yield next((who, "own") for who in OUTSIDERS if line.expected(who, "own") in shut)
    if line.where:
        roles = [who for who in sorted(ROLES) if line.expected(who, "own") not in shut]
        yield from [(who, "other") for who in roles if line.expected(who, "other") in shut][:1]


def test_b_24_every_denied_act_is_exactly_one_event(db):
    ground, wrong, asked = lay_ground(), [], 0
    colleague = ground.users["village_clerk"]
    for line in _lines():
        for who, where in _denied(line):
            place = ground.places[where]
            values = place.values(line.address)
            number = made_by(colleague, place.stage.village, address=line.address)
            if number:
                values["number"] = number
            body = dict(parse_qsl(filled(line.body, values), keep_blank_values=True))
            status, events = _asked(ground, who, "/" + filled(line.address, values), body)
            asked += 1
            if status not in (403, 404) or [what.partition(".")[0] for what in events] != [
                "denied"
            ]:
                wrong.append(f"/{line.address} {line.body} as {who}, {where}: {status}, {events}")
    assert asked >= LEAST_DENIED
    assert wrong == []


def test_b_24_every_refused_act_is_exactly_one_event(db):
    ground, again = lay_ground(), {}
    for address, acts in ACTS.items():
        for name, act in acts.items():
            with transaction.atomic():
                who, at, typed = act(ground)
                _post(ground, who, f"/{at}", typed)
                _status, events = _asked(ground, who, f"/{at}", typed)
                again[address, name] = events
                transaction.set_rollback(True)
            ground.places["own"].stage.home.refresh_from_db()
    refused = {act: events for act, events in again.items() if "refused." in " ".join(events)}
    assert refused == {act: [f"refused.{why}"] for act, why in REFUSED_AGAIN.items()}
    assert {act: events for act, events in again.items() if len(events) > 1} == {}


def _asked(ground: Ground, who: str, address: str, typed: dict) -> tuple[int, list[str]]:
    """The answer and the new events; nothing of it stays."""
    with transaction.atomic():
        # Showing the PIN is an event of its own.
        client = ground.visitor(who)
        last = AuditEvent.objects.latest("pk").pk
        answer = _sent(client, address, typed)
        events = AuditEvent.objects.filter(pk__gt=last).values_list("what", flat=True)
        told = answer.status_code, list(events)
        transaction.set_rollback(True)
    return told


def _post(ground: Ground, who: str, address: str, typed: dict) -> HttpResponse:
    return _sent(ground.visitor(who), address, typed)


def _sent(client: Client, address: str, typed: dict) -> HttpResponse:
    if not address.startswith("/api/"):
        return client.post(address, typed)
    return client.post(
        address, json.dumps(typed), content_type="application/json",
        headers={"Idempotency-Key": f"again-{AuditEvent.objects.count()}"},
    )  # fmt: skip
