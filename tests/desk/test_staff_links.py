"""The one-time links that were sent: seen at the desk, called back there, never read again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from households.models import ReportLink
from households.operations.links import make_link
from tests.desk.staff_stage import logged_in
from tests.factories import NOON, make_actor, make_staff, make_village
from tests.households.collection_stage import Field, open_field
from trail.models import AuditEvent


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def field(db) -> Field:
    return open_field()


def sent(field: Field, *, ago: timedelta = timedelta()) -> tuple[ReportLink, str]:
    return make_link(
        subject=field.home, form=field.form, round_=field.round,
        person_id=field.hong.person_id, by=make_actor(), at=timezone.now() - ago,
    )  # fmt: skip


def text(answer) -> str:
    return answer.content.decode()


def test_the_list_says_who_sent_which_until_when_and_how_it_stands(field):
    _first, secret = sent(field, ago=timedelta(days=8))
    used, _secret = sent(field)
    ReportLink.objects.filter(pk=used.pk).update(used_at=NOON)
    page = text(field.as_("clerk").get("/staff/links/"))
    assert field.hong.person.name in page
    assert [page.count(words) for words in ("过期了，没有用", "已经填好", "还没用")] == [1, 1, 0]
    assert "作废发给" not in page
    assert secret not in page


def test_an_open_link_is_called_back_once_and_noted(field):
    link, secret = sent(field)
    clerk = field.as_("clerk")
    assert "还没用" in text(clerk.get("/staff/links/"))
    page = text(clerk.post(f"/staff/links/{link.pk}/revoke/", follow=True))
    assert "已经作废，打不开了" in page
    assert "已作废" in page
    assert "不用再作废" in text(clerk.post(f"/staff/links/{link.pk}/revoke/", follow=True))
    assert AuditEvent.objects.filter(what="collection.link_revoked").count() == 1
    assert "作废" in text(clerk.get(f"/h/once/{secret}/"))


def test_i05_a_clerk_of_another_village_neither_sees_nor_calls_it_back(field):
    link, _secret = sent(field)
    other = make_village(township=field.home.village.township, name="刘庄村", number=209)
    clerk = make_staff(name="刘文书", role="village_clerk", village=other)
    client = logged_in(clerk)
    assert "没有发过填表链接" in text(client.get("/staff/links/"))
    assert client.post(f"/staff/links/{link.pk}/revoke/").status_code == 404
    link.refresh_from_db()
    assert link.void_at is None


def test_the_page_of_a_file_leads_to_its_own_links(field):
    sent(field)
    address = f"/staff/links/?file={field.home.pk}"
    clerk = field.as_("clerk")
    assert address in text(clerk.get(f"/staff/households/{field.home.pk}/"))
    assert "还没用" in text(clerk.get(address))
    assert "没有发过填表链接" in text(clerk.get("/staff/links/?file=999999"))


def test_the_list_asks_as_often_for_three_as_for_thirty(field):
    clerk = field.as_("clerk")
    for _time in range(3):
        sent(field)
    clerk.get("/staff/links/")
    with CaptureQueriesContext(connection) as few:
        assert text(clerk.get("/staff/links/")).count('class="task"') == 3
    for _time in range(27):
        sent(field)
    with CaptureQueriesContext(connection) as many:
        assert text(clerk.get("/staff/links/")).count('class="task"') == 30
    assert len(many) == len(few)
