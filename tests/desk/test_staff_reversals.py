"""冲正 on its pages: asked for by one, agreed on by another, refused where it may not be."""

import pytest

from accounts.models import Proposal
from scoring.models import Entry
from tests.desk.staff_stage import open_office
from tests.factories import NOON


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def office(db):
    return open_office()


def _wrong(office) -> Entry:
    return Entry.objects.get(village=office.stage.village, points=8)


def test_i20_from_the_household_to_the_reversal(office):
    wrong = _wrong(office)
    assert f'href="{office.base}reverse/"' in office.text()
    chosen = office.text(f"reverse/?household={office.stage.home.number}")
    assert f'href="{office.base}reverse/{wrong.pk}/"' in chosen
    asked = office.act(f"reverse/{wrong.pk}/", office.lin, reason="同一件事记了两次")
    proposal = Proposal.objects.get()
    for words in ("冲正一笔", "同一件事记了两次", "原来：+8分；办了以后：0分", "是您提出的"):
        assert words in asked, words
    page = f"/staff/proposals/{proposal.pk}/"
    shown = office.wei.get(page).content.decode()
    assert "同意冲正一笔" in shown
    assert "办好了" in office.wei.post(page, {"act": "approve"}, follow=True).content.decode()
    assert Entry.objects.get(reverses=wrong).points == -8
    again = office.wei.post(page, {"act": "approve"}, follow=True).content.decode()
    assert "这件事已经办过了" in again
    assert Entry.objects.filter(kind="reversal").count() == 1
    assert office.lin.get(office.base + f"reverse/{wrong.pk}/").status_code == 404


def test_without_a_reason_it_is_not_asked_and_nothing_typed_is_lost(office):
    page = office.act(f"reverse/{_wrong(office).pk}/", office.lin, reason=" ")
    assert "请写明为什么要冲正" in page
    assert "<title>有问题：" in page
    assert not Proposal.objects.exists()
    long = office.act(f"reverse/{_wrong(office).pk}/", office.lin, reason="错" * 201)
    assert "理由最多200个字" in long
    assert "错" * 201 in long


def test_who_may_not_ask_and_what_is_not_of_the_month_is_not_found(office):
    wrong = _wrong(office)
    theirs = Entry.objects.get(village=office.neighbour.village)
    for client, number in ((office.wei, wrong.pk), (office.zhao, wrong.pk),
                           (office.lin, theirs.pk), (office.lin, 10**17)):  # fmt: skip
        for answer in (
            client.get(f"{office.base}reverse/{number}/"),
            client.post(f"{office.base}reverse/{number}/", {"reason": "x"}),
        ):
            assert answer.status_code == 404
    assert not Proposal.objects.exists()


def test_a_locked_month_leads_to_its_own_page(office):
    wrong = _wrong(office)
    office.lock()
    for path in ("reverse/", f"reverse/{wrong.pk}/"):
        assert office.lin.get(office.base + path).url == office.base
    assert "申请冲正" not in office.text()


def test_the_entries_that_stand_out_lead_to_their_reversal(office):
    office.stage.enter(8)
    page = office.text("review/entries/?why=repeat&key=0")
    assert f'href="{office.base}reverse/{_first(office)}/"' in page
    assert "reverse/" not in office.text("review/entries/?why=repeat&key=0", who=office.wei)


def _first(office) -> int:
    return Entry.objects.filter(village=office.stage.village, points=8).order_by("pk")[0].pk
