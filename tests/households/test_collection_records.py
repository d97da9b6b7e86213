"""Records arrive exactly once, and nothing is chosen silently (I-13, I-33, F-18)."""

from uuid import uuid4

import pytest
from django.test import Client

from households.models import Assignment, CollectionRecord, Consent
from tests.factories import NOON
from tests.households.collection_stage import BASE, DEVICE, Field, open_field, photo, sha_of
from trail.models import AuditEvent
from villages.models import Posting


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def field(db) -> Field:
    return open_field()


def test_i_13_a_record_is_received_once_and_answered_alike_for_ever(field):
    number = uuid4()
    first = field.send("hong", number)
    assert first.status_code == 201, first.content
    assert first.json()["state"] == "received"
    assert len(first.json()["receipt"]) == 4
    Assignment.objects.all().delete()
    again = [field.send("hong", number) for _time in range(3)]
    assert {answer.status_code for answer in again} == {200}
    assert {answer.content for answer in again} == {first.content}
    assert CollectionRecord.objects.count() == 1
    assert AuditEvent.objects.filter(what="collection.record_arrived").count() == 1


def test_i_13_the_same_number_with_other_content_is_refused(field):
    number = uuid4()
    field.send("hong", number)
    other = field.send("hong", number, answers={"contracted": {"value": "9"}})
    assert (other.status_code, other.json()["code"]) == (409, "other_content")
    assert field.current().answers == {"contracted": {"value": "3.2"}}


def test_what_arrives_is_the_file_its_task_is_done_and_the_consent_stands(field):
    field.send("hong")
    task = Assignment.objects.get(subject=field.home)
    assert (task.state, task.done_at) == ("done", NOON)
    assert field.current().collector == field.hong.person
    consent = Consent.objects.get()
    assert (consent.purpose, consent.given_by, consent.channel) == ("file", "self", "home")
    field.send("hong", revision=1, consent=True)
    assert Consent.objects.count() == 1


def test_wrong_answers_are_named_and_nothing_is_kept(field):
    answer = field.send("hong", answers={"contracted": {"value": "很多"}, "faith": {"value": "1"}})
    assert answer.status_code == 422
    assert set(answer.json()["answers"]) == {"contracted", "faith"}
    assert CollectionRecord.objects.count() == 0


@pytest.mark.parametrize(
    "more",
    [
        {"outcome": "unreached"},
        {"outcome": "unreached", "outcome_reason": "锁门"},
        {"spoken_by": "on_behalf"},
        {"filled_at": "2026-12-01T09:30:00+08:00"},
        {"form": 999_999},
    ],
)
def test_a_saying_that_does_not_fit_is_refused_in_words(field, more):
    answer = field.send("hong", **more)
    assert answer.status_code == 422, answer.content
    assert CollectionRecord.objects.count() == 0


@pytest.mark.parametrize("base", [False, 7, "theirs", [["uuid"]]])
def test_a_record_on_top_of_what_is_no_record_is_refused_b18(field, base):
    answer = field.send("hong", base=base)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert "base" in answer.json()["fields"]
    assert field.current() is None


def test_nobody_met_is_said_and_the_task_waits(field):
    answer = field.send("hong", outcome="unreached", outcome_reason="锁门", answers={})
    assert answer.json()["state"] == "received"
    task = Assignment.objects.get(subject=field.home)
    assert (task.state, task.unreached_reason) == ("unreached", "锁门")
    assert field.current() is None


def test_only_who_has_the_task_sends(field):
    refused = field.send("ming")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_assigned")
    Posting.objects.filter(person=field.hong.person).update(to_on="2026-10-31")
    assert field.send("hong").status_code == 404


