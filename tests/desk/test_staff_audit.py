"""The auditors' page: who reads which events, how they are found, what they say."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.models import User
from scoring.models import Month
from tests.databases import TRANSACTION
from tests.desk.staff_stage import logged_in, open_office
from tests.factories import make_posting, make_staff, make_township, make_user, make_village
from trail.actor import Actor
from trail.changes import Change
from trail.models import AuditEvent
from trail.operations import record
from villages.models import Village

EVENING = datetime(2026, 10, 31, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai
NIGHT = datetime(2026, 10, 31, 16, 30, tzinfo=UTC)  # 00:30 on 1 November


@dataclass
class Places:
    """A village, its neighbour and one elsewhere; the auditor of the first."""

    mine: Village
    neighbour: Village
    elsewhere: Village
    lin: User
    auditor: Client


@pytest.fixture
def places(db) -> Places:
    township, other = make_township(), make_township(code="440783104", name="苍城镇")
    mine = make_village(township=township, name="窦庄村", number=201)
    neighbour = make_village(township=township, name="刘庄村", number=202)
    elsewhere = make_village(township=other, name="下湾村", number=203)
    auditor = make_staff(name="沈审计", role="auditor", village=mine)
    lin = make_staff(name="林文书", role="village_clerk", village=mine)
    return Places(mine, neighbour, elsewhere, lin, logged_in(auditor))


def happened(village=None, *, who=None, at=EVENING, what="month.closed", about="", **more) -> int:
    by = Actor(
        name=who.person.name if who else "scoring.close_month",
        role="village_clerk" if who else "system",
        person_id=who.person_id if who else None,
        request_id=more.pop("request_id", ""),
    )
    about = about or (f"villages.village:{village.pk}" if village else "villages.township")
    record(by=by, at=at, what=what, about=about, village_id=village.pk if village else None, **more)
    return AuditEvent.objects.latest("id").pk


def seen(client: Client, **asked) -> list[int]:
    response = client.get("/staff/audit/", asked)
    assert response.status_code == 200
    return [line.event.pk for line in response.context["lines"]]


def test_an_auditor_reads_the_events_of_the_own_villages_and_no_other(places):
    mine = happened(places.mine, who=places.lin)
    others = [happened(places.neighbour), happened(places.elsewhere)]
    assert seen(places.auditor) == [mine]
    assert places.auditor.get(f"/staff/audit/{mine}/").status_code == 200
    for number in (*others, 10**9):
        assert places.auditor.get(f"/staff/audit/{number}/").status_code == 404
    # What was tried in vain is an event of the auditor's own village itself.
    found = seen(places.auditor, village=places.neighbour.pk)
    assert set(found) & {mine, *others} == {mine}


def test_an_event_of_no_village_is_read_where_who_acted_holds_a_post(places):
    outsider = make_staff(name="赵文书", role="village_clerk", village=places.elsewhere)
    own, _other, system = happened(who=places.lin), happened(who=outsider), happened()
    assert seen(places.auditor) == [own]
    township = make_staff(name="关", role="audit_administrator", township=places.mine.township)
    assert seen(logged_in(township)) == [system, own]


def test_a_person_with_posts_in_two_places_is_read_in_both(places):
    make_posting(person=places.lin.person, village=places.elsewhere)
    event = happened(who=places.lin)
    there = make_staff(name="关审计", role="auditor", village=places.elsewhere)
    assert seen(places.auditor) == [event] == seen(logged_in(there))


@pytest.mark.parametrize("role", ["village_clerk", "township_administrator", "merchant"])
def test_who_is_no_auditor_finds_no_such_page(places, role):
    event = happened(places.mine)
    client = logged_in(make_staff(name="某人", role=role, village=places.mine))
    assert client.get("/staff/audit/").status_code == 404
    assert client.get(f"/staff/audit/{event}/").status_code == 404
    assert logged_in(make_user()).get("/staff/audit/").status_code == 404


def test_the_sentence_says_who_in_which_role_did_what_where(places):
    Month.objects.create(village=places.mine, month="2026-10")
    about = f"scoring.month:{Month.objects.get().pk}"
    happened(places.mine, who=places.lin, about=about)
    happened(places.mine, what="ledger.sealed", about="scoring.seal:4")
    happened(places.mine, what="denied.request", who=places.lin)
    text = places.auditor.get("/staff/audit/").content.decode()
    assert "2026-10-31 23:30</time> 林文书以村文书身份锁定月份：窦庄村 月份 2026-10" in text
    assert "系统：封账，窦庄村 封账 4号" in text
    assert text.count("被拒绝</span>") == 1


def test_events_are_found_by_what_is_asked(places):
    lin = happened(places.mine, who=places.lin, request_id="0ABCDEFGHJ")
    night = happened(places.mine, at=NIGHT, what="ledger.sealed", about="scoring.seal:4")
    denied = happened(places.mine, what="denied.request", at=NIGHT)
    assert seen(places.auditor) == [denied, night, lin]
    assert seen(places.auditor, actor="林") == [lin]
    assert seen(places.auditor, what="ledger.sealed") == [night]
    assert seen(places.auditor, refused="on") == [denied]
    assert seen(places.auditor, about="scoring.seal:4") == [night]
    assert seen(places.auditor, request_id="0abcdefghj") == [lin]
    assert seen(places.auditor, to_on="2026-10-31") == [lin]
    assert seen(places.auditor, from_on="2026-11-01") == [denied, night]
    assert seen(places.auditor, village=places.mine.pk, what="month.closed") == [lin]


def test_what_came_to_nothing_is_found_among_the_refused(places):
    happened(places.mine, who=places.lin)
    hidden = happened(places.mine, what="denied.request", who=places.lin)
    failed = happened(places.mine, what="refused.no_reason_given", who=places.lin)
    assert seen(places.auditor, refused="on") == [failed, hidden]
    text = places.auditor.get("/staff/audit/").content.decode()
    assert text.count("被拒绝</span>") == 2


def test_a_day_that_is_none_is_told_and_the_rest_still_asked(places):
    happened(places.mine, who=places.lin)
    response = places.auditor.get("/staff/audit/", {"from_on": "昨天", "actor": "魏"})
    assert "日期请写成2026-11-01。" in response.content.decode()
    assert response.context["lines"] == []


def test_pages_follow_each_other_without_gap_and_with_few_queries(
    places, django_assert_max_num_queries
):
    ids = [happened(places.mine, who=places.lin) for _ in range(120)]
    with django_assert_max_num_queries(13 + TRANSACTION):
        first = places.auditor.get("/staff/audit/")
    following = first.context["following"]
    second = seen(places.auditor, before=following)
    third = seen(places.auditor, before=second[-1])
    found = [line.event.pk for line in first.context["lines"]] + second + third
    assert found == sorted(ids, reverse=True)


def test_one_event_shows_before_and_after_and_personal_fields_only_as_digests(places):
    changes = [
        Change("households.subject.state", "active", "closed"),
        Change("households.member.phone", "13812345678", "", personal=True),
    ]
    number = happened(places.mine, who=places.lin, changes=changes, detail={"count": 3})
    text = places.auditor.get(f"/staff/audit/{number}/").content.decode()
    for words in ("状态", "正常", "已销户", "联系电话", "指纹", "多少条"):
        assert words in text
    assert "13812345678" not in text


def test_a_month_tells_on_its_own_page_what_was_done_to_it(db):
    office = open_office()
    assert "还没有改动" in office.text()
    office.review()
    assert f"林文书以村文书身份核对月份：{office.stage.village.name} 月份 2026-10" in office.text()


def test_the_records_desk_leads_auditors_to_what_was_done(places):
    address = f"/admin/villages/village/{places.mine.pk}/change/"
    link = f"/staff/audit/?about=villages.village%3A{places.mine.pk}"
    assert link in places.auditor.get(address).content.decode()
    assert link not in logged_in(places.lin).get(address).content.decode()
