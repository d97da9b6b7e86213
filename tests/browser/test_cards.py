"""Cards of households printed in a real Chromium, without script; and their pages."""

from pathlib import Path

import pytest

from households.operations.cards import issue_card
from tests.browser.seen import sees
from tests.browser.test_month_close import Person, faults_of
from tests.browser.test_public_pages import chromium
from tests.desk.staff_stage import Office, open_office
from tests.factories import make_household
from tests.notices.paper import Paper, need_tools
from trail import clock

pytestmark = pytest.mark.browser


@pytest.fixture
def office(live_site: str) -> Office:
    return open_office()


def test_a_clerk_ticks_households_and_gets_their_sheet(live_site, office, tmp_path: Path):
    need_tools()
    make_household(village=office.stage.village, number="902")
    with chromium(live_site, script=False) as screen:
        lin = Person(screen, office.people["lin"].username)
        lin.follow("印户卡")
        lin.follow(office.stage.village.name)
        lin.follow("还没有卡的户都勾上")
        lin.press("核对勾选的户")
        sees(screen, "给这 2 户印新卡")
        with screen.expect_download() as coming:
            lin.press("换新卡，下载 PDF")
        pdf = Path(coming.value.path()).read_bytes()
        lin.press("换新卡，下载 PDF")
        sees(screen, "这件事已经办过了")
    assert len(Paper(pdf, tmp_path).codes(1)) == 2


def test_the_pages_are_readable(live_site, office):
    base = f"/staff/cards/{office.stage.village.slug}/"
    ticked = f"{base}check/?household={office.stage.home.pk}"
    withdraw = f"{base}withdraw/{office.stage.home.pk}/"
    found = faults_of(live_site, office.lin, ["/staff/", base, ticked, withdraw])
    issue_card(subject=office.stage.home, by=office.stage.clerk, at=clock.now())
    found += faults_of(live_site, office.lin, [base, withdraw])
    assert found == []