def test_different_questions_go_together_and_the_same_question_waits_i_33(field):
    field.assign(field.ming, field.home, purpose="check")
    Assignment.objects.filter(purpose="check").update(
        purpose="collect", round=_another_round(field)
    )
    base = field.send("hong").json()
    on = {"base": {"uuid": base["uuid"], "revision": 1}, "round": None}
    field.send("hong", **on, answers={"contracted": {"value": "3.2"}, "crops": {"value": "小麦"}})
    theirs = field.current()
    soft = field.send("ming", **on, answers={"contracted": {"value": "4"}})
    assert (soft.json()["state"], soft.json()["soft"]) == ("received", ["crops"])
    joined = field.current()
    assert joined.answers == {"contracted": {"value": "4"}, "crops": {"value": "小麦"}}
    assert (joined.base_id, joined.merged.answers) == (theirs.pk, {"contracted": {"value": "4"}})
    hard = field.send("hong", **on, answers={"contracted": {"value": "5"}}).json()
    assert (hard["state"], hard["receipt"]) == ("conflict", "")
    (clash,) = hard["conflict"]["clashes"]
    assert (clash["label"], clash["theirs"], clash["mine"]) == (
        "承包地", {"value": "4"}, {"value": "5"},
    )  # fmt: skip
    assert field.current() == joined


def _another_round(field: Field):
    made = type(field.round).objects.get(pk=field.round.pk)
    made.pk, made.title = None, "补采"
    made.save()
    return made


def test_a_choice_on_the_phone_is_a_new_revision_on_top_of_theirs_f_18(field):
    field.send("hong")
    number = uuid4()
    clash = field.send("hong", number, answers={"contracted": {"value": "8"}}).json()
    assert clash["state"] == "conflict"
    chosen = field.send(
        "hong", number, revision=2, base=clash["conflict"]["base"],
        answers={"contracted": {"value": "8"}},
    )  # fmt: skip
    assert chosen.json()["state"] == "received"
    assert field.current().answers == {"contracted": {"value": "8"}}
    states = CollectionRecord.objects.filter(uuid=number).values_list("revision", "state")
    assert sorted(states) == [(1, "received"), (2, "received")]
    assert CollectionRecord.objects.count() == 3


def test_a_record_waits_for_its_photos_and_no_longer(field):
    roof = photo()
    number = uuid4()
    more = {"answers": {"contracted": {"value": "3"}, "roof": {"value": [sha_of(roof)]}}}
    first = field.send("hong", number, **more).json()
    assert (first["state"], first["missing"]) == ("partial", [sha_of(roof)])
    assert field.current() is None
    assert Assignment.objects.get(subject=field.home).state == "started"
    stored = field.upload("hong", roof)
    assert stored.json()["state"] == "stored", stored.content
    told = field.as_("hong").get(f"{BASE}records/?uuid={number}").json()["records"]
    assert [(one["state"], one["missing"]) for one in told] == [("received", [])]
    assert field.current().uuid == number
    assert Assignment.objects.get(subject=field.home).state == "done"


def test_a_record_is_taken_back_until_it_was_opened(field):
    field.send("hong")
    before = field.current()
    number = uuid4()
    field.send(
        "hong", number, base={"uuid": str(before.uuid), "revision": 1},
        answers={"contracted": {"value": "7"}},
    )  # fmt: skip
    assert field.current().uuid == number
    assert field.as_("ming").post(f"{BASE}records/{number}/recall/").status_code == 404
    taken = field.as_("hong").post(f"{BASE}records/{number}/recall/")
    assert (taken.status_code, taken.json()["state"]) == (200, "recalled")
    assert field.current() == before
    CollectionRecord.objects.update(opened_at=NOON)
    late = field.as_("hong").post(f"{BASE}records/{before.uuid}/recall/")
    assert (late.status_code, late.json()["code"]) == (409, "record_was_opened")


def test_the_bundle_has_the_own_households_and_no_other(field):
    field.send("hong")
    bundle = field.bundle("hong").json()
    (home,) = bundle["households"]
    assert (home["id"], home["number"], home["assignment"]["state"]) == (
        field.home.pk, "027", "done",
    )  # fmt: skip
    assert home["members"][0]["phone"] == "138****5678"
    assert home["current"]["household"]["answers"] == {"contracted": {"value": "3.2"}}
    assert [form["id"] for form in bundle["forms"]] == [field.form.pk]
    other = field.bundle("ming").json()
    assert [row["number"] for row in other["households"]] == ["028"]
    assert bundle["store_key"] != other["store_key"]
    again = field.bundle("hong").json()
    assert again["store_key"] == bundle["store_key"]


