"""A post is given by two persons, to neither of them, and ended by one at once."""

import re
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Proposal
from accounts.operations import granting
from tests.desk.staff_stage import logged_in
from tests.desk.staffing_stage import newcomer, open_town
from tests.factories import NOON, make_person, make_posting, make_unit
from trail.models import AuditEvent
from villages.models import Posting

TODAY = "2026-11-01"


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def town(db):
    return open_town()


def wanted(town, place=None, **more) -> dict:
    place = place or town.village
    return {
        "place": getattr(place, "slug", place.code),
        "role": "collector",
        "from_on": TODAY,
        "route": "elected",
        "because": "村民代表会推荐",
        **more,
    }


def propose(town, person, who="lin", **more) -> Proposal:
    page = town.post(who, f"/staff/people/{person.pk}/grant/", **wanted(town, **more))
    assert "是您提出的，要另一个人来确认" in page, page
    return Proposal.objects.latest("pk")


def decide(town, who, proposal, status=200, **fields) -> str:
    fields = fields or {"act": "approve"}
    return town.post(who, f"/staff/proposals/{proposal.pk}/", status, **fields)


def test_a_post_is_open_only_after_the_second_person(town):
    person = newcomer(town)
    proposal = propose(town, person, to_on="2026-12-31", qualification="高中")
    assert person.postings.count() == 0
    assert proposal.summary in town.get("zhao", "/staff/people/")
    shown = town.get("zhao", f"/staff/proposals/{proposal.pk}/")
    for words in ("新来的", "采集员", "窦庄村", "2026年12月31日", "高中", "村民代表会推荐"):
        assert words in shown
    decide(town, "zhao", proposal)
    posting = person.postings.get()
    assert (posting.post.code, posting.village, posting.township) == (
        "collector",
        town.village,
        town.township,
    )
    assert (posting.from_on, posting.to_on) == (date(2026, 11, 1), date(2026, 12, 31))
    assert (posting.route, posting.qualification) == ("elected", "高中")
    proposal.refresh_from_db()
    assert proposal.consumed_at == NOON
    assert AuditEvent.objects.filter(what="villages.postings_opened").count() == 1


def test_the_proposer_is_not_the_second(town):
    proposal = propose(town, newcomer(town), who="zhao")
    assert "提出的人不能自己确认" in decide(town, "zhao", proposal)
    assert Posting.objects.filter(post__code="collector").count() == 0


def test_t14_nobody_proposes_a_post_for_himself(town):
    own = f"/staff/people/{town.users['lin'].person_id}/grant/"
    town.get("lin", own, 404)
    town.post("lin", own, 404, **wanted(town))
    assert not Proposal.objects.exists()


def test_t14_nobody_approves_a_post_for_himself(town):
    proposal = propose(town, town.person("zhao"), place=town.township, role="auditor")
    assert "不能确认自己的任职" in decide(town, "zhao", proposal)
    assert town.person("zhao").postings.count() == 1
    decide(town, "sun", proposal)
    assert town.person("zhao").postings.count() == 2


def test_t14_the_database_knows_it_too(town):
    mine = newcomer(town)
    proposal = propose(town, mine)
    sql = (
        "UPDATE accounts_proposal SET decision = 'approved', decided_by_id = %s, decided_at = %s"
        " WHERE id = %s"
    )
    with (
        pytest.raises(IntegrityError, match="nobody_grants_himself"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, [mine.pk, NOON, proposal.pk])
    proposal.pk, proposal.proposed_by, proposal.about = None, mine, "another"
    with pytest.raises(IntegrityError, match="nobody_grants_himself"), transaction.atomic():
        proposal.save(force_insert=True)


def test_who_may_not_confirm_finds_no_such_page(town):
    proposal = propose(town, newcomer(town))
    decide(town, "wen", proposal, 404)
    decide(town, "qian", proposal, 404)
    for outsider in ("wen", "qian"):
        town.get(outsider, f"/staff/proposals/{proposal.pk}/", 404)
    assert Posting.objects.filter(post__code="collector").count() == 0


def test_a_refusal_says_why_and_opens_nothing(town):
    person = newcomer(town)
    proposal = propose(town, person)
    assert "请填不同意的理由" in decide(town, "zhao", proposal, act="refuse")
    decide(town, "zhao", proposal, act="refuse", reason="人选再议")
    assert "人选再议" in town.get("lin", f"/staff/proposals/{proposal.pk}/")
    assert "已经办过了" in decide(town, "sun", proposal)
    assert person.postings.count() == 0


def test_the_form_offers_only_what_the_visitor_reaches(town):
    person = newcomer(town)
    page = town.get("lin", f"/staff/people/{person.pk}/grant/")
    offered = set(re.findall(r'<option value="([^"]*)"', page))
    assert offered == {town.township.code, town.village.slug, town.sister.slug}
    for made_up in (town.elsewhere.slug, town.elsewhere.township.code, "nowhere"):
        town.get("lin", f"/staff/people/{person.pk}/grant/?place={made_up}", 404)
        town.post(
            "lin", f"/staff/people/{person.pk}/grant/", 404, **wanted(town) | {"place": made_up}
        )
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"role": "township_administrator"}, "这里没有这个职务"),
        ({"role": "king"}, "这里没有这个职务"),
        ({"role": ""}, "请选职务"),
        ({"unit": "999"}, "没有这个片区"),
        ({"deputy_of": "999", "days": "3"}, "没有这个人任职"),
        ({"from_on": "2026-10-31"}, "从今天或以后"),
        ({"to_on": "2026-10-31"}, "不能早于开始"),
        ({"from_on": "昨天"}, "日期请写成"),
        ({"because": ""}, "请写为什么"),
        ({"route": "bought"}, "选择一个有效的选项"),
    ],
)
def test_what_does_not_fit_is_told_and_proposes_nothing(town, more, told):
    from_lin = town.clients["lin"]
    town_unit = f"/staff/people/{newcomer(town).pk}/grant/"
    make_unit(village=town.village)
    answer = from_lin.post(town_unit, wanted(town, **more))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Proposal.objects.exists()


