"""Visits from phones: once each, of one's own households, with photos if there are any."""

import base64
import json
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from files.models import Attachment
from households.models import Visit, VisitDuty
from tests.factories import NOON, make_household, make_posting, make_staff, make_village
from tests.households.collection_stage import BASE, DEVICE, Field, open_field, photo, sha_of
from trail.models import AuditEvent


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def field(db) -> Field:
    """Hong calls on the household `home` each month."""
    made = open_field()
    VisitDuty.objects.create(
        village=made.village, subject=made.home, person=made.hong.person, kind="contact",
        from_on=date(2026, 1, 1),
    )  # fmt: skip
    return made


def visit(field: Field, **more) -> dict[str, object]:
    return {
        "subject": field.home.pk, "kind": "contact", "visited_on": "2026-11-01", "channel": "home",
        "changed": False, "note": "", "attachments": [], **more,
    }  # fmt: skip


def put(field: Field, who: str, number: UUID, **more) -> HttpResponse:
    return field.as_(who).put(
        f"{BASE}visits/{number}/",
        json.dumps(visit(field, **more)),
        content_type="application/json",
    )


def _text(answer) -> str:
    return answer.content.decode()


def test_i13_a_visit_is_written_down_once_and_only_of_ones_own_household(field):
    number = uuid4()
    for _time in range(2):
        answer = put(field, "hong", number)
        assert answer.json() == {"uuid": str(number), "state": "received", "missing": []}
    assert put(field, "hong", number, note="别的").json()["code"] == "visit_told_otherwise"
    assert put(field, "hong", uuid4(), subject=field.other_home.pk).status_code == 404
    assert put(field, "ming", uuid4()).status_code == 404
    assert Visit.objects.count() == 1


def test_a_visit_with_photos_is_received_when_each_of_them_is_there(field):
    first, second = photo(size=(64, 48)), photo(size=(48, 64))
    number, shas = uuid4(), [sha_of(first), sha_of(second)]
    begun = put(field, "hong", number, attachments=shas).json()
    assert (begun["state"], begun["missing"]) == ("partial", shas)
    assert field.upload("hong", first).json()["state"] == "stored"
    assert put(field, "hong", number, attachments=shas).json()["missing"] == shas[1:]
    assert field.upload("hong", second).json()["state"] == "stored"
    assert put(field, "hong", number, attachments=shas).json()["state"] == "received"
    assert Visit.objects.get().attachments == shas
    assert AuditEvent.objects.filter(what="visits.recorded").count() == 1


def test_of_several_villages_a_visits_photo_belongs_to_the_one_it_was_made_in(field):
    other = make_village(township=field.township, number=201, name="刘庄村")
    make_household(village=other)
    field.two = make_staff(name="周巡", role="collector", village=field.village)
    make_posting(person=field.two.person, role="collector", village=other)
    VisitDuty.objects.create(
        village=field.village, subject=field.other_home, person=field.two.person, kind="contact",
        from_on=date(2026, 1, 1),
    )  # fmt: skip
    content = photo()
    assert field.upload("two", content).json()["code"] == "record_first"
    told = {"subject": field.other_home.pk, "attachments": [sha_of(content)]}
    assert put(field, "two", uuid4(), **told).json()["state"] == "partial"
    assert field.upload("two", content).json()["state"] == "stored"
    assert Attachment.objects.get().village_id == field.village.pk


def test_a_visit_on_the_last_day_of_an_inspection_arrives_the_day_after(field):
    VisitDuty.objects.create(
        village=field.village, subject=field.home, person=field.hong.person, kind="inspection",
        from_on=date(2026, 10, 1), to_on=date(2026, 10, 31),
    )  # fmt: skip
    late = {"kind": "inspection", "visited_on": "2026-10-31"}
    assert put(field, "hong", uuid4(), **late).json()["state"] == "received"
    assert put(field, "hong", uuid4(), kind="inspection").status_code == 404


def test_photos_of_a_visit_are_shown_to_who_checks_and_to_nobody_else(field):
    content = photo(size=(400, 300))
    put(field, "hong", uuid4(), attachments=[sha_of(content), "0" * 64], changed=True, note="添丁")
    field.upload("hong", content)
    made, stored = Visit.objects.get(), Attachment.objects.get()
    address = f"/staff/visits/{made.pk}/"
    page = _text(field.as_("clerk").get(address))
    for words in ("李红", "添丁", f"/staff/files/{stored.pk}/", "还有 1 张在采集员的手机里"):
        assert words in page, words
    file = _text(field.as_("clerk").get(f"/staff/households/{field.home.pk}/"))
    assert address in file
    assert "照片2张" in file
    elsewhere = make_village(township=field.township, number=201, name="刘庄村")
    field.far = make_staff(name="外村", role="village_clerk", village=elsewhere)
    for who in ("far", "hong"):
        assert field.as_(who).get(address).status_code == 404
        assert field.as_(who).get(f"/staff/files/{stored.pk}/").status_code == 404


# --- the exported file of a phone, read in by a clerk ---------------------------------------------
def bring_in(field: Field, *visits: dict[str, object], **photos: str) -> str:
    content = {
        "format": 1, "person": {"id": field.hong.person_id, "name": "李红"}, "device": DEVICE,
        "exported_at": "2026-11-01T09:00:00Z", "records": [], "visits": list(visits),
        "photos": photos,
    }  # fmt: skip
    file = SimpleUploadedFile("collection.json", json.dumps(content).encode())
    return _text(field.as_("clerk").post("/staff/records/import/", {"file": file}))


def test_visits_of_a_phones_file_are_read_in_once_each_with_their_photos(field):
    content = photo()
    good = {"uuid": str(uuid4()), "state": "queued", **visit(field, attachments=[sha_of(content)])}
    packed = {sha_of(content): base64.b64encode(content).decode()}
    page = bring_in(field, good, **packed)
    assert "文件里有 1 份" in page
    assert "走访记下了" in page
    made = Visit.objects.get()
    assert f"/staff/visits/{made.pk}/" in page
    assert (made.person, made.attachments) == (field.hong.person, [sha_of(content)])
    assert Attachment.objects.get().state == "stored"
    event = AuditEvent.objects.get(what="visits.recorded")
    assert event.actor == "林文书"
    assert "以前已经收到" in bring_in(field, good, **packed)
    assert Visit.objects.count() == 1


def test_a_visit_of_a_phones_file_is_looked_at_as_if_the_phone_had_sent_it(field):
    far = make_household(village=make_village(township=field.township, number=201, name="刘庄村"))
    known = {"uuid": str(uuid4()), **visit(field)}
    bring_in(field, known)
    page = bring_in(
        field,
        {"uuid": str(uuid4()), **visit(field, subject=field.other_home.pk)},
        {"uuid": str(uuid4()), **visit(field, subject=far.pk)},
        {"uuid": str(uuid4()), **visit(field, visited_on="2026-11-02")},
        {"uuid": str(uuid4()), **visit(field, changed=True)},
        {**known, "note": "改了"},
        {"uuid": str(uuid4()), "state": "voided", **visit(field)},
        {"uuid": "x"},
    )
    for words in (
        "这户不归他走访", "不是您管的村", "走访日期不能晚于今天", "走访读不懂", "内容不一样",
        "采集员作废了",
    ):  # fmt: skip
        assert words in page, words
    assert Visit.objects.count() == 1