def test_practice_is_checked_and_written_nowhere(field):
    before = AuditEvent.objects.count()
    right = {"form": field.form.pk, "answers": {"contracted": {"value": "1"}}}
    address = f"{BASE}practice/"
    client = field.as_("hong")
    answer = client.post(address, right, content_type="application/json")
    assert (answer.status_code, answer.json()["receipt"]) == (200, "练习")
    wrong = {**right, "answers": {}}
    refused = client.post(address, wrong, content_type="application/json")
    assert (refused.status_code, list(refused.json()["answers"])) == (422, ["contracted"])
    assert CollectionRecord.objects.count() == 0
    assert AuditEvent.objects.exclude(what__startswith="refused").count() == before


def test_a_household_begun_on_another_phone_says_by_whom(field):
    other = "22222222-2222-4222-8222-222222222222"
    draft = {
        "uuid": str(uuid4()), "subject": field.home.pk, "state": "draft",
        "changed_at": "2026-10-31T09:00:00+08:00",
    }  # fmt: skip

    def tell(who: str, device: str) -> None:
        told = {"device": device, "label": "小米", "drafts": [draft]}
        field.as_(who).post(f"{BASE}phone/", told, content_type="application/json")

    assert field.bundle("hong").json()["households"][0]["begun"] is None
    tell("hong", DEVICE)
    assert field.bundle("hong").json()["households"][0]["begun"] is None
    tell("hong", other)
    begun = field.bundle("hong").json()["households"][0]["begun"]
    assert begun == {"by": "李红", "at": draft["changed_at"]}
    tell("ming", DEVICE)
    assert field.bundle("hong").json()["households"][0]["begun"]["by"] == "赵明"
    field.send("hong", draft["uuid"])
    assert field.bundle("hong").json()["households"][0]["begun"] is None
    # Of a household that is no task of one's own nothing is said.
    assert field.bundle("ming").json()["households"][0]["begun"] is None


def test_a_lost_phone_is_told_so_and_sends_nothing(field):
    device = field.body()["device"]
    told = {"device": device, "label": "小米", "drafts": []}
    address, client = f"{BASE}phone/", field.as_("hong")
    assert client.post(address, told, content_type="application/json").json() == {"revoked": False}
    field.hong.person.phones.update(revoked_at=NOON)
    assert client.post(address, told, content_type="application/json").json() == {"revoked": True}
    answer = field.send("hong")
    assert (answer.status_code, answer.json()["code"]) == (403, "phone_revoked")
    assert CollectionRecord.objects.count() == 0


def test_t_25_a_lost_phone_gets_neither_bundle_nor_key_nor_anything_else(field):
    device = {"Collection-Device": DEVICE}
    told = {"device": DEVICE, "label": "小米", "drafts": []}
    field.as_("hong").post(f"{BASE}phone/", told, content_type="application/json", headers=device)
    assert "store_key" in field.bundle("hong").json()
    field.hong.person.phones.update(revoked_at=NOON)
    for address in ("bundle/", "records/", f"attachments/{'0' * 64}/"):
        answer = field.as_("hong").get(f"{BASE}{address}", headers=device)
        assert (answer.status_code, answer.json()["code"]) == (403, "phone_revoked"), address
        assert "store_key" not in answer.json()
    # It is asked for by whom it is, and another person's phone is another one.
    assert field.as_("hong").get(f"{BASE}bundle/").status_code == 400
    wrong = field.as_("hong").get(f"{BASE}bundle/", headers={"Collection-Device": "x"})
    assert wrong.status_code == 400
    assert field.bundle("ming").status_code == 200
    # Also when nobody is logged in on it any more, half an hour after its last use.
    alone = Client().get(f"{BASE}bundle/", headers=device)
    assert (alone.status_code, alone.json()["code"]) == (403, "phone_revoked")
    unknown = Client().get(f"{BASE}bundle/", headers={"Collection-Device": str(uuid4())})
    assert (unknown.status_code, unknown.json()["code"]) == (401, "not_logged_in")
    wrong = Client().get(f"{BASE}bundle/", headers={"Collection-Device": "x"})
    assert wrong.status_code == 401
    field.hong.person.phones.update(revoked_at=None)
    assert Client().get(f"{BASE}bundle/", headers=device).status_code == 401
    assert field.bundle("hong").status_code == 200


def test_nobody_else_finds_the_api(field, client):
    assert client.get(f"{BASE}bundle/").status_code == 401
    for name in ("phone", "practice"):
        assert client.post(f"{BASE}{name}/").status_code == 401
