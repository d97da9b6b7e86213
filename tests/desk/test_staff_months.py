"""The way of a month on its pages: in order, by two persons, told plainly when refused."""

from datetime import timedelta

import pytest

from accounts.models import Proposal
from households.models import Subject
from jobs.models import Job
from notices import operations as notices
from notices.models import Notice
from scoring.models import Hold, Month
from scoring.operations import closing, holds
from tests.desk.staff_stage import MONTH, logged_in, open_office
from tests.factories import NOON, make_member, make_posting, make_user
from trail import clock
from trail.models import AuditEvent

STEPS = ("check/", "review/", "lock/", "notice/", "objections/", "archive/")


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def office(db):
    return open_office()


def links(page: str, base: str) -> list[str]:
    return [step for step in STEPS if f'href="{base}{step}"' in page]


def test_later_rows_are_plain_text_until_the_earlier_ones_are_done(office):
    page = office.text()
    assert links(page, office.base) == ["check/", "review/"]
    assert page.count("还不能开始") == 4
    assert "已完成 1 项，共 6 项" in page
    assert office.lin.get(office.base + "lock/").url == office.base
    office.review()
    assert links(office.text(), office.base) == ["check/", "review/", "lock/"]


def test_a_whole_month_goes_from_open_to_the_archive(office, time_machine):
    assert "确认锁定" not in office.review()
    assert "等第二个人确认" in office.act("lock/", office.lin, act="propose")
    after = office.act("lock/", office.wei, act="approve", proposal=office.proposal("lock/"))
    assert "后台正在锁定" in after
    assert Job.objects.get(kind="scoring.close_month").state == Job.State.WAITING
    closing.close(village=office.stage.village, month=MONTH, at=clock.now())
    assert "没有发现完整姓名、身份证、手机号" in office.text("notice/")
    assert "是您提出的" in office.act("notice/", office.lin, act="propose")
    day = clock.today().isoformat()
    number = office.proposal("notice/")
    office.act("notice/", office.wei, act="approve", proposal=number, publish_on=day)
    assert notices.publish_due(at=clock.now()) == 1
    assert links(office.text(), office.base) == list(STEPS[:5])
    assert "还剩6天" in office.text("objections/")
    time_machine.move_to(NOON + timedelta(days=8))
    office.lin.force_login(office.people["lin"])
    for to in (Month.State.PUBLISHED, Month.State.FINAL):
        closing.advance(month=office.month(), to=to, by=closing.CLOSER, at=clock.now())
    assert "这个月已经归档" in office.text("archive/")
    assert "已完成 6 项，共 6 项" in office.text()


def test_looking_through_the_month_is_a_fact_until_something_is_entered(office):
    office.review()
    noted = AuditEvent.objects.get(what="month.reviewed")
    assert noted.person_id == office.people["lin"].person_id
    assert (noted.role, noted.village_id) == ("village_clerk", office.stage.village.pk)
    assert noted.request_id
    assert office.month().prepared["reviewed_by"] == noted.person_id
    office.review()
    assert AuditEvent.objects.filter(what="month.reviewed").count() == 1
    office.stage.enter(3)
    assert links(office.text(), office.base) == ["check/", "review/"]


def test_what_was_entered_behind_the_reader_is_told(office):
    seen = closing.figures.month_figures(village_id=office.stage.village.pk, month=MONTH)
    office.stage.enter(3)
    page = office.act("review/", office.lin, act="reviewed", seen=seen.last_entry_id)
    assert "您看的时候又记了新的账" in page
    assert "<title>有问题：" in page
    assert not AuditEvent.objects.filter(what="month.reviewed").exists()


def test_a_hold_stops_the_close_and_says_why(office):
    holds.open_hold(
        month=office.month(),
        source="reviews.objection:1",
        kind=Hold.Kind.CLOSE,
        reason="3组异议没有答复",
        by=office.stage.clerk,
        at=clock.now(),
    )
    assert "3组异议没有答复" in office.text("check/")
    assert links(office.text(), office.base) == ["check/"]
    assert "这一步现在不能办" in office.review()


def test_an_earlier_month_comes_first(office):
    office.stage.enter(3, on=clock.today().replace(month=9))
    assert "先关2026-09" in office.text()
    assert links(office.text(), office.base) == ["check/"]


def test_a_month_that_is_not_over_waits(office):
    office.stage.enter(3, on=clock.today())
    page = office.lin.get(office.base.replace(MONTH, "2026-11")).content.decode()
    assert "这个月还没过完" in page


