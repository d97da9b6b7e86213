"""Acts of two persons in a real Chromium: readable on a phone and a laptop, without script."""

import pytest

from accounts.models import Proposal
from scoring.models import Entry
from tests.browser.seen import sees
from tests.browser.test_month_close import Person, faults_of
from tests.browser.test_public_pages import chromium
from tests.desk.staff_stage import Office, open_office
from tests.desk.test_staff_adoptions import _typed

pytestmark = pytest.mark.browser
LIST = "/staff/proposals/"


@pytest.fixture
def office(live_site: str) -> Office:
    return open_office()


def test_a_wrong_entry_is_reversed_by_two_without_script(live_site, office):
    with chromium(live_site, script=False) as screen:
        other = screen.context.browser.new_context(base_url=live_site, java_script_enabled=False)
        lin = Person(screen, office.people["lin"].username)
        wei = Person(other.new_page(), office.people["wei"].username)
        screen.goto(office.base)
        lin.follow("申请冲正")
        screen.get_by_label("哪一户记错了").fill(office.stage.home.number)
        lin.press("看这户的记账")
        lin.follow("条目plus")
        screen.get_by_label("为什么要冲正").fill("同一件事记了两次")
        lin.press("提出冲正这一笔")
        sees(screen, "要另一个人来确认")
        wei.page.goto("/staff/")
        wei.follow("等您确认冲正")
        wei.press("同意冲正一笔")
        sees(wei.page, "办好了")
        screen.goto("/staff/")
    assert Entry.objects.filter(kind="reversal").count() == 1


def test_the_pages_are_readable_on_a_phone_and_a_laptop(live_site, office):
    wrong = Entry.objects.get(village=office.stage.village, points=8)
    reverse = f"{office.base}reverse/"
    chosen = f"{reverse}?household={office.stage.home.number}"
    book = office.stage.submit_book()
    adopt = f"/staff/rules/{office.stage.village.slug}/{book.version}/approve/"
    asking = [reverse, chosen, f"{reverse}{wrong.pk}/", adopt, "/staff/"]
    found = faults_of(live_site, office.lin, asking)
    office.act(f"reverse/{wrong.pk}/", office.lin, reason="同一件事记了两次")
    office.lin.post(adopt, _typed())
    pages = [LIST, *(f"{LIST}{one.pk}/" for one in Proposal.objects.all())]
    found += faults_of(live_site, office.wei, [*pages, f"{LIST}?part=settled"])
    found += faults_of(live_site, office.lin, [f"{LIST}?part=mine", pages[1]])
    assert found == []
