"""Log-ins at the page of a person: off, on, out, a lost phone, links by two (B-22, T-14)."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import operations as approvals
from accounts.models import Invitation, Proposal, Session, User
from accounts.operations import invitations
from tests.accounts.door import at_door, opens, with_codes
from tests.desk.staff_stage import logged_in
from tests.desk.staffing_stage import newcomer, open_town
from tests.factories import (
    NOON,
    PASSWORD,
    make_actor,
    make_person,
    make_posting,
    make_staff,
    make_user,
)
from trail.models import AuditEvent

LINK = re.compile(r"https?://[^<\s]+(/staff/invite/[^<\s]+)")


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def town(db):
    return open_town()


@pytest.fixture
def wei(town):
    return make_staff(name="魏监督", role="supervision_member", village=town.village)


def page(town, who: str, user: User) -> str:
    return town.get(who, f"/staff/people/{user.person_id}/")


def act(town, who: str, user: User, name: str, status: int = 200) -> str:
    return town.post(who, f"/staff/people/{user.person_id}/log-ins/{user.pk}/", status, act=name)


def acts() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("what", flat=True))


def entered(user: User) -> Client:
    client = Client()
    at_door(user.username, client=client)
    assert opens(client)
    return client


def asked(town, person, *, who: str = "lin", username: str = "weijiandu") -> Proposal:
    address = f"/staff/people/{person.pk}/invite/"
    told = town.post(who, address, username=username, because="换手机")
    assert "是您提出的，要另一个人来确认" in told
    return Proposal.objects.latest("pk")


def agreed(town, who: str, proposal: Proposal) -> str:
    town.post(who, f"/staff/proposals/{proposal.pk}/", act="approve")
    return town.post(who, f"/staff/proposals/{proposal.pk}/link/")


def test_b22_a_disabled_log_in_is_stopped_at_the_very_next_request(town):
    wen = town.users["wen"]
    phone, desk = entered(wen), entered(wen)
    assert "停用了" in act(town, "lin", wen, "suspend")
    assert not opens(phone)
    assert not opens(desk)
    assert not opens(entered_or_not(wen))
    shown = page(town, "lin", wen)
    assert "恢复账号" in shown
    assert "停用账号" in shown
    act(town, "lin", wen, "resume")
    entered(wen)
    assert [what for what in acts() if what in ("accounts.suspended", "accounts.resumed")] == [
        "accounts.suspended",
        "accounts.resumed",
    ]


def entered_or_not(user: User) -> Client:
    client = Client()
    at_door(user.username, client=client)
    return client


def test_b22_an_administrator_logs_somebody_out_everywhere(town):
    wen = town.users["wen"]
    phone, desk = entered(wen), entered(wen)
    assert "都已经退出" in act(town, "sun", wen, "end")
    assert not opens(phone)
    assert not opens(desk)
    assert not Session.objects.filter(user=wen).exists()
    entered(wen)
    assert "accounts.sessions_ended" in acts()


def test_the_page_says_when_and_how_somebody_logs_in(town):
    wen = town.users["wen"]
    assert "没有设手机验证码" in page(town, "lin", wen)
    with_codes(wen)
    entered_or_not(wen)
    assert "设了手机验证码" in page(town, "lin", wen)
    User.objects.filter(pk=wen.pk).update(last_login=NOON)
    assert "最近登录：2026年11月1日 11:00" in page(town, "lin", wen)


def test_a_lost_phone_of_a_clerk_is_reset_by_who_manages_log_ins(town):
    wen = town.users["wen"]
    assert "清除手机验证码" not in page(town, "lin", wen)
    with_codes(wen)
    assert "清除手机验证码" in page(town, "lin", wen)
    act(town, "lin", wen, "reset")
    assert not Authenticator.objects.filter(user=wen).exists()
    entered(wen)
    assert acts().count("accounts.second_factor_reset") == 1
    act(town, "lin", wen, "reset")
    assert acts().count("accounts.second_factor_reset") == 1


def test_t14_codes_of_who_confirms_acts_are_reset_by_who_confirms_posts(town, wei):
    with_codes(wei)
    assert "清除手机验证码" not in page(town, "lin", wei)
    act(town, "lin", wei, "reset", 404)
    assert Authenticator.objects.filter(user=wei).exists()
    act(town, "sun", wei, "reset")
    assert not Authenticator.objects.filter(user=wei).exists()


@pytest.mark.parametrize("name", ["suspend", "resume", "end", "reset", "", "other"])
def test_nobody_switches_the_own_log_in_or_one_elsewhere(town, name):
    with_codes(town.users["sun"])
    for who, user in (
        ("sun", town.users["sun"]),
        ("qian", town.users["wen"]),
        ("wen", town.users["wen"]),
        ("lin", town.users["qian"]),
    ):
        act(town, who, user, name, 404)
    wrong = f"/staff/people/{town.users['wen'].person_id}/log-ins/{town.users['lin'].pk}/"
    town.post("lin", wrong, 404, act=name)
    assert town.users["sun"].is_active
    assert Authenticator.objects.count() == 1


@pytest.mark.parametrize(
    "role", ["supervision_member", "committee_member", "legal_officer", "township_clerk"]
)
def test_t14_one_person_opens_no_log_in_for_who_answers_for_others(town, role):
    """A clerk would be the second person of the own acts."""
    person = newcomer(town)
    village = None if role in ("legal_officer", "township_clerk") else town.village
    township = town.township if village is None else None
    make_posting(person=person, role=role, village=village, township=township)
    shown = town.get("lin", f"/staff/people/{person.pk}/")
    assert "提出发链接" in shown
    assert "生成一次性链接" not in shown
    town.post("lin", f"/staff/people/{person.pk}/invite/", 422, username="second")
    asked(town, person)
    assert not Invitation.objects.exists()
    with pytest.raises(invitations.NeedsSecondPerson):
        invitations.invite(person=person, username="second", by=make_actor(), at=NOON)


def test_t14_a_posting_to_come_counts_and_one_that_ended_does_not(town):
    person = newcomer(town)
    row = make_posting(
        person=person, role="committee_member", village=town.village, from_on="2026-12-01"
    )
    assert "提出发链接" in town.get("lin", f"/staff/people/{person.pk}/")
    row.ended_at = NOON
    row.save(update_fields=["ended_at"])
    assert "生成一次性链接" in town.get("lin", f"/staff/people/{person.pk}/")


def test_t14_the_link_is_seen_by_who_agreed_alone_and_once(town, wei):
    proposal = asked(town, wei.person)
    assert "现在生成链接" not in town.get("lin", f"/staff/proposals/{proposal.pk}/")
    town.post("lin", f"/staff/proposals/{proposal.pk}/link/", 404)
    shown = town.get("zhao", f"/staff/proposals/{proposal.pk}/")
    for words in ("魏监督", "weijiandu", "监督小组成员", "换手机"):
        assert words in shown
    town.post("zhao", f"/staff/proposals/{proposal.pk}/", act="approve")
    for other in ("lin", "sun"):
        assert "现在生成链接" not in town.get(other, f"/staff/proposals/{proposal.pk}/")
        town.post(other, f"/staff/proposals/{proposal.pk}/link/", 404)
    assert "现在生成链接" in town.get("zhao", f"/staff/proposals/{proposal.pk}/")
    (link,) = LINK.findall(town.post("zhao", f"/staff/proposals/{proposal.pk}/link/"))
    town.post("zhao", f"/staff/proposals/{proposal.pk}/link/", 404)
    assert Client().post(link, {"password": PASSWORD, "again": PASSWORD}).status_code == 200
    assert User.objects.get(username="weijiandu").person == wei.person
    assert Invitation.objects.get().invited_by == town.person("zhao")


def test_t14_who_asked_is_not_the_second_and_neither_is_the_holder(town):
    other = make_staff(name="另镇长", role="county_administrator", township=town.township)
    proposal = asked(town, town.person("zhao"), who="sun")
    assert "提出的人不能自己确认" in agreed_or_not(town, "sun", proposal)
    own = town.get("zhao", f"/staff/proposals/{proposal.pk}/")
    assert "这件事是给您自己办的" in own
    assert 'value="approve"' not in own
    assert proposal.summary not in town.get("zhao", "/staff/proposals/")
    assert "不能确认自己的账号" in agreed_or_not(town, "zhao", proposal)
    assert Proposal.objects.get().decision == "waiting"
    assert other.is_active
    sql = (
        "UPDATE accounts_proposal SET decision = 'approved', decided_by_id = %s,"
        " decided_at = %s WHERE id = %s"
    )
    with (
        pytest.raises(IntegrityError, match="nobody_grants_himself"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, [town.person("zhao").pk, NOON, proposal.pk])


def agreed_or_not(town, who: str, proposal: Proposal) -> str:
    return town.post(who, f"/staff/proposals/{proposal.pk}/", act="approve")


def test_nobody_asks_for_a_link_to_the_own_log_in(town):
    own = f"/staff/people/{town.person('sun').pk}/"
    assert "提出发链接" not in town.get("sun", own)
    town.post("sun", f"{own}invite/", 404, username="second", because="忘了")


def test_t14_an_expired_agreement_opens_nothing(town, wei, time_machine):
    proposal = asked(town, wei.person)
    town.post("zhao", f"/staff/proposals/{proposal.pk}/", act="approve")
    time_machine.shift(timedelta(days=15))
    town.clients["zhao"] = logged_in(town.users["zhao"])
    town.post("zhao", f"/staff/proposals/{proposal.pk}/link/", 404)
    assert not Invitation.objects.exists()


def test_t14_who_handed_out_the_log_in_is_not_its_first_person(town):
    """A clerk opens a log-in for a person without a post, who is then given one that confirms."""
    person = newcomer(town)
    lin = make_actor(person=town.person("lin"))
    made, _token = invitations.invite(person=person, username="kui", by=lin, at=NOON)
    user = invitations.accept(invitation=made, password=PASSWORD, by=lin, at=NOON)
    make_posting(person=person, role="committee_member", village=town.village)
    second = make_actor_of(user)
    waiting = proposal_of(lin, town)
    with pytest.raises(approvals.LogInFromTheFirst, match="重新定密码"):
        approvals.decide(proposal=waiting, approve=True, by=second, at=NOON)
    zhao = make_actor(person=town.person("zhao"))
    fresh, _token = invitations.make_link(
        person=person, username="kui", by=zhao, at=NOON + timedelta(hours=1)
    )
    invitations.accept(
        invitation=fresh, password="秋收以后各家各户都晒谷子", by=zhao, at=NOON + timedelta(hours=1)
    )
    approvals.decide(proposal=waiting, approve=True, by=second, at=NOON + timedelta(hours=1))
    with pytest.raises(approvals.LogInFromTheFirst):
        approvals.decide(proposal=proposal_of(zhao, town), approve=True, by=second, at=NOON)


def make_actor_of(user: User):
    actor = make_actor(person=user.person)
    return type(actor)(name=actor.name, role=actor.role, person_id=actor.person_id, user_id=user.pk)


def proposal_of(by, town) -> Proposal:
    return approvals.propose(
        kind=Proposal.Kind.LOCK,
        about=f"scoring.month:{by.person_id}",
        content="1",
        village_id=town.village.pk,
        by=by,
        at=NOON,
    )


def test_the_last_post_that_confirms_posts_is_not_ended(town):
    zhao, sun = (town.person(name).postings.get() for name in ("zhao", "sun"))
    town.post("sun", f"/staff/postings/{zhao.pk}/end/", when="day", last_day="2026-11-30")
    for fields in ({"when": "now"}, {"when": "day", "last_day": "2026-12-31"}):
        told = town.post("zhao", f"/staff/postings/{sun.pk}/end/", 422, **fields)
        assert "结束了就没有人能再给人任职" in told
        assert "请先给另一个人任乡镇管理员" in told
    sun.refresh_from_db()
    assert (sun.to_on, sun.ended_at) == (None, None)
    dead = make_staff(name="老县长", role="county_administrator", township=town.township)
    User.objects.filter(pk=dead.pk).update(is_active=False)
    town.post("zhao", f"/staff/postings/{sun.pk}/end/", 422, when="now")
    make_user(person=dead.person)
    town.post("zhao", f"/staff/postings/{sun.pk}/end/", when="now")
    sun.refresh_from_db()
    assert sun.ended_at == NOON


def test_a_clerk_s_post_ends_as_before(town):
    wen = town.person("wen").postings.get()
    town.post("lin", f"/staff/postings/{wen.pk}/end/", when="now")
    wen.refresh_from_db()
    assert wen.ended_at == NOON


def test_changes_of_a_person_are_those_of_the_reader_s_places(town):
    person = newcomer(town)
    here = make_posting(person=person, role="collector", village=town.village)
    there = make_posting(person=person, role="collector", village=town.elsewhere)
    for row, village in ((here, town.village), (there, town.elsewhere)):
        AuditEvent.objects.create(
            at=NOON, what="villages.posting_ended", about=f"villages.posting:{row.pk}",
            actor="林经办", role="township_clerk", village_id=village.pk, detail={},
        )  # fmt: skip
    mended = make_person(name="别人")
    AuditEvent.objects.create(
        at=NOON, what="villages.person_changed", about=f"villages.person:{mended.pk}",
        actor="林经办", role="township_clerk", detail={},
    )  # fmt: skip
    shown = town.get("lin", f"/staff/people/{person.pk}/")
    assert shown.count("结束任职：") == 1
    assert "修改人员" not in shown
    act(town, "lin", town.users["wen"], "suspend")
    assert "停用账号：" in page(town, "lin", town.users["wen"])
    assert "停用账号：" not in town.get("zhao", f"/staff/people/{person.pk}/")
