"""更正这个月 on its pages: said by the township, confirmed by another, told on a new notice."""

import pytest

from accounts.models import Proposal
from notices import operations as notices
from notices.models import Notice
from scoring.models import Correction, Entry
from scoring.operations import publishing
from tests.desk.staff_stage import logged_in, open_office
from tests.factories import NOON, make_staff
from trail import clock
from trail.clock import business_date


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def office(db):
    """October is closed and on show; Sun is the clerk of the township."""
    office = open_office()
    township = office.stage.village.township
    sun = make_staff(name="孙经办", role="township_clerk", township=township)
    office.people["sun"] = sun
    office.stage.close("2026-10")
    _publish(office)
    return office


@pytest.fixture
def sun(office):
    return logged_in(office.people["sun"])


def _publish(office) -> Notice:
    notice = Notice.objects.latest("pk")
    by, second = office.stage.clerk, office.stage.second
    proposal = publishing.propose(notice=notice, by=by, at=NOON)
    publishing.approve(
        notice=notice, proposal=proposal, publish_on=business_date(NOON), by=second, at=NOON
    )
    return notices.publish(notice=notice, at=NOON)


def wrong(office) -> Entry:
    return Entry.objects.get(village=office.stage.village, points=8)


def said(office, points: object = 6, **more) -> dict:
    entry = wrong(office)
    fields = {"household": office.stage.home.number, "reason": "多记了2分"}
    return {**fields, f"entry_{entry.pk}": "1", f"new_{entry.pk}": points, **more}


def number(office) -> str:
    page = office.text("correct/", who=office.wei)
    return page.split('name="proposal" value="')[1].split('"')[0]


def test_a_month_is_corrected_and_told_by_two_persons(office, sun):
    assert "更正这个月" in office.text()
    home = office.stage.home.number
    page = office.text(f"correct/?household={home}", who=sun)
    assert f'name="entry_{wrong(office).pk}"' in page
    checked = sun.post(office.base + "correct/", said(office, act="check"))
    assert "加8分 → 改为加6分" in " ".join(checked.content.decode().split())
    assert not Correction.objects.exists()
    assert "是您提出的" in office.act("correct/", sun, **said(office, act="propose"))
    assert "等您确认更正" in office.wei.get("/staff/").content.decode()
    after = office.act("correct/", office.wei, act="approve", proposal=number(office))
    assert "出更正公示" in after
    assert "没有发现完整姓名、身份证、手机号" in after
    assert office.stage.balance() == (11, 9, 9)
    assert "correct/notice/" in sun.get("/staff/").content.decode()
    assert "是您提出的" in office.act("correct/notice/", sun, act="propose")
    waits = office.text("correct/notice/", who=office.wei)
    proposal = waits.split('name="proposal" value="')[1].split('"')[0]
    day = clock.today().isoformat()
    office.act("correct/notice/", office.wei, act="approve", proposal=proposal, publish_on=day)
    assert notices.publish_due(at=clock.now()) == 1
    shown = Notice.objects.latest("pk")
    assert (shown.number, shown.state) == ("2026-10-points-2", "published")
    assert "已经公布" in office.text("correct/", who=sun)


def test_i20_the_same_person_is_not_offered_the_confirmation(office, sun):
    office.act("correct/", sun, **said(office, act="propose"))
    assert 'value="approve"' not in office.text("correct/", who=sun)
    proposal = str(Proposal.objects.latest("pk").pk)
    refused = sun.post(office.base + "correct/", {"act": "approve", "proposal": proposal})
    assert refused.status_code == 404
    assert office.stage.balance()[0] == 13


def test_a_button_pressed_twice_corrects_once(office, sun):
    for _press in range(2):
        office.act("correct/", sun, **said(office, act="propose"))
    assert Correction.objects.count() == 1
    proposal = number(office)
    office.act("correct/", office.wei, act="approve", proposal=proposal)
    again = office.act("correct/", office.wei, act="approve", proposal=proposal)
    assert "这件事已经办过了" in again
    assert Notice.objects.filter(corrects__isnull=False).count() == 1


def test_the_second_person_says_no_with_a_reason(office, sun):
    office.act("correct/", sun, **said(office, act="propose"))
    proposal = number(office)
    office.act("correct/", office.wei, act="refuse", proposal=proposal, reason="没有记错")
    assert "没有记错" in office.text("correct/", who=sun)
    assert office.stage.balance()[0] == 13


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"reason": " "}, "请写明为什么要更正"),
        ({"points": "x"}, "分数请写成整数"),
        ({"points": "-3"}, "不写负号"),
        ({"points": "8"}, "的分数没有变"),
        ({"points": "5000"}, "分数或加减和细则这一条不符"),
    ],
)
@pytest.mark.parametrize("act", ["check", "propose"])
def test_what_is_unfit_is_told_and_what_was_typed_stays(office, sun, typed, told, act):
    page = sun.post(office.base + "correct/", said(office, **typed, act=act)).content.decode()
    assert told in page
    assert f'name="entry_{wrong(office).pk}" value="1" checked' in page
    assert not Correction.objects.exists()


def test_nothing_ticked_is_told(office, sun):
    fields = {"household": office.stage.home.number, "reason": "错了", "act": "check"}
    page = sun.post(office.base + "correct/", fields).content.decode()
    assert "请至少选一笔" in page


def test_who_may_not_finds_no_such_page(office):
    assert office.lin.post(office.base + "correct/", said(office, act="propose")).status_code == 404
    for path in ("correct/", "correct/notice/"):
        office.text(path, who=office.zhao, status=404)
        assert office.zhao.post(office.base + path, {"act": "propose"}).status_code == 404
    assert "由乡镇经办或乡镇管理员提出" in office.text("correct/")


def test_a_household_of_another_village_is_not_offered(office, sun):
    strange = Entry.objects.get(village=office.neighbour.village)
    page = office.text(f"correct/?household={office.neighbour.home.number}", who=sun)
    assert f"entry_{strange.pk}" not in page
    assert "请核对户号" in office.text("correct/?household=9组999", who=sun)


def test_a_month_not_on_show_offers_no_correction(db):
    office = open_office()
    assert "更正这个月" not in office.text()
    assert office.lin.get(office.base + "correct/").url == office.base
    assert office.lin.get(office.base + "correct/notice/").url == office.base
