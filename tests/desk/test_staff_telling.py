"""What was done is told in words: which field from what to what, which page, which proposal."""

import pytest
from django.urls import get_resolver

from accounts import operations as approvals
from accounts.models import Proposal
from desk.page_words import PAGES, page_in_words, tried_in_words
from desk.telling import changes_in_words
from notices import operations as notices
from notices.models import Notice
from notices.queries import body_of
from scoring.proposal_kinds import show_publication
from tests.admin.conftest import furnish
from tests.desk.staffing_stage import newcomer, open_town
from tests.factories import (
    NOON,
    make_actor,
    make_household,
    make_member,
    make_person,
    make_township,
    make_unit,
    make_village,
)
from trail.models import AuditEvent
from villages.operations import change_person, rename_unit


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def town(db):
    return open_town()


def last_change() -> str:
    return changes_in_words(AuditEvent.objects.latest("pk"))


def test_b_24_a_renamed_unit_says_from_what_to_what(db):
    unit = make_unit(village=make_village(township=make_township()), name="1组")
    rename_unit(unit=unit, name="一组", by=make_actor(), at=NOON)
    assert last_change() == "名称从“1组”改为“一组”"


def test_b_24_a_person_s_page_says_that_the_phone_changed_and_not_from_what(town):
    person = newcomer(town)
    change_person(person=person, name=person.name, phone="13900001111", by=make_actor(), at=NOON)
    shown = town.get("lin", f"/staff/people/{person.pk}/")
    assert "电话已改" in shown
    assert "13900001111" not in shown


def test_b_24_a_log_in_switched_off_says_so(town):
    user = town.users["wen"]
    town.post("lin", f"/staff/people/{user.person_id}/log-ins/{user.pk}/", act="suspend")
    assert last_change().endswith("从“是”改为“否”")


def test_b_24_an_ended_posting_says_when(town):
    posting = town.person("wen").postings.get()
    town.post("lin", f"/staff/postings/{posting.pk}/end/", when="now")
    assert last_change().endswith("填为“2026-11-01 11:00”")


def test_a_person_s_page_tells_the_proposals_about_the_posts(town):
    person = newcomer(town)
    typed = {
        "place": town.village.slug, "role": "collector", "from_on": "2026-11-01",
        "route": "elected", "because": "代表会推荐",
    }  # fmt: skip
    town.post("lin", f"/staff/people/{person.pk}/grant/", **typed)
    shown = town.get("lin", f"/staff/people/{person.pk}/")
    assert f"提出授予身份：{town.village.name} 人员 {person.pk}号 采集员" in shown
    asked = Proposal.objects.get()
    town.post("zhao", f"/staff/proposals/{asked.pk}/", act="approve")
    assert "登记任职" in town.get("lin", f"/staff/people/{person.pk}/")


def test_every_page_of_the_workspace_has_its_words():
    _, staff = get_resolver().namespace_dict["staff"]
    names = {f"staff:{name}" for name in staff.reverse_dict if isinstance(name, str)}
    assert names - set(PAGES) == {"staff:login", "staff:logout"}
    assert tried_in_words("staff:audit") == "留痕"
    assert tried_in_words("staff:audit_event 12") == "一条留痕 12"
    assert page_in_words("admin:households_subject_change").startswith("档案台的")
    assert tried_in_words("nothing 1") == "nothing 1"


def test_a_publication_says_beforehand_that_it_is_void(db):
    village = make_village(township=make_township())
    furnish(village, name="某人")
    drafted = Notice.objects.filter(village=village, corrects__isnull=True).get()
    Notice.objects.filter(pk=drafted.pk).update(
        state=Notice.State.DRAFT, publish_on=None, until_on=None, published_at=None
    )
    content = notices.content_to_approve(body_of(drafted))
    voids = [show_publication(_asked(drafted, text)).void for text in (content, "another")]
    assert voids[0] == ""
    assert "内容变了" in voids[1]


def _asked(notice: Notice, content: str) -> Proposal:
    return approvals.propose(
        kind=Proposal.Kind.PUBLICATION,
        about=notices.reference(notice),
        content=content,
        village_id=notice.village_id,
        by=make_actor(person=make_person(name="林文书")),
        at=NOON,
    )


def test_t05_a_large_export_says_what_is_asked(town):
    home = make_household(village=town.village, number="500")
    for number in range(201):
        make_member(household=home, name=f"人{number}")
    place = {"place": f"t{town.township.pk}", "what": "register", "form": "csv"}
    town.post("lin", "/staff/exports/", purpose="报县里", **place)
    asked = Proposal.objects.get(kind=Proposal.Kind.EXPORT)
    address = f"/staff/proposals/{asked.pk}/"
    shown = town.get("zhao", address)
    for words in (town.village.name, town.sister.name, "201人", "报县里", "农户名册"):
        assert words in shown, words
    assert "重新导出" not in shown
    make_member(household=home, name="又一个")
    assert "重新导出一次" in town.get("zhao", address)
