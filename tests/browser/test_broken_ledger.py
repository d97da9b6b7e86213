"""The page of a broken ledger in a real Chromium: read by all, signed without script."""

import pytest

from scoring.operations import breaks
from scoring.queries.verifying import Problem
from tests.browser.seen import sees
from tests.browser.test_month_close import Person, faults_of
from tests.browser.test_public_pages import chromium
from tests.desk.staff_stage import Office, open_office
from trail import clock
from trail.actor import Actor

pytestmark = pytest.mark.browser


@pytest.fixture
def office(live_site: str) -> Office:
    """An entry was changed and a balance does not fit."""
    office = open_office()
    code, home = office.stage.village.code, office.stage.home.pk
    found = [
        Problem(code, 7, "changed: the row does not fit its digest"),
        Problem(code, None, f"balance of subject {home} is not the sum"),
    ]
    by = Actor.system("test")
    breaks.stop(village=office.stage.village, problems=found, by=by, at=clock.now())
    return office


def test_i08_supervision_signs_without_script_on_a_phone(live_site, office):
    with chromium(live_site, width=360, script=False) as screen:
        wei = Person(screen, office.people["wei"].username)
        wei.follow("账本停了，等您签字")
        sees(wei.page, "被改过：内容和它的指纹对不上")
        wei.page.get_by_label("查到了什么").fill("对照纸质公示，第7笔被改过，已报镇里")
        wei.press("签字，让账本再记账")
        sees(wei.page, "现在照常记账")
        sees(wei.page, "魏监督")
    assert office.stage.enter()


def test_the_page_of_a_broken_ledger_is_readable_before_and_after(live_site, office):
    page = f"/staff/ledger/{office.stage.village.slug}/"
    sound = f"/staff/ledger/{office.neighbour.village.slug}/"
    found = faults_of(live_site, office.wei, ["/staff/", page])
    found += faults_of(live_site, office.lin, [page])
    seen = office.wei.get(page).content.decode().split('name="seen" value="')[1].split('"')[0]
    office.wei.post(page, {"seen": seen, "reason": "看过了"})
    found += faults_of(live_site, office.wei, [page])
    assert office.wei.get(sound).status_code == 404
    assert found == []