def test_the_same_person_cannot_be_the_second(office):
    person = office.people["lin"].person
    make_posting(person=person, role="committee_member", village=office.stage.village)
    other_account = logged_in(make_user(person=person))
    office.review()
    office.act("lock/", office.lin, act="propose")
    number = str(Proposal.objects.get().pk)
    assert "是您提出的" in office.text("lock/", who=other_account)
    page = office.act("lock/", other_account, act="approve", proposal=number)
    assert "提出的人不能自己确认" in page
    assert Proposal.objects.get().decision == Proposal.Decision.WAITING


def test_a_button_pressed_twice_does_the_thing_once(office):
    office.review()
    for _press in range(2):
        office.act("lock/", office.lin, act="propose")
    assert Proposal.objects.count() == 1
    number = office.proposal("lock/")
    office.act("lock/", office.wei, act="approve", proposal=number)
    assert "这件事已经办过了" in office.act("lock/", office.wei, act="approve", proposal=number)
    assert Job.objects.filter(kind="scoring.close_month").count() == 1


def test_an_entry_after_the_proposal_makes_it_void(office):
    office.review()
    office.act("lock/", office.lin, act="propose")
    number = office.proposal("lock/")
    office.stage.enter(3)
    office.review()
    page = office.act("lock/", office.wei, act="approve", proposal=number)
    assert "提出以后又记了新的账" in page
    assert not Job.objects.exists()


def test_the_second_person_says_no_with_a_reason(office):
    office.review()
    office.act("lock/", office.lin, act="propose")
    number = office.proposal("lock/")
    page = office.act("lock/", office.wei, act="refuse", proposal=number, reason=" ")
    assert "请填不同意的理由" in page
    office.act("lock/", office.wei, act="refuse", proposal=number, reason="8分那笔不对")
    assert "8分那笔不对" in office.text("lock/")
    assert "提出锁定" in office.text("lock/")


def test_who_may_not_finds_no_such_page(office):
    office.review()
    assert office.wei.post(office.base + "lock/", {"act": "propose"}).status_code == 404
    office.act("lock/", office.lin, act="propose")
    number = str(Proposal.objects.get().pk)
    refused = office.lin.post(office.base + "lock/", {"act": "approve", "proposal": number})
    assert refused.status_code == 404
    assert Proposal.objects.get().decision == Proposal.Decision.WAITING


def test_a_locked_month_is_only_read(office):
    office.lock()
    assert "只能看" in office.text("review/")
    assert "已经锁定过了" in office.review()
    assert "已经锁定过了" in office.act("lock/", office.lin, act="propose")


def test_why_the_worker_could_not_lock_is_told(office):
    office.review()
    office.act("lock/", office.lin, act="propose")
    office.act("lock/", office.wei, act="approve", proposal=office.proposal("lock/"))
    Job.objects.update(state=Job.State.FAILED, error="还有事没办完", ended_at=NOON)
    page = office.text("lock/")
    assert "锁定没做成：</strong>还有事没办完" in page
    assert "提出锁定" in page


def test_a_full_name_in_the_preview_stops_publication(office):
    office.lock()
    home = office.stage.home
    Subject.objects.filter(pk=home.pk).update(
        name="买买提", publish_choice=Subject.PublishChoice.MASKED
    )
    # A person whose whole name is what the mask leaves of another's.
    make_member(household=home, name="买*提")
    page = office.text("notice/")
    assert "有 1 处不能公布" in page
    assert 'value="propose"' not in page
    assert "不能发布" in office.act("notice/", office.lin, act="propose")
    assert not Proposal.objects.filter(kind=Proposal.Kind.PUBLICATION).exists()


@pytest.mark.parametrize(
    ("day", "told"), [("2026-10-01", "请换一天"), ("", "请填哪天"), ("明天", "日期请写成")]
)
def test_an_unfit_day_is_told(office, day, told):
    office.lock()
    office.act("notice/", office.lin, act="propose")
    number = office.proposal("notice/")
    page = office.act("notice/", office.wei, act="approve", proposal=number, publish_on=day)
    assert told in page
    assert office.notice().state == Notice.State.DRAFT


def test_what_stands_out_leads_to_its_entries(office):
    office.stage.enter(5)
    page = office.text("review/")
    assert "同一户同一天同一条记了不止一次" in page
    behind = office.text("review/entries/?why=repeat&key=0")
    assert behind.count("加5分") == 2
    assert "加8分" not in behind
    office.text("review/entries/?why=nothing&key=0", status=404)


def test_proofs_are_shown_before_anything_is_pressed(office):
    office.review()
    page = office.text("lock/")
    for name in ("记账笔数", "加分", "减分", "核对用的指纹"):
        assert name in page
    assert "<td>13</td>" in page
    assert "<td>-2</td>" in page
