"""The red list: who stands on it, who does not, and what is printed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from notices import operations, registry
from notices.honour import current_rows, honoured
from notices.models import Notice
from notices.registry import NoticeBuilder
from notices.rows import Row
from tests.factories import NOON, make_actor
from tests.notices.paper import Paper, need_tools
from villages.operations import show_first_places

PAGE = "/v/xiawancun/honour/"
PDF = f"{PAGE}print.pdf"


def row(number: int, gross: int) -> Row:
    return Row(place=number, group="1组", number=f"{number:03}", label="王*", plus=0, gross=gross)


def ranks(gross: list[int], most: int) -> list[int]:
    rows = [row(number, points) for number, points in enumerate(gross, start=1)]
    return [one.rank for one in honoured(rows, most=most)]


@pytest.mark.parametrize(
    ("gross", "most", "seen"),
    [
        ([9, 8, 8, 7], 10, [1, 2, 2, 4]),
        ([9, 8, 8, 7], 3, [1, 2, 2]),
        ([9, 8, 8, 8], 2, [1, 2, 2, 2]),
        ([9, 8, 8, 8, 8], 2, [1]),
        ([5, 5, 5], 1, []),
        ([3, 0, 0], 10, [1]),
        ([], 10, []),
    ],
)
def test_equal_points_share_a_place_and_nobody_is_shown_without_points(gross, most, seen):
    assert ranks(gross, most) == seen


def test_places_go_by_points_then_in_the_order_of_the_notice():
    found = honoured([row(1, 5), row(2, 9), row(3, 5)], most=3)
    assert [one.row.number for one in found] == ["002", "001", "003"]


def test_a_correction_replaces_the_rows_it_names():
    rows = current_rows([[row(1, 5), row(2, 9)], [row(2, 3)]])
    assert [(one.number, one.gross) for one in rows] == [("001", 5), ("002", 3)]


@pytest.fixture
def points(register, village, approve, lin, time_machine) -> Notice:
    """A points notice on show, in a village that has adopted nothing yet."""
    time_machine.move_to(NOON, tick=False)
    registry.register(
        NoticeBuilder(
            kind=Notice.Kind.POINTS,
            title=lambda village, month: f"{village}{month}积分公示",
            build=register.build,
            labels=register.labels,
        )
    )
    notice = operations.draft(kind=Notice.Kind.POINTS, village=village, month="2026-10", at=NOON)
    return operations.publish(notice=approve(notice), at=NOON)


@pytest.fixture
def adopt(village) -> Callable[[int], None]:
    def _adopt(places: int) -> None:
        show_first_places(village=village, places=places, by=make_actor(), at=NOON)

    return _adopt


def test_without_an_adopted_number_there_is_no_red_list(client, points):
    assert [client.get(address).status_code for address in (PAGE, PDF)] == [404, 404]
    assert PAGE not in client.get("/v/xiawancun/").content.decode()


def test_without_a_published_points_notice_there_is_no_red_list(client, on_show, adopt):
    adopt(10)
    assert client.get(PAGE).status_code == 404


def test_the_adopted_places_are_shown_masked_and_no_other(client, points, adopt):
    adopt(3)
    assert f'href="{PAGE}"' in client.get("/v/xiawancun/").content.decode()
    text = client.get(PAGE).content.decode()
    for words in ("下湾村红榜", "截至2026年10月", "第1名", "第3名", "10组·001户", "欧阳*娜", "133"):
        assert words in text
    assert "第4名" not in text
    assert "2组·005户" not in text
    assert [name for name in ("欧阳娜娜", "张大三", "王刚", "-12") if name in text] == []


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("a3", (842, 1191))])
def test_the_red_list_is_printed_on_both_papers(client, points, adopt, tmp_path: Path, paper, size):
    need_tools()
    adopt(10)
    response = client.get(f"{PDF}?paper={paper}")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    sheet = Paper(response.content, tmp_path)
    assert sheet.size == pytest.approx(size, abs=1)
    for words in (
        "下湾村红榜",
        "截至2026年10月累计加分前10名",
        "第1名",
        "欧阳*娜",
        "下湾村民委员会",
    ):
        assert words in sheet.text
    assert "欧阳娜娜" not in sheet.text
