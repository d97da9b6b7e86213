"""Rounds at the staff pages: prepared, assigned, followed to the last household, closed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from households.models import Assignment, CollectionRound, Subject
from households.operations.assigning import How, share
from tests.desk.staff_stage import logged_in
from tests.factories import NOON, make_staff
from tests.households.collection.stage import Ground, begin, make_ground, settle, use
from tests.households.stage import LIN


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def ground(db) -> Ground:
    return make_ground()


@pytest.fixture
def clerk(ground) -> Client:
    return logged_in(make_staff(name="林经办", role="township_clerk", township=ground.township))


@pytest.fixture
def writer(ground) -> Client:
    return logged_in(make_staff(name="文书记", role="village_clerk", village=ground.dou))


def shown(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(f"/staff/rounds/{path}")
    assert answer.status_code == status, path
    return answer.content.decode()


def sent(client: Client, path: str, status: int = 200, **typed) -> str:
    answer = client.post(f"/staff/rounds/{path}", typed, follow=True)
    assert answer.status_code == status, path
    return answer.content.decode()


def collect(ground, count: int, *, on=NOON) -> None:
    ids = Assignment.objects.filter(state="due").order_by("pk").values_list("pk", flat=True)[:count]
    Assignment.objects.filter(pk__in=list(ids)).update(state="done", done_at=on)


def given(ground, *villages) -> None:
    share(round_=ground.round, villages=villages, how=How.EVENLY, by=LIN, at=NOON)


def test_a_round_is_prepared_changed_opened_and_closed(ground, clerk):
    form = ground.forms["household"]
    days = {"opens_on": "2026-11-02", "closes_on": "2026-12-01"}
    page = sent(clerk, "add/", title="春季", forms=[form.pk], **days)
    made = CollectionRound.objects.get(title="春季")
    assert "开始这个轮次" in page
    sent(clerk, f"{made.pk}/edit/", title="春季采集", forms=[form.pk], **days)
    assert "采集员下次联网就会看到自己的户" in sent(clerk, f"{made.pk}/", act="open")
    page = sent(clerk, f"{made.pk}/", act="move", closes_on="2026-12-24")
    assert "2026年12月24日" in page
    assert "请填日期" in sent(clerk, f"{made.pk}/", act="move", closes_on="")
    assert "已经开始" in sent(clerk, f"{made.pk}/edit/", title="别的", forms=[form.pk], **days)
    sent(clerk, f"{made.pk}/", act="close")
    made.refresh_from_db()
    assert (made.title, made.state) == ("春季采集", "closed")
    assert "这个轮次没有在进行" in sent(clerk, f"{made.pk}/", act="close")
    sent(clerk, f"{made.pk}/", status=404, act="explode")


def test_what_is_wrong_with_a_round_is_said(ground, clerk):
    page = sent(clerk, "add/", title="", opens_on="2026-11-02", closes_on="2026-11-01")
    assert "有 2 处要改" in page
    page = sent(
        clerk, "add/", title=ground.round.title, opens_on="2026-11-02", closes_on="2026-11-09",
        forms=[ground.forms["household"].pk],
    )  # fmt: skip
    assert "已经有叫这个名称的轮次" in page


def test_who_manages_changes_and_the_village_only_looks_at_its_own(ground, clerk, writer):
    settle(ground.dou, unit="1组", count=2)
    settle(ground.liu, unit="1组", count=2)
    given(ground, ground.dou, ground.liu)
    page = shown(writer, f"{ground.round.pk}/progress/")
    assert "陈采集" in page
    assert "郭采集" not in page
    assert "刘庄村" not in page
    assert "0 / 2 户" in page
    for path in ("add/", f"{ground.round.pk}/edit/", f"{ground.round.pk}/assign/"):
        shown(writer, path, status=404)
    sent(writer, f"{ground.round.pk}/", status=404, act="close")
    assert "派任务" not in shown(writer, f"{ground.round.pk}/")


def test_r_05_the_township_shares_out_with_one_button(ground, clerk):
    settle(ground.dou, unit="1组", count=3)
    settle(ground.dou, unit="2组", count=4)
    settle(ground.liu, unit="1组", count=2)
    assert "还有 9 户没人去" in shown(clerk, f"{ground.round.pk}/assign/")
    page = sent(clerk, f"{ground.round.pk}/assign/", how="by_unit")
    assert "派好了9户" in page
    assert "每一户都派好了" in page
    assert "0 / 4 户" in page
    sent(clerk, f"{ground.round.pk}/assign/", status=404, how="by_lot")


def test_a_village_is_assigned_by_hand_taken_back_and_passed_on(ground, clerk):
    one, two, three = settle(ground.dou, unit="1组", count=3)
    path = f"{ground.round.pk}/assign/{ground.dou.slug}/"
    page = sent(clerk, path, act="hand", file=[one.pk, two.pk], collector=ground.chen.pk)
    assert "2户派给了陈采集" in page
    assert "还没有勾选户" in sent(clerk, path, act="hand", collector=ground.chen.pk)
    assert "请选采集员" in sent(clerk, path, act="hand", file=[one.pk])
    wrong = sent(clerk, path, act="hand", file=[one.pk], collector=ground.guo.pk)
    assert "这个村没有这位采集员" in wrong
    assert "派好了1户" in sent(clerk, path, act="share", how="evenly")
    assert Assignment.objects.get(subject=three).collector == ground.fang
    assert "收回了1户" in sent(clerk, path, act="withdraw", file=[one.pk])
    page = sent(clerk, path, act="pass_on", collector=ground.chen.pk, successor=ground.fang.pk)
    assert "没做完的1户交给了方采集" in page
    assert "请选另一位" in sent(
        clerk, path, act="pass_on", collector=ground.fang.pk, successor=ground.fang.pk
    )
    sent(clerk, path, status=404, act="explode")


def test_a_village_s_files_are_narrowed_by_group_and_by_who_goes(ground, clerk):
    settle(ground.dou, unit="1组", count=2)
    (last,) = settle(ground.dou, unit="2组", count=1, first=77)
    path = f"{ground.round.pk}/assign/{ground.dou.slug}/"
    sent(clerk, path, act="hand", file=[last.pk], collector=ground.chen.pk)
    assert "共 3 户" in shown(clerk, path)
    assert "共 1 户" in shown(clerk, f"{path}?unit={last.unit_id}")
    assert "共 2 户" in shown(clerk, f"{path}?who=nobody")
    assert "共 1 户" in shown(clerk, f"{path}?who={ground.chen.pk}")
    shown(clerk, f"{ground.round.pk}/assign/nowhere/", status=404)


def test_700_of_701_is_never_100_percent(ground, clerk):
    settle(ground.dou, unit="1组", count=701)
    given(ground, ground.dou)
    collect(ground, 700)
    page = shown(clerk, f"{ground.round.pk}/progress/")
    assert "700 / 701 户，99%" in page
    assert "还差 1 户" in page
    # One of the two collectors has all of theirs.
    assert page.count("100%") == 1
    collect(ground, 1)
    assert "701 / 701 户，100%，都收到了" in shown(clerk, f"{ground.round.pk}/progress/")


def test_progress_tells_days_who_was_not_met_and_who_nobody_goes_to(ground, clerk):
    homes = settle(ground.dou, unit="1组", count=4)
    given(ground, ground.dou)
    collect(ground, 1)
    collect(ground, 1, on=NOON + timedelta(days=1))
    Assignment.objects.filter(subject=homes[3]).update(
        state="unreached", unreached_reason="三次没人在家"
    )
    settle(ground.dou, unit="2组", count=1)
    page = shown(clerk, f"{ground.round.pk}/progress/")
    assert "2 / 5 户，40%" in page
    assert "没人去 1 户" in page
    assert "三次没人在家" in page
    assert "11月2日" in page
    table = clerk.get(f"/staff/rounds/{ground.round.pk}/progress/table/")
    assert table["Content-Type"].startswith("text/csv")
    lines = table.content.decode().splitlines()
    assert lines[0].startswith("\ufeff村,采集员,应采,已收到,还差")
    assert [line.split(",")[2:] for line in lines[1:]] == [
        ["2", "2", "0", "0", "100"],
        ["2", "0", "2", "1", "0"],
    ]
    assert "张" not in table.content.decode()


def test_what_was_closed_before_anybody_came_is_not_due(ground, clerk):
    gone, _stays = settle(ground.dou, unit="1组", count=2)
    given(ground, ground.dou)
    Subject.objects.filter(pk=gone.pk).update(state="closed")
    assert "0 / 1 户" in shown(clerk, f"{ground.round.pk}/progress/")


@pytest.mark.parametrize("page", ["progress/", "assign/", "", "progress/table/"])
def test_as_many_queries_for_300_files_as_for_3(ground, clerk, page):
    """As many, too, for many collectors and many days."""
    settle(ground.dou, unit="1组", count=3)
    given(ground, ground.dou)
    few = _queries(clerk, f"{ground.round.pk}/{page}")
    settle(ground.dou, unit="2组", count=150, first=100)
    settle(ground.liu, unit="2组", count=150, first=100)
    given(ground, ground.dou, ground.liu)
    for day in range(5):
        collect(ground, 20, on=NOON + timedelta(days=day))
    left = Assignment.objects.filter(state="due").values_list("pk", flat=True)[:50]
    Assignment.objects.filter(pk__in=list(left)).update(state="unreached", unreached_reason="外出")
    assert _queries(clerk, f"{ground.round.pk}/{page}") == few


def test_as_many_queries_for_a_village_of_300_as_of_3(ground, clerk):
    path = f"{ground.round.pk}/assign/{ground.dou.slug}/"
    settle(ground.dou, unit="1组", count=3)
    given(ground, ground.dou)
    few = _queries(clerk, path)
    settle(ground.dou, unit="2组", count=300, first=100)
    given(ground, ground.dou)
    assert _queries(clerk, path) == few


def test_the_list_takes_as_many_queries_for_many_rounds(ground, clerk):
    few = _queries(clerk, "")
    aspects = use(ground.township, "self_assessment")
    for number in range(5):
        begin(ground.township, aspects, title=f"第{number}轮")
    assert _queries(clerk, "") == few


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(f"/staff/rounds/{path}").status_code == 200
    return len(caught)
