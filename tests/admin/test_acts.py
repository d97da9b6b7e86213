"""From a record to the page where something is done about it, and back again."""

import re

import pytest
from django.urls import reverse

from accounts import scope as scopes
from accounts.models import Proposal
from desk.staff.records import acts_of
from scoring.models import Month
from tests.admin.test_pages import opened, own_id, text_of
from tests.admin.test_scope import PAGES, address, rows_of
from tests.factories import make_posting, make_staff
from trail.models import AuditEvent
from villages.models import Person, Village

TOOLS = re.compile(r'<ul class="object-tools">.*?</ul>', re.S)
HREF = re.compile(r'href="([^"#]+)')
BACK = re.compile(r'<p class="at-desk"><a class="more" href="([^"]+)">')
# The proposals of this world are about months that are not there, which no operation makes.
WALKED = [page for page in PAGES if page.model is not Proposal]
ALL_ROLES = ("village_clerk", "auditor", "supervision_member", "township_administrator")


def acts(client, model, pk: int) -> list[str]:
    found = TOOLS.search(opened(client, model, pk))
    return HREF.findall(found[0]) if found else []


def empower(world) -> None:
    for role in ALL_ROLES[2:]:
        place = {"township": world.mine.township} if role.startswith("town") else {}
        make_posting(person=world.lin.person, role=role, **(place or {"village": world.mine}))


@pytest.mark.parametrize("everything", [False, True], ids=["clerk and auditor", "all"])
def test_every_button_leads_to_a_page_that_opens(world, enter, everything):
    if everything:
        empower(world)
    lin, shut, seen = enter(world.lin), [], 0
    for page in WALKED:
        for pk in rows_of(page.model, world.lin):
            for link in acts(lin, page.model, pk):
                seen += 1
                answer = lin.get(link.replace("&amp;", "&"))
                if answer.status_code not in (200, 302):
                    shut.append((page.opts.label, link, answer.status_code))
    assert shut == []
    assert seen > len(PAGES)


def test_the_workspace_leads_back_to_the_same_record(world, enter):
    lin = enter(world.lin)
    found = set()
    for page in WALKED:
        own = own_id(page.model, world.lin)
        back = address(page, "change", own)
        for link in acts(lin, page.model, own):
            html = lin.get(link.replace("&amp;", "&"), follow=True).content.decode()
            if back in BACK.findall(html):
                found.add(page.opts.label)
    assert {
        "villages.Village", "villages.Person", "households.Subject", "scoring.Month", "jobs.Job",
        "trail.AuditEvent",
    } <= found  # fmt: skip


def test_a_way_to_the_records_is_shown_only_to_whom_it_opens(world, enter):
    """The security administrator reads postings, and no notices nor villages at the desk."""
    place = {"township": world.mine.township}
    guard = enter(make_staff(name="安全员", role="security_administrator", **place))
    html = guard.get(f"/staff/villages/{world.mine.slug}/").content.decode()
    assert BACK.findall(html) == []
    clerk = enter(make_staff(name="镇经办", role="township_clerk", **place))
    (back,) = BACK.findall(clerk.get(f"/staff/villages/{world.mine.slug}/").content.decode())
    assert clerk.get(back).status_code == 200


def test_buttons_are_for_whom_they_are_allowed(world, enter):
    lin = enter(world.lin)
    cards = reverse("staff:cards", args=[world.mine.slug])
    assert cards in acts(lin, Village, world.mine.pk)
    auditor = enter(make_staff(name="审计", role="auditor", village=world.mine))
    links = acts(auditor, Village, world.mine.pk)
    assert cards not in links
    assert reverse("staff:ledger", args=[world.mine.slug]) in links
    merchant = enter(make_staff(name="商户", role="merchant", village=world.mine))
    (only,) = acts(merchant, Village, world.mine.pk)
    assert only.startswith(reverse("staff:notices"))


def test_a_person_is_invited_from_the_record_by_who_manages_log_ins(world, enter):
    place = {"township": world.mine.township}
    clerk = enter(make_staff(name="镇经办", role="township_clerk", **place))
    assert "发邀请、管账号" in opened(clerk, Person, world.lin.person_id)
    assert "发邀请、管账号" not in opened(enter(world.lin), Person, world.lin.person_id)


def test_a_month_that_was_only_transcribed_has_no_page_to_go_to(world):
    month = Month(pk=1, village=world.mine, month="2025-12", origin=Month.Origin.TRANSCRIBED)
    assert acts_of(scopes.of(world.lin), month) == []


def test_a_proposal_leads_to_the_page_of_two_persons(world, enter):
    pk = own_id(Proposal, world.lin)
    assert reverse("staff:proposal", args=[pk]) in acts(enter(world.lin), Proposal, pk)
    merchant = enter(make_staff(name="商户", role="merchant", village=world.mine))
    assert acts(merchant, Proposal, pk) == []


def test_the_same_to_dos_are_on_both_homes(world, enter):
    lin = enter(world.lin)
    homes = [lin.get(url).content.decode() for url in ("/staff/", reverse("admin:index"))]
    counts = [re.search(r"今天有 (\d+) 项要办", home)[1] for home in homes]
    tasks = [re.findall(r'<li class="task">\s*<a href="([^"]+)"', home) for home in homes]
    assert counts[0] == counts[1]
    assert tasks[0][: int(counts[0])] == tasks[1]


def test_passwords_are_changed_in_one_place(world, enter):
    answer = enter(world.lin).get(reverse("admin:password_change"))
    assert answer.url == reverse("account_change_password")


def test_rating_anew_and_checking_the_ledger_are_one_event_each(world, enter):
    lin = enter(world.lin)
    month = month_of(world)
    base = f"/staff/months/{month.month}/{world.mine.slug}/rate/"
    assert "已经定了的星级不变" in text_of(lin.get(base).content.decode())
    for path, what in ((base, "ratings.asked"), ("", "ledger.check_asked")):
        before = AuditEvent.objects.count()
        answer = lin.post(path or f"/staff/ledger/{world.mine.slug}/verify/", follow=True)
        assert 'class="banner banner-good"' in answer.content.decode()
        assert AuditEvent.objects.count() == before + 1
        assert AuditEvent.objects.latest("id").what == what
    auditor = enter(make_staff(name="审计", role="auditor", village=world.mine))
    assert auditor.get(base).status_code == auditor.post(base).status_code == 404
    assert enter(world.zhao).post(f"/staff/ledger/{world.mine.slug}/verify/").status_code == 404


def month_of(world) -> Month:
    return Month.objects.get(pk=own_id(Month, world.lin))
