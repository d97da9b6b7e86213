"""Clerks read what was collected, return it, choose between two, and read in a phone's file."""

import base64
import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.models import CollectionRecord, CollectorPhone
from tests.factories import NOON, make_household, make_staff, make_village
from tests.households.collection_stage import BASE, Field, open_field, photo, sha_of
from trail.models import AuditEvent


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def field(db) -> Field:
    return open_field()


def _record(field: Field, **more) -> CollectionRecord:
    number = uuid4()
    field.send("hong", number, **more)
    return CollectionRecord.objects.get(uuid=number)


def _text(answer) -> str:
    return answer.content.decode()


def test_the_list_is_filtered_and_asks_as_often_for_three_as_for_thirty(field):
    clerk = field.as_("clerk")
    for _time in range(3):
        _record(field, outcome="unreached", outcome_reason="锁门", answers={})
    clerk.get("/staff/records/")
    with CaptureQueriesContext(connection) as few:
        assert _text(clerk.get("/staff/records/")).count('class="task"') == 3
    for _time in range(27):
        _record(field, outcome="unreached", outcome_reason="锁门", answers={})
    with CaptureQueriesContext(connection) as many:
        assert _text(clerk.get("/staff/records/")).count('class="task"') == 30
    assert len(many) == len(few)
    assert "没有这样的记录" in _text(clerk.get("/staff/records/?state=conflict"))
    collector = field.hong.person_id
    assert "027户 张三" in _text(clerk.get(f"/staff/records/?collector={collector}&state=received"))


def test_one_record_is_read_in_words_and_opened_once(field):
    before = _record(field)
    record = _record(
        field,
        base={"uuid": str(before.uuid), "revision": 1},
        answers={"contracted": {"value": "4.5"}, "head": {"value": field.member.pk}},
    )
    clerk = field.as_("clerk")
    text = _text(clerk.get(f"/staff/records/{record.pk}/"))
    assert "4.5亩" in text
    assert "原来：3.2亩" in text
    assert "张三" in text
    clerk.get(f"/staff/records/{record.pk}/")
    assert AuditEvent.objects.filter(what="collection.record_opened").count() == 1
    late = field.as_("hong").post(f"{BASE}records/{record.uuid}/recall/")
    assert late.json()["code"] == "record_was_opened"


def test_what_is_returned_leaves_the_file_and_says_why(field):
    before = _record(field)
    record = _record(
        field,
        base={"uuid": str(before.uuid), "revision": 1},
        answers={"contracted": {"value": "45"}},
    )
    clerk = field.as_("clerk")
    address = f"/staff/records/{record.pk}/return/"
    assert clerk.post(address, {"reason": " "}).status_code == 400
    assert clerk.post(address, {"reason": "亩数多了一位"}).status_code == 302
    assert field.current() == before
    told = field.as_("hong").get(f"{BASE}records/?uuid={record.uuid}").json()["records"]
    assert [(one["state"], one["reason"]) for one in told] == [("returned", "亩数多了一位")]
    again = field.send("hong", record.uuid, revision=2, answers={"contracted": {"value": "4.5"}},
                       base={"uuid": str(before.uuid), "revision": 1})  # fmt: skip
    assert again.json()["state"] == "received"
    assert field.current().answers["contracted"] == {"value": "4.5"}


def test_f_18_each_question_needs_a_choice_and_both_answers_stay(field):
    theirs = _record(field, answers={"contracted": {"value": "3"}, "crops": {"value": "稻"}})
    mine = _record(field, answers={"contracted": {"value": "9"}, "crops": {"value": "麦"}})
    assert mine.state == "conflict"
    clerk, address = field.as_("clerk"), f"/staff/records/{mine.pk}/choose/"
    page = _text(clerk.get(address))
    assert "checked" not in page.replace("unchecked", "")
    half = clerk.post(address, {"q_contracted": "mine"})
    assert half.status_code == 400
    assert field.current() == theirs
    both = {"q_contracted": "mine", "q_crops": "theirs"}
    unsaid = clerk.post(address, {**both, "reason": " "})
    assert (unsaid.status_code, field.current()) == (400, theirs)
    assert "请写一句为什么这样选" in _text(unsaid)
    done = clerk.post(address, {**both, "reason": "打电话问过张三"})
    assert done.status_code == 302
    made = field.current()
    assert made.answers == {"contracted": {"value": "9"}, "crops": {"value": "稻"}}
    assert (made.merged_id, made.base_id) == (mine.pk, theirs.pk)
    mine.refresh_from_db()
    assert (mine.state, mine.answers["contracted"]) == ("received", {"value": "9"})
    assert "打电话问过张三" in _text(clerk.get(f"/staff/records/{made.pk}/"))
    assert "为什么这样选：打电话问过张三" in _text(clerk.get(f"/staff/records/{mine.pk}/"))


