"""Many at once: one record stays one, and two phones choose nothing silently (I-13, I-33, F-18)."""

import json
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from households.engine.merging import chosen, merge
from households.models import Assignment, CollectionRecord
from tests.factories import make_staff
from tests.households.collection_stage import BASE, Field, open_field, photo, sha_of
from tests.races import together

THREADS = 20


@pytest.fixture
def field(committed_db, settings) -> Field:
    settings.API_CALLS_OF_A_PERSON = 10**6
    return open_field()


def _send(client: Client, number: UUID, body: dict) -> tuple[int, bytes]:
    answer = client.put(
        f"{BASE}records/{number}/", json.dumps(body), content_type="application/json"
    )
    return answer.status_code, answer.content


def _client(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def test_i_13_twenty_at_once_are_one_record_and_one_receipt(field):
    number, body = uuid4(), field.body(consent=False)
    clients = [_client(field.hong) for _number in range(THREADS)]
    answers = together(*[lambda client=one: _send(client, number, body) for one in clients])
    assert sorted(status for status, _ in answers) == [200] * (THREADS - 1) + [201]
    assert len({content for _, content in answers}) == 1
    assert CollectionRecord.objects.count() == 1


def test_i_33_two_phones_of_one_household_leave_one_current_and_one_question(field):
    second = make_staff(name="孙采", role="collector", village=field.village)
    around = type(field.round).objects.get(pk=field.round.pk)
    around.pk, around.title = None, "补采"
    around.save()
    Assignment.objects.create(
        village=field.village, round=around, subject=field.home, collector=second.person,
        assigned_at=field.round.created_at,
    )  # fmt: skip
    bodies = [
        field.body(round=None, answers={"contracted": {"value": value}}) for value in ("3", "4")
    ]
    people = [_client(field.hong), _client(second)]
    numbers = [uuid4(), uuid4()]
    answers = together(
        *[
            lambda client=client, number=number, body=body: _send(client, number, body)
            for client, number, body in zip(people, numbers, bodies, strict=True)
        ]
    )
    states = sorted(json.loads(content)["state"] for _, content in answers)
    assert states == ["conflict", "received"]
    current = CollectionRecord.objects.get(is_current=True)
    waiting = CollectionRecord.objects.get(state="conflict")
    assert {current.answers["contracted"]["value"], waiting.answers["contracted"]["value"]} == {
        "3", "4",
    }  # fmt: skip


def test_a_photo_and_its_record_at_once_leave_nothing_waiting(field):
    content = photo()
    sha, number = sha_of(content), uuid4()
    body = field.body(answers={"contracted": {"value": "3"}, "roof": {"value": [sha]}})
    sending, uploading = _client(field.hong), _client(field.hong)

    def upload() -> int:
        return uploading.put(
            f"{BASE}attachments/{sha}/", content, content_type="application/octet-stream",
            headers={"Upload-Offset": "0", "Upload-Length": str(len(content))},
        ).status_code  # fmt: skip

    together(lambda: _send(sending, number, body), upload)
    with transaction.atomic():
        assert CollectionRecord.objects.get().state == "received"


VALUES = some.sampled_from([None, {"value": "1"}, {"value": "2"}, {"unsaid": "unclear"}])
ANSWERS = some.dictionaries(some.sampled_from("abcd"), VALUES.filter(bool), max_size=4)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(base=ANSWERS, theirs=ANSWERS, mine=ANSWERS)
def test_i_33_no_answer_is_lost_and_none_is_chosen(base, theirs, mine):
    """Every question says what one of the two said; where both changed it a person chooses."""
    together_ = merge(base, theirs, mine)
    hard = {clash.question for clash in together_.hard}
    for code in {*base, *theirs, *mine}:
        was, other, own = base.get(code), theirs.get(code), mine.get(code)
        assert (code in hard) == (own != other and own != was and other != was)
        if code not in hard:
            assert together_.answers.get(code) == (other if own == was else own)
    if hard:
        with pytest.raises(KeyError):
            chosen(together_, {})
    for side, said in (("mine", mine), ("theirs", theirs)):
        done = chosen(together_, dict.fromkeys(hard, side))
        assert all(done.get(code) == said.get(code) for code in hard)
