"""A broken ledger on its page: what was found, what stands still, and who signs it."""

import pytest
from django.core.management import CommandError, call_command

from scoring.errors import LedgerStopped
from scoring.models import Entry, LedgerState
from scoring.operations import breaks
from scoring.queries.verifying import Problem
from tests.desk.staff_stage import logged_in, open_office
from tests.factories import NOON, make_staff
from tests.scoring.tampering import tamper
from trail.actor import Actor
from trail.models import AuditEvent

SYSTEM = Actor.system("test")
REASON = "对照了10月的纸质公示，第2笔被人改过，公安已立案"


@pytest.fixture
def office(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    return open_office()


def stop(office, *texts: str, entry: int | None = 7) -> None:
    code = office.stage.village.code
    found = [Problem(code, entry, text) for text in texts]
    breaks.stop(village=office.stage.village, problems=found, by=SYSTEM, at=NOON)


def address(office) -> str:
    return f"/staff/ledger/{office.stage.village.slug}/"


def page(office, who=None) -> str:
    response = (who or office.wei).get(address(office))
    assert response.status_code == 200
    return response.content.decode()


def seen(text: str) -> str:
    return text.split('name="seen" value="')[1].split('"')[0]


def test_a_sound_ledger_says_so(office):
    assert "没有查出问题，账本没有停" in page(office, office.lin)
    assert 'name="seen"' not in page(office, office.wei)


def test_i08_what_was_found_is_named_and_supervision_signs_it(office):
    home = office.stage.home
    stop(office, "changed: the row does not fit its digest")
    stop(office, f"balance of subject {home.pk} is not the sum", entry=None)
    text = page(office)
    assert "第7笔：被改过：内容和它的指纹对不上" in text
    assert f"{home.unit.name}·{home.number}的余额和账上各笔加起来不一样" in text
    assert "不能记账、更正、兑换" in text
    answer = office.wei.post(address(office), {"seen": seen(text), "reason": REASON}, follow=True)
    after = answer.content.decode()
    assert ("魏监督" in after, REASON in after, "现在照常记账" in after) == (True, True, True)
    assert office.stage.enter()
    event = AuditEvent.objects.get(what="ledger.break_signed")
    assert event.person_id == office.people["wei"].person_id


def test_i08_the_list_of_what_is_due_leads_supervision_to_it_and_tells_the_others(office):
    stop(office, "added under a seal")
    for who, due in ((office.wei, True), (office.lin, False), (office.zhao, False)):
        text = who.get("/staff/").content.decode()
        assert ("账本停了，等您签字" in text) == due
        assert ("看查出了什么" in text) == (who is not office.zhao)


def test_i08_who_does_not_supervise_reads_and_signs_nothing(office):
    stop(office, "added under a seal")
    text = page(office, office.lin)
    assert "第7笔：封账以后塞进来的" in text
    assert "由这个村的监督小组成员签字" in text
    assert office.lin.post(address(office), {"reason": REASON, "seen": "x"}).status_code == 404
    assert LedgerState.objects.get(village=office.stage.village).stopped


def test_another_village_is_as_absent_as_none(office):
    stop(office, "added under a seal")
    merchant = make_staff(name="商户", role="merchant", village=office.stage.village)
    for who in (office.zhao, logged_in(merchant)):
        assert who.get(address(office)).status_code == 404
        assert who.post(address(office), {"reason": REASON}).status_code == 404
    assert office.wei.get("/staff/ledger/nowhere/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "told"), [("", "请写明查到了什么"), ("长" * 301, "说明最多300个字")]
)
def test_a_signature_without_its_words_is_refused_and_keeps_them(office, typed, told):
    stop(office, "added under a seal")
    fields = {"seen": seen(page(office)), "reason": typed}
    answer = office.wei.post(address(office), fields)
    assert answer.status_code == 409
    assert told in answer.content.decode()
    assert typed in answer.content.decode()
    assert LedgerState.objects.get(village=office.stage.village).stopped


def test_what_was_found_after_the_page_was_shown_is_read_first(office):
    stop(office, "added under a seal")
    old = seen(page(office))
    stop(office, "removed: it was sealed and is gone", entry=9)
    text = office.wei.post(address(office), {"seen": old, "reason": REASON}).content.decode()
    assert "您看的时候又查出了新的问题，请再看一遍" in text
    assert "第9笔：封过账，现在不见了" in text
    fields = {"seen": seen(text), "reason": REASON}
    assert office.wei.post(address(office), fields).status_code == 302
    again = office.wei.post(address(office), fields)
    assert "没有停，不用签字" in again.content.decode()


def test_what_was_signed_before_is_kept_apart(office):
    stop(office, "added under a seal")
    office.wei.post(address(office), {"seen": seen(page(office)), "reason": REASON})
    stop(office, "removed: it was sealed and is gone", entry=9)
    text = page(office)
    assert "以前签过字的 1 处" in text
    assert "封过账，现在不见了" in text.partition("以前签过字的")[0]
    assert "封账以后塞进来的" in text.partition("以前签过字的")[2]


def test_more_than_a_hundred_problems_are_counted_not_listed(office):
    for number in range(1, 103):
        stop(office, "added under a seal", entry=number)
    text = page(office)
    assert text.count("封账以后塞进来的") == 100
    assert "还有 2 处没有列在这里" in text


def test_t19_a_changed_row_is_found_shown_and_signed(committed_db):
    office = open_office()
    entry = Entry.objects.filter(village=office.stage.village).order_by("pk")[1].pk
    tamper(committed_db, f"UPDATE scoring_entry SET points = 80 WHERE id = {entry}")
    with pytest.raises(CommandError):
        call_command("verify_ledger", "--stop", verbosity=0)
    text = page(office)
    assert f"第{entry}笔：被改过：内容和它的指纹对不上" in text
    with pytest.raises(LedgerStopped):
        office.stage.enter()
    office.wei.post(address(office), {"seen": seen(text), "reason": REASON})
    assert office.stage.enter()
