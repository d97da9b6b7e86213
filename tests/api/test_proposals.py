"""Deciding by the API: once, by the second person, in one's own village (I-13, I-20, T-03)."""

import json

import pytest
from django.test import Client

from accounts.models import Proposal
from tests.api.stage import BASE, without_reference
from trail.models import AuditEvent

KEY = "from-a-phone-1"
REFUSE = {"decision": "refuse", "reason": "第三户记重了"}
# Every column of a proposal and a few of others: none of it is the sender's to say.
MASS = (
    "village", "village_id", "kind", "about", "content", "content_sha256", "proposed_by",
    "proposed_by_id", "decided_by", "decided_by_id", "decided_at", "consumed_at", "expires_at",
    "id", "state", "status", "is_staff", "balance", "seq", "hash", "approved_by",
)  # fmt: skip
BODIES = {
    "deep": b'{"decision":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "long": b'{"reason":"' + b"a" * 10_000_000 + b'"}',
    "same key twice": b'{"decision":"refuse","decision":"approve"}',
    "not a number": b'{"decision":NaN}',
    "infinite": b'{"decision":1e400}',
    "long number": b'{"decision":' + b"9" * 5_000 + b"}",
    "nul": b'{"decision":"refuse","reason":"a\\u0000b"}',
    "lone surrogate": b'{"decision":"refuse","reason":"a\\ud800b"}',
    "surrogate key": b'{"decision":"refuse","\\udfff":"b"}',
    "not utf-8": b'{"decision":"\xff\xfe"}',
    "a list": b'["refuse"]',
    "nothing": b"",
    "half": b'{"decision":',
}


@pytest.fixture
def waiting(world) -> Proposal:
    """Lin has asked to lock October."""
    world.office.review()
    world.office.act("lock/", world.office.lin, act="propose")
    return Proposal.objects.get()


def _send(client: Client, proposal, body, *, key: str = KEY, act: str = "decision", **more):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(
        f"{BASE}proposals/{proposal.pk}/{act}/",
        raw,
        content_type=more.pop("content_type", "application/json"),
        headers={"Idempotency-Key": key, **more},
    )


def _decided() -> int:
    return (
        AuditEvent.objects.filter(what__startswith="proposal.lock.")
        .exclude(what__endswith=".proposed")
        .count()
    )


def test_second_person_agrees_and_the_job_is_asked_for(world, waiting):
    answer = _send(world.office.wei, waiting, {"decision": "approve"})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["stage"], answer.json()["decided_by"]) == ("approved", "魏监督")
    jobs = world.office.wei.get(f"{BASE}jobs/").json()
    assert jobs["results"] == []  # supervision sees no jobs
    assert _decided() == 1


def test_same_key_and_body_get_the_same_reply_and_one_effect_i13(world, waiting):
    replies = [_send(world.office.wei, waiting, REFUSE) for _time in range(3)]
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.content for reply in replies}) == 1
    assert _decided() == 1


def test_refusal_is_repeated_too_i13(world, waiting):
    first = _send(world.office.wei, waiting, {"decision": "refuse"})
    assert (first.status_code, first.json()["code"]) == (422, "no_reason_given")
    assert _send(world.office.wei, waiting, {"decision": "refuse"}).content == first.content
    assert _decided() == 0
    # B-24: it was refused once, however often it was sent.
    assert AuditEvent.objects.filter(what="refused.no_reason_given").count() == 1


def test_same_key_with_another_body_is_refused_i13(world, waiting):
    _send(world.office.wei, waiting, REFUSE)
    answer = _send(world.office.wei, waiting, {"decision": "approve"})
    assert (answer.status_code, answer.json()["code"]) == (422, "other_body")
    assert _decided() == 1


@pytest.mark.parametrize("key", ["", "short", "x" * 81, "two words here", "编号编号编号编号"])
def test_key_is_needed(world, waiting, key):
    answer = world.office.wei.post(
        f"{BASE}proposals/{waiting.pk}/decision/",
        json.dumps(REFUSE),
        content_type="application/json",
        HTTP_IDEMPOTENCY_KEY=key,
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["Idempotency-Key"])
    assert _decided() == 0


def test_first_person_does_not_decide_but_takes_back_i20(world, waiting):
    assert _send(world.office.lin, waiting, REFUSE).status_code == 404
    answer = _send(
        world.office.lin, waiting, {"reason": "先核对"}, key="another-1", act="withdrawal"
    )
    assert (answer.status_code, answer.json()["stage"]) == (200, "withdrawn")
    late = _send(world.office.wei, waiting, REFUSE)
    assert (late.status_code, late.json()["code"]) == (409, "already_decided")


@pytest.mark.parametrize("act", ["decision", "withdrawal"])
def test_proposal_of_another_village_is_as_absent_as_none_t03(world, waiting, act):
    zhao = world.zhao.client
    answer = _send(zhao, waiting, REFUSE, act=act)
    waiting.pk += 1
    none = _send(zhao, waiting, REFUSE, act=act)
    assert (answer.status_code, none.status_code) == (404, 404)
    assert without_reference(answer.json()) == without_reference(none.json())
    assert world.zhao.rows("proposals/") == []
    assert _decided() == 0


@pytest.mark.parametrize("name", MASS)
def test_field_that_is_not_offered_is_refused(world, waiting, name):
    answer = _send(world.office.wei, waiting, {**REFUSE, name: 1})
    assert (answer.status_code, answer.json()["fields"]) == (400, {name: ["没有这一项。"]})
    assert _decided() == 0


@pytest.mark.parametrize("name", BODIES)
def test_body_that_is_no_request_is_refused_without_effect(world, waiting, name):
    answer = _send(world.office.wei, waiting, BODIES[name])
    assert answer.status_code in {400, 413}
    assert answer.json()["code"] in {"unreadable", "too_much", "invalid"}
    assert _decided() == 0


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/xml", ""],
)
def test_only_json_is_read(world, waiting, kind):
    answer = _send(world.office.wei, waiting, REFUSE, content_type=kind)
    assert answer.status_code in {400, 415}
    assert _decided() == 0


def test_post_without_the_token_of_the_session_is_refused(world, waiting):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.office.people["wei"])
    answer = _send(client, waiting, REFUSE)
    assert (answer.status_code, answer.json()["code"]) == (403, "token_missing")
    assert _decided() == 0


def test_method_in_a_header_decides_nothing(world, waiting):
    address = f"{BASE}proposals/{waiting.pk}/decision/"
    for name in ("X-HTTP-Method-Override", "X-Method-Override"):
        answer = world.office.wei.get(address, headers={name: "POST", "Idempotency-Key": KEY})
        assert answer.status_code == 405
    assert _decided() == 0