def test_a_photo_is_shown_as_a_copy_and_the_original_only_to_few(field):
    content = photo(size=(400, 300))
    answers = {"contracted": {"value": "1"}, "roof": {"value": [sha_of(content)]}}
    record = _record(field, answers=answers)
    field.upload("hong", content)
    page = _text(field.as_("clerk").get(f"/staff/records/{record.pk}/"))
    number = page.split("/staff/files/")[1].split("/")[0]
    shown = field.as_("clerk").get(f"/staff/files/{number}/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "filename=" in shown["Content-Disposition"]
    assert b"Exif" not in shown.content
    whole = field.as_("clerk").post(f"/staff/files/{number}/original/")
    assert (whole.content, whole["Content-Disposition"][:10]) == (content, "attachment")
    assert AuditEvent.objects.filter(what="attachment.original_read").count() == 1
    field.watch = make_staff(name="魏监督", role="supervision_member", village=field.village)
    assert field.as_("watch").get(f"/staff/files/{number}/").status_code == 200
    assert field.as_("watch").post(f"/staff/files/{number}/original/").status_code == 404
    elsewhere = make_village(township=field.township, number=201, name="刘庄村")
    field.far = make_staff(name="外村", role="village_clerk", village=elsewhere)
    for who in ("far", "hong"):
        assert field.as_(who).get(f"/staff/files/{number}/").status_code == 404
        assert field.as_(who).get(f"/staff/records/{record.pk}/").status_code == 404


def test_a_lost_phone_is_stopped_and_its_unsent_files_are_named(field):
    device = field.body()["device"]
    draft = {
        "uuid": str(uuid4()), "subject": field.home.pk, "state": "queued",
        "changed_at": "2026-11-01T09:00:00+08:00",
    }  # fmt: skip
    told = {"device": device, "label": "小米", "drafts": [draft]}
    field.as_("hong").post(f"{BASE}phone/", told, content_type="application/json")
    clerk, phone = field.as_("clerk"), CollectorPhone.objects.get()
    assert "027户 张三（待发送）" in _text(clerk.get("/staff/phones/"))
    assert clerk.post(f"/staff/phones/{phone.pk}/revoke/").status_code == 302
    text = _text(clerk.get("/staff/phones/"))
    assert "已停用" in text
    assert "027户 张三（待发送）" in text
    assert field.send("hong").json()["code"] == "phone_revoked"


def test_a_phone_that_was_found_is_put_back_in_use_once(field):
    told = {"device": field.body()["device"], "label": "小米", "drafts": []}
    field.as_("hong").post(f"{BASE}phone/", told, content_type="application/json")
    clerk, phone = field.as_("clerk"), CollectorPhone.objects.get()
    clerk.post(f"/staff/phones/{phone.pk}/revoke/")
    assert "恢复使用李红的这部手机" in _text(clerk.get("/staff/phones/"))
    for _time in range(2):
        assert clerk.post(f"/staff/phones/{phone.pk}/restore/").status_code == 302
    assert field.bundle("hong").status_code == 200
    assert field.send("hong").status_code == 201
    assert AuditEvent.objects.filter(what="collection.phone_restored").count() == 1


def _file(field: Field, *records, photos=None) -> SimpleUploadedFile:
    content = {
        "format": 1, "person": {"id": field.hong.person_id, "name": "李红"},
        "device": field.body()["device"], "exported_at": "2026-11-01T09:00:00Z",
        "records": list(records), "visits": [], "photos": photos or {},
    }  # fmt: skip
    return SimpleUploadedFile("collection.json", json.dumps(content).encode())


def test_a_phones_file_is_read_in_and_each_record_has_its_own_answer(field):
    content = photo()
    answers = {"contracted": {"value": "1"}, "roof": {"value": [sha_of(content)]}}
    far = make_household(village=make_village(township=field.township, number=201, name="刘庄村"))
    good = {"uuid": str(uuid4()), "state": "queued", **field.body(answers=answers)}
    file = _file(
        field,
        good,
        {"uuid": str(uuid4()), "state": "queued", **field.body(answers={})},
        {"uuid": str(uuid4()), "state": "draft", **field.body()},
        {"uuid": str(uuid4()), "state": "queued", **field.body(subject=far.pk)},
        {"uuid": str(uuid4()), "state": "queued", **field.body(subject=field.other_home.pk)},
        {"uuid": "x", "answers": []},
        photos={sha_of(content): base64.b64encode(content).decode()},
    )
    page = _text(field.as_("clerk").post("/staff/records/import/", {"file": file}))
    for words in ("收到了", "请填承包地", "还是草稿", "不是您管的村", "没有派给您", "读不懂"):
        assert words in page, words
    made = CollectionRecord.objects.get()
    assert (made.state, made.collector, made.sent_by) == (
        "received", field.hong.person, field.clerk,
    )  # fmt: skip
    again = _text(field.as_("clerk").post("/staff/records/import/", {"file": _file(field, good)}))
    assert "以前已经收到" in again
    assert CollectionRecord.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[1]", b"{" * 5_000, b'{"format":1}'])
def test_what_is_no_phones_file_is_refused_in_words(field, content):
    file = SimpleUploadedFile("x.json", content)
    answer = field.as_("clerk").post("/staff/records/import/", {"file": file})
    assert answer.status_code == 400
    assert "这不是手机导出的采集文件" in _text(answer)
