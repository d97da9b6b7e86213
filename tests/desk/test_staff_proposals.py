"""/staff/proposals/: what waits for me and what it is; one effect wherever it is decided."""

import re
from datetime import timedelta

import pytest

from accounts import operations
from accounts.models import Proposal
from jobs.models import Job
from notices.models import Notice
from tests.databases import TRANSACTION
from tests.desk.staff_stage import logged_in, open_office
from tests.factories import NOON, make_posting, make_staff, make_user
from trail import clock
from trail.models import AuditEvent

LIST = "/staff/proposals/"


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def office(db):
    return open_office()


@pytest.fixture
def asked(office) -> Proposal:
    office.review()
    office.act("lock/", office.lin, act="propose")
    return Proposal.objects.get()


def page(client, address: str = LIST, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def one(proposal: Proposal) -> str:
    return f"{LIST}{proposal.pk}/"


def press(client, proposal: Proposal, **fields) -> str:
    answer = client.post(one(proposal), fields, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(client, query: str = "") -> list[str]:
    return re.findall(r'href="(/staff/proposals/\d+/)"', page(client, LIST + query))


def test_the_second_person_finds_it_at_home_and_in_the_list(office, asked):
    assert "今天有 1 项要办" in page(office.wei, "/staff/")
    assert "今天有 0 项要办" in page(office.lin, "/staff/")
    assert listed(office.wei) == [one(asked)]
    assert listed(office.lin) == listed(office.zhao) == []
    assert listed(office.lin, "?part=mine") == [one(asked)]
    assert listed(office.zhao, "?part=mine") == []


def test_the_page_says_what_who_and_until_when(office, asked):
    shown = page(office.wei, one(asked))
    for words in ("锁定2026-10：3笔，加分13，减分2", "林文书", "2026年11月15日 11:00前有效",
                  "记账中", "同意锁定月份", "不同意"):  # fmt: skip
        assert words in shown, words
    assert f'href="{office.base}lock/"' in shown
    own = page(office.lin, one(asked))
    assert "是您提出的" in own
    assert "同意锁定月份" not in own
    assert "撤回这件事" in own


def test_nobody_elses_proposal_is_as_absent_as_none(office, asked):
    for client, address in ((office.zhao, one(asked)), (office.wei, f"{LIST}{10**12}/")):
        page(client, address, status=404)
    for act in ("approve", "refuse", "withdraw"):
        assert office.zhao.post(one(asked), {"act": act, "reason": "x"}).status_code == 404
    assert Proposal.objects.get().decision == "waiting"


def test_i20_the_lock_agreed_here_is_the_lock_agreed_there(office, asked):
    assert "同意了，等着办" in press(office.wei, asked, act="approve")
    assert Job.objects.get(kind="scoring.close_month").state == Job.State.WAITING
    kept = Proposal.objects.get()
    assert (kept.decision, kept.decided_by_id) == ("approved", office.people["wei"].person_id)
    assert "后台正在锁定" in office.text("lock/")
    assert listed(office.wei) == []
    assert listed(office.wei, "?part=settled") == [one(asked)]


def test_i20_pressing_twice_decides_once(office, asked):
    press(office.wei, asked, act="approve")
    assert "这件事已经办过了" in press(office.wei, asked, act="approve")
    assert "这件事已经办过了" in press(office.wei, asked, act="refuse", reason="晚了")
    assert AuditEvent.objects.filter(what__startswith="proposal.lock.").count() == 2
    assert Job.objects.filter(kind="scoring.close_month").count() == 1


def test_i20_another_log_in_of_the_same_person_is_no_second_person(office, asked):
    person = office.people["lin"].person
    make_posting(person=person, role="committee_member", village=office.stage.village)
    other = logged_in(make_user(person=person))
    assert "是您提出的" in page(other, one(asked))
    assert listed(other) == []
    assert "提出的人不能自己确认" in press(other, asked, act="approve")
    assert "提出的人不能自己确认" in press(other, asked, act="refuse", reason="不行")
    assert Proposal.objects.get().decision == "waiting"


def test_a_refusal_says_why_and_the_month_page_tells_it(office, asked):
    assert "请填不同意的理由" in press(office.wei, asked, act="refuse", reason=" ")
    assert Proposal.objects.get().decision == "waiting"
    assert "3组少记一笔" in press(office.wei, asked, act="refuse", reason="3组少记一笔")
    assert "3组少记一笔" in office.text("lock/")


def test_who_asked_takes_it_back(office, asked):
    assert "撤回了" in press(office.lin, asked, act="withdraw", reason="先补一笔")
    assert listed(office.wei) == []
    assert office.wei.post(one(asked), {"act": "withdraw"}).status_code == 404


def test_what_was_entered_since_voids_it_before_the_button_is_pressed(office, asked):
    office.stage.enter(3)
    shown = page(office.wei, one(asked))
    assert "提出以后又记了新的账" in shown
    assert "同意锁定月份" not in shown
    assert "提出以后又记了新的账" in press(office.wei, asked, act="approve")
    assert Proposal.objects.get().decision == "waiting"


def test_an_expired_one_waits_for_nobody(office, asked, time_machine):
    time_machine.move_to(NOON + operations.VALID_FOR, tick=False)
    for name in ("lin", "wei"):
        getattr(office, name).force_login(office.people[name])
    assert listed(office.wei) == []
    assert listed(office.wei, "?part=settled&stage=expired") == [one(asked)]
    assert "过期了" in page(office.wei, one(asked))
    assert "过了有效期" in press(office.wei, asked, act="approve")
    assert "过了有效期" in press(office.lin, asked, act="withdraw")


def test_a_notice_is_published_from_here_with_its_day(office):
    office.lock()
    office.act("notice/", office.lin, act="propose")
    asked = Proposal.objects.get(kind="publication")
    shown = page(office.wei, one(asked))
    assert 'type="date"' in shown
    assert office.notice().number in shown
    assert "请填哪天开始公示" in press(office.wei, asked, act="approve", publish_on="")
    day = clock.today() + timedelta(days=2)
    press(office.wei, asked, act="approve", publish_on=day.isoformat())
    notice = office.notice()
    assert (notice.state, notice.publish_on) == (Notice.State.APPROVED, day)


def test_filters_leave_what_was_asked_for(office, asked):
    slug = office.stage.village.slug
    assert listed(office.wei, f"?kind=lock&village={slug}") == [one(asked)]
    assert listed(office.wei, "?kind=publication") == []
    assert listed(office.wei, f"?village={office.neighbour.village.slug}") == []
    assert listed(office.lin, "?part=mine&stage=approved") == []
    assert listed(office.lin, "?part=mine&stage=waiting") == [one(asked)]
    assert listed(office.wei, "?part=x&kind=y&stage=z") == [one(asked)]


def _ask(office, number: int) -> None:
    operations.propose(
        kind=Proposal.Kind.EXPORT,
        about=f"test:{number}",
        content=str(number),
        village_id=office.stage.village.pk,
        summary="导出名册 300 人",
        because="报县里",
        by=office.stage.clerk,
        at=clock.now(),
    )


def test_the_list_asks_as_often_for_three_as_for_one(office, django_assert_num_queries):
    seen = []
    for number in (1, 2, 3):
        _ask(office, number)
        with django_assert_num_queries(8 + TRANSACTION):
            seen.append(len(listed(office.wei)))
    assert seen == [1, 2, 3]


def test_a_kind_nobody_registered_is_shown_by_its_summary_and_decided(office):
    _ask(office, 1)
    asked = Proposal.objects.get()
    assert "报县里" in page(office.wei, one(asked))
    press(office.wei, asked, act="approve")
    assert Proposal.objects.get().decision == "approved"


def test_a_proposal_of_the_township_waits_for_the_township_alone(office):
    township = office.stage.village.township
    boss = make_staff(name="陶主任", role="township_administrator", township=township)
    operations.propose(
        kind=Proposal.Kind.EXPORT,
        about="villages.township:1",
        content="all",
        township_id=township.pk,
        summary="导出全镇名册",
        because="报县里",
        by=office.stage.clerk,
        at=clock.now(),
    )
    asked = Proposal.objects.get()
    assert listed(logged_in(boss)) == [one(asked)]
    assert listed(office.wei) == []
    press(logged_in(boss), asked, act="approve")
    assert Proposal.objects.get().decided_by_id == boss.person_id