def test_a_deputy_gets_the_same_post_for_n_days_and_then_nothing(town, time_machine):
    away = make_posting(
        person=make_person(name="魏主任"), role="committee_member", village=town.village
    )
    person = newcomer(town)
    proposal = propose(town, person, role="", deputy_of=away.pk, days=7)
    decide(town, "zhao", proposal)
    posting = person.postings.get()
    assert (posting.post, posting.village, posting.deputy_of) == (away.post, town.village, away)
    assert posting.to_on == date(2026, 11, 7)
    assert "代魏主任" in town.get("lin", f"/staff/people/{person.pk}/")
    assert posting.is_in_force(date(2026, 11, 7))
    assert not posting.is_in_force(date(2026, 11, 8))


def test_a_deputy_says_for_how_many_days_and_is_another_person(town):
    away = make_posting(person=newcomer(town), village=town.village, to_on=date(2026, 11, 5))
    address = f"/staff/people/{away.person_id}/grant/"
    told = town.clients["lin"].post(address, wanted(town, role="", deputy_of=away.pk))
    assert "请填代几天" in told.content.decode()
    told = town.clients["lin"].post(address, wanted(town, role="", deputy_of=away.pk, days=3))
    assert "要是另一个人" in told.content.decode()
    other = f"/staff/people/{newcomer(town, '别人').pk}/grant/"
    told = town.clients["lin"].post(other, wanted(town, role="", deputy_of=away.pk, days=9))
    assert "不能比原来的任职还长" in told.content.decode()


def test_i31_the_second_administrator_post_is_refused_in_words(town):
    proposal = propose(town, town.person("sun"), place=town.township, role="audit_administrator")
    assert "要由不同的人担任" in decide(town, "zhao", proposal)
    proposal.refresh_from_db()
    assert proposal.decision == "waiting"
    assert town.person("sun").postings.count() == 1


def test_what_was_approved_is_what_is_done(town):
    person = newcomer(town)
    proposal = propose(town, person)
    told = granting.wanted_by(proposal)
    assert granting.content_to_approve(told) == proposal.content
    assert proposal.summary == "新来的任窦庄村采集员，2026年11月1日起"


def test_i32_an_ended_posting_stops_the_very_next_request(town):
    wen, slug = town.clients["wen"], town.village.slug
    assert wen.get(f"/staff/villages/{slug}/").status_code == 200
    posting = town.person("wen").postings.get()
    town.post("lin", f"/staff/postings/{posting.pk}/end/", when="now")
    for page in (f"villages/{slug}/", "people/", "villages/", f"cards/{slug}/"):
        assert wen.get(f"/staff/{page}").status_code == 404
    assert "您的账号还没有任职" in town.get("wen", "/staff/")
    assert "提前结束" in town.get("lin", f"/staff/people/{posting.person_id}/")


def test_i32_a_posting_with_a_last_day_stops_after_it(town, time_machine):
    posting = town.person("wen").postings.get()
    town.post("lin", f"/staff/postings/{posting.pk}/end/", when="day", last_day="2026-11-03")
    for day, status in ((3, 200), (4, 404)):
        time_machine.move_to(NOON.replace(day=day), tick=False)
        wen = logged_in(town.users["wen"])
        assert wen.get("/staff/people/").status_code == status


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "请选什么时候结束"),
        ({"when": "day"}, "请填最后一天"),
        ({"when": "day", "last_day": "2026-10-01"}, "最后一天要从今天起"),
    ],
)
def test_an_unfit_end_is_told_and_ends_nothing(town, fields, told):
    posting = town.person("wen").postings.get()
    answer = town.clients["lin"].post(f"/staff/postings/{posting.pk}/end/", fields)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    posting.refresh_from_db()
    assert (posting.ended_at, posting.to_on) == (None, None)


def test_nobody_ends_a_posting_elsewhere(town):
    for who, name in (("lin", "qian"), ("qian", "wen"), ("wen", "lin"), ("wen", "wen")):
        posting = town.person(name).postings.get()
        for method in (town.get, town.post):
            method(who, f"/staff/postings/{posting.pk}/end/", 404)
    town.get("lin", f"/staff/postings/{10**17}/end/", 404)
