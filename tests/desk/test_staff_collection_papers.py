"""Second visits and paper forms at the staff pages."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from households.models import Assignment, CollectionRecord
from households.operations.assigning import How, share
from households.operations.cards import issue_card
from tests.desk.staff_stage import logged_in
from tests.factories import NOON, make_member, make_staff
from tests.households.collection.stage import Ground, make_ground, settle
from tests.households.stage import LIN

HIDDEN = re.compile(r'name="(paper-(?:uuid|base))"[^>]*?(?: value="([^"]*)")?[^>]*>')
FILLED = {
    "living_here": "3", "home_state": "together", "house_kind": "storey", "farms": "no",
    "workers_away": "0", "reach_by": "phone", "contracted": "4.5",
    "paper-filled_on": "2026-10-31", "paper-spoken_by": "self",
}  # fmt: skip


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def ground(db) -> Ground:
    found = make_ground()
    settle(found.dou, unit="1组", count=3)
    settle(found.liu, unit="1组", count=1)
    share(round_=found.round, villages=[found.dou, found.liu], how=How.EVENLY, by=LIN, at=NOON)
    return found


@pytest.fixture
def clerk(ground) -> Client:
    return logged_in(make_staff(name="林经办", role="township_clerk", township=ground.township))


@pytest.fixture
def writer(ground) -> Client:
    return logged_in(make_staff(name="文书记", role="village_clerk", village=ground.dou))


def home(ground, village=None):
    return (village or ground.dou).subjects.order_by("pk").first()


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(f"/staff/rounds/{path}")
    assert answer.status_code == status, path
    return answer.content.decode()


def keyed(client: Client, path: str, **more) -> str:
    hidden = {name: value for name, value in HIDDEN.findall(page(client, path))}
    typed = {**FILLED, **hidden, **{name.replace("__", "-"): v for name, v in more.items()}}
    return client.post(f"/staff/rounds/{path}", typed, follow=True).content.decode()


def test_a_supervisor_draws_and_sees_who_goes(ground, clerk):
    Assignment.objects.update(state="done", done_at=NOON)
    path = f"{ground.round.pk}/checks/"
    assert "还没有抽查的户" in page(clerk, path)
    answer = clerk.post(f"/staff/rounds/{path}", {"percent": 34}, follow=True).content.decode()
    assert "抽到2户" in answer
    assert "另有1户没有派" in answer
    assert "抽签号" in answer
    row = Assignment.objects.filter(purpose="check").first()
    assert "还没有收到记录" in page(clerk, f"{path}{row.pk}/")
    page(clerk, f"{path}{row.pk + 999}/", status=404)
    wrong = clerk.post(f"/staff/rounds/{path}", {"percent": 0}).content.decode()
    assert "请填1到100的整数" in wrong


def test_a_village_draws_only_among_its_own(ground, writer):
    Assignment.objects.update(state="done", done_at=NOON)
    writer.post(f"/staff/rounds/{ground.round.pk}/checks/", {"percent": 100})
    checks = Assignment.objects.filter(purpose="check")
    assert {row.village_id for row in checks} == {ground.dou.pk}


def test_blank_forms_are_printed_with_code_version_and_people(ground, writer):
    first = home(ground)
    make_member(household=first, name="李梅", relation="妻")
    baby = make_member(household=first, name="张小宝", relation="子")
    baby.state = "awaiting_consent"
    baby.save()
    issue_card(subject=first, by=LIN, at=NOON)
    asked = f"village={ground.dou.slug}&form={ground.forms['household'].pk}"
    html = page(writer, f"{ground.round.pk}/papers/print/?{asked}")
    assert html.count('<article class="paper">') == 3
    assert html.count('class="scan"') == 1
    assert "表的版本：第1版" in html
    assert "☐ 李梅（妻）" in html
    assert "张小宝" not in html
    assert "承包地（亩，选填）" in html
    assert "style=" not in html


def test_a_paper_form_is_keyed_in_like_what_a_phone_sends(ground, writer):
    path = f"{ground.round.pk}/papers/{home(ground).pk}/"
    answer = keyed(writer, path, paper__collector=ground.chen.pk, paper__consent="on")
    assert "录好了，回执" in answer
    record = CollectionRecord.objects.get()
    assert (record.channel, record.state, record.is_current) == ("paper", "received", True)
    assert record.collector == ground.chen
    assert record.filled_at.isoformat() == "2026-10-30T16:00:00+00:00"
    assert record.answers["contracted"] == {"value": "4.5"}
    assert "已收到" in page(writer, f"{ground.round.pk}/papers/")


def test_the_same_paper_sent_twice_is_one_record(ground, writer):
    path = f"{ground.round.pk}/papers/{home(ground).pk}/"
    typed = {**FILLED, **dict(HIDDEN.findall(page(writer, path)))}
    for _press in range(2):
        answer = writer.post(f"/staff/rounds/{path}", typed, follow=True).content.decode()
        assert "录好了，回执" in answer
    assert CollectionRecord.objects.count() == 1


def test_a_later_paper_replaces_answers_and_keeps_the_photos(ground, writer):
    path = f"{ground.round.pk}/papers/{home(ground).pk}/"
    keyed(writer, path)
    keyed(writer, path, contracted="5")
    current = CollectionRecord.objects.get(is_current=True)
    assert current.answers["contracted"] == {"value": "5"}
    assert CollectionRecord.objects.count() == 2


def test_what_is_wrong_on_paper_is_said_and_nothing_is_kept(ground, writer):
    path = f"{ground.round.pk}/papers/{home(ground).pk}/"
    answer = keyed(writer, path, contracted="很多", paper__spoken_by="on_behalf")
    assert "有 2 处要改" in answer
    assert "代录要写明原因" in answer
    assert "请填数字" in answer
    assert 'value="很多"' in answer
    assert not CollectionRecord.objects.exists()


def test_paper_is_of_the_own_village_only(ground, writer):
    page(writer, f"{ground.round.pk}/papers/{home(ground, ground.liu).pk}/", status=404)
    html = page(writer, f"{ground.round.pk}/papers/?village={ground.liu.slug}")
    assert "刘庄村" not in html


def test_a_form_for_households_is_not_keyed_for_an_operator(ground, writer):
    shop = home(ground)
    shop.kind, shop.unit = "operator", None
    shop.save()
    path = f"{ground.round.pk}/papers/{shop.pk}/?form={ground.forms['household'].pk}"
    assert "录入：新型农业经营主体信息采集表" in page(writer, path)


@pytest.mark.parametrize("path", ["papers/", "papers/print/", "checks/"])
def test_as_many_queries_for_300_files_as_for_3(ground, clerk, path):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            page(clerk, f"{ground.round.pk}/{path}?village={ground.dou.slug}")
        return len(caught)

    Assignment.objects.update(state="done", done_at=NOON)
    clerk.post(f"/staff/rounds/{ground.round.pk}/checks/", {"percent": 100})
    few = queries()
    settle(ground.dou, unit="2组", count=297, first=100)
    share(round_=ground.round, villages=[ground.dou], how=How.EVENLY, by=LIN, at=NOON)
    Assignment.objects.filter(state="due").update(state="done", done_at=NOON)
    clerk.post(f"/staff/rounds/{ground.round.pk}/checks/", {"percent": 100})
    assert queries() == few
