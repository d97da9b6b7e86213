"""I-13 in a race: one number of a request, twenty at once, one effect, one reply for all."""

import json
from collections import Counter

import pytest
from django.test import Client

from accounts.models import Proposal
from jobs.models import Job, Receipt
from tests.api.stage import BASE, World, open_world
from tests.desk.staff_stage import logged_in
from tests.factories import make_staff
from tests.races import begun_and_waiting, together, uncommitted, without_village_lock
from trail.models import AuditEvent

KEY = "from-a-phone-1"
AGREE, REFUSE = {"decision": "approve"}, {"decision": "refuse", "reason": "第三户记重了"}
DECIDED = ("proposal.lock.approved", "proposal.lock.refused")
AT_ONCE = 20
Reply = tuple[int, bytes]


@pytest.fixture
def site(committed_db) -> World:
    """Lin has asked to lock October; Wei may decide, and so may Tao."""
    world = open_world()
    world.office.review()
    world.office.act("lock/", world.office.lin, act="propose")
    return world


@pytest.fixture
def tao(site) -> Client:
    return logged_in(make_staff(name="陶监督", role="supervision_member", village=site.village))


def _send(of: Client, body: dict[str, str]) -> Reply:
    """From a device of its own, with the session of `of`."""
    device = Client(raise_request_exception=False)
    device.cookies = of.cookies
    answer = device.post(
        f"{BASE}proposals/{Proposal.objects.get().pk}/decision/",
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": KEY},
    )
    return answer.status_code, answer.content


def _decisions() -> int:
    return AuditEvent.objects.filter(what__in=DECIDED).count()


def test_i13_twenty_at_once_with_one_key_have_one_effect_and_one_reply(site):
    before = Job.objects.count()
    replies = together(*[lambda: _send(site.office.wei, AGREE)] * AT_ONCE)
    assert len(replies) == AT_ONCE
    assert len(set(replies)) == 1, Counter(replies)
    status, body = replies[0]
    assert (status, json.loads(body)["stage"]) == (200, "approved")
    assert (_decisions(), Job.objects.count() - before, Receipt.objects.count()) == (1, 1, 1)
    assert _send(site.office.wei, AGREE) == replies[0]


def test_i13_of_two_bodies_with_one_key_at_once_one_is_done_the_other_refused(site):
    wei = site.office.wei
    acts = [lambda body=body: _send(wei, body) for body in (AGREE, REFUSE)]
    replies = together(*acts * (AT_ONCE // 2))
    done = {reply for reply in replies if reply[0] == 200}
    refused = [json.loads(body)["code"] for status, body in replies if status == 422]
    assert len(done) == 1
    assert refused == ["other_body"] * (AT_ONCE // 2)
    assert (_decisions(), Receipt.objects.count()) == (1, 1)


def test_i13_the_key_of_another_person_is_an_unknown_one(site, tao):
    of_wei, of_tao = "wei", "tao"
    clients = {of_wei: site.office.wei, of_tao: tao}
    askers = [of_wei, of_tao] * (AT_ONCE // 2)
    replies = together(*[lambda who=who: _send(clients[who], REFUSE) for who in askers])
    own = {
        name: {reply for who, reply in zip(askers, replies, strict=True) if who == name}
        for name in clients
    }
    assert [len(own[name]) for name in clients] == [1, 1]
    statuses = sorted(status for name in clients for status, _body in own[name])
    assert statuses == [200, 409]
    assert (_decisions(), Receipt.objects.count()) == (1, 2)


def _second_before_the_first_commits(site: World) -> tuple[Reply, Reply]:
    with uncommitted(lambda: _send(site.office.wei, REFUSE)) as first:
        second = begun_and_waiting(lambda: _send(site.office.wei, REFUSE))
        assert second.is_alive(), second.answer
    return first.ended(), second.ended()


def test_i13_the_second_waits_for_the_reply_of_the_first(site):
    first, second = _second_before_the_first_commits(site)
    assert first[0] == 200
    assert second == first
    assert _decisions() == 1


def test_without_the_lock_the_second_gets_another_answer_but_still_no_effect(site, committed_db):
    without_village_lock(committed_db)
    first, second = _second_before_the_first_commits(site)
    assert first[0] == 200
    assert second != first
    assert (_decisions(), Receipt.objects.count()) == (1, 1)
