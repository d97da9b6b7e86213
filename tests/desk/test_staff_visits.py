"""走访: the own list, contact households and inspections; scope, wrong input, query counts."""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from households.models import Subject, Visit, VisitDuty
from tests.desk.staff_stage import logged_in
from tests.factories import NOON, make_household, make_staff, make_township, make_unit, make_village
from villages.models import Village

TODAY = {"visited_on": "2026-11-01", "channel": "home"}


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@dataclass
class Lane:
    village: Village
    homes: list[Subject]
    lin: Client
    wang: Client
    other: Client

    def duties(self, user, homes) -> list[VisitDuty]:
        return [
            VisitDuty.objects.create(
                village=self.village,
                subject=home,
                person=user.person,
                kind="contact",
                from_on=date(2026, 1, 1),
            )
            for home in homes
        ]


@pytest.fixture
def lane(db) -> Lane:
    township = make_township()
    village = make_village(township=township, name="窦庄村", number=201)
    other = make_village(township=township, name="刘庄村", number=202)
    homes = [make_household(village=village) for _number in range(3)]
    lin = make_staff(name="林文书", role="village_clerk", village=village)
    wang = make_staff(name="王姐", role="collector", village=village)
    elsewhere = make_staff(name="李红", role="collector", village=other)
    made = Lane(village, homes, logged_in(lin), logged_in(wang), logged_in(elsewhere))
    made.user = wang
    return made


def text(client: Client, path: str, **asked) -> str:
    answer = client.get(f"/staff/visits/{path}", asked)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_r09_a_clerk_gives_a_person_ten_households(lane):
    page = text(lane.lin, f"in/{lane.village.slug}/contacts/", unit=lane.homes[0].unit_id)
    assert page.count('name="household"') == 3
    answer = lane.lin.post(
        f"/staff/visits/in/{lane.village.slug}/contacts/?unit={lane.homes[0].unit_id}",
        {"person": lane.user.person_id, "household": [home.pk for home in lane.homes]},
        follow=True,
    )
    told = answer.content.decode()
    assert "派好了" in told
    assert "0 / 3 户" in told
    assert "还差 3 户" in told


def test_r28_a_visit_without_change_is_one_button(lane):
    duties = lane.duties(lane.user, lane.homes)
    assert "还有 3 户要走访" in text(lane.wang, "mine/")
    page = text(lane.wang, f"mine/{duties[0].pk}/")
    number = page.split('name="uuid" value="')[1].split('"')[0]
    for _twice in range(2):
        answer = lane.wang.post(
            f"/staff/visits/mine/{duties[0].pk}/", {"uuid": number, **TODAY}, follow=True
        )
        assert "还有 2 户要走访" in answer.content.decode()
    assert Visit.objects.count() == 1
    assert "走访过" in text(lane.lin, "", village=lane.village.slug)
    assert str(lane.homes[0].number) not in _undone(lane)


def _undone(lane) -> list[str]:
    page = lane.lin.get("/staff/visits/", {"village": lane.village.slug, "left": "1"})
    return [duty.subject.number for duty in page.context["page"]]


def test_what_changed_is_told_and_seen_the_next_time(lane):
    (duty,) = lane.duties(lane.user, lane.homes[:1])
    typed = {"uuid": str(uuid4()), "note": "老人搬去县城", **TODAY}
    assert lane.wang.post(f"/staff/visits/mine/{duty.pk}/", typed).status_code == 302
    assert Visit.objects.get().changed
    assert "老人搬去县城" in text(lane.wang, f"mine/{duty.pk}/")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"visited_on": "2026-11-02"}, "不能晚于今天"),
        ({"visited_on": "昨天"}, "日期请写成"),
        ({"note": "长" * 201}, "最多200个字"),
        ({"uuid": "x"}, "还没有办成"),
        ({"channel": "self"}, "还没有办成"),
    ],
)
def test_wrong_input_is_told_and_kept(lane, typed, told):
    (duty,) = lane.duties(lane.user, lane.homes[:1])
    sent = {"uuid": str(uuid4()), "note": "保留我", **TODAY} | typed
    answer = lane.wang.post(f"/staff/visits/mine/{duty.pk}/", sent)
    assert answer.status_code in (409, 422)
    page = answer.content.decode()
    assert told in page
    assert sent["note"] in page
    assert not Visit.objects.exists()


def test_nobody_writes_on_anothers_list_or_in_another_village(lane):
    (duty,) = lane.duties(lane.user, lane.homes[:1])
    for client in (lane.other, lane.lin):
        assert client.get(f"/staff/visits/mine/{duty.pk}/").status_code == 404
    for path in ("contacts/", "draw/"):
        address = f"/staff/visits/in/{lane.village.slug}/{path}"
        assert lane.other.get(address).status_code == 404
        assert lane.wang.post(address, {}).status_code == 404
    assert lane.wang.get("/staff/visits/").status_code == 404


def test_an_inspection_is_drawn_on_a_page(lane):
    typed = {"percent": "100", "until": "2026-12-31", "person": [lane.user.person_id]}
    address = f"/staff/visits/in/{lane.village.slug}/draw/"
    assert "从3户里抽中3户" in lane.lin.post(address, typed, follow=True).content.decode()
    assert "12月31日前要去" in text(lane.wang, "mine/")
    for wrong in ({"percent": "0"}, {"until": "2026-10-01"}, {"person": []}):
        assert lane.lin.post(address, typed | wrong).status_code == 422


def test_a_household_of_another_village_cannot_be_ticked(lane):
    stranger = make_household(village=Village.objects.exclude(pk=lane.village.pk).get())
    address = f"/staff/visits/in/{lane.village.slug}/contacts/?unit={lane.homes[0].unit_id}"
    typed = {"person": lane.user.person_id, "household": [stranger.pk]}
    assert lane.lin.post(address, typed).status_code == 422
    assert not VisitDuty.objects.exists()


def test_the_lists_take_as_many_queries_for_300_as_for_3(lane):
    lane.duties(lane.user, lane.homes)

    def queries(client: Client, path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            text(client, path)
        return len(asked)

    pages = [(lane.lin, f"?village={lane.village.slug}"), (lane.wang, "mine/")]
    few = [queries(*page) for page in pages]
    unit = make_unit(village=lane.village)
    more = [
        Subject(village=lane.village, unit=unit, number=f"9{n:03}", name="户", created_at=NOON)
        for n in range(297)
    ]
    lane.duties(lane.user, Subject.objects.bulk_create(more))
    assert [queries(*page) for page in pages] == few
