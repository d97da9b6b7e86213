"""P1 b: a clerk imports 700 rows with errors in at most nine clicks, also without a script."""

import re
from pathlib import Path

import pytest

from desk.staff import import_steps
from households.models import ImportBatch, Member
from tests.browser.seen import sees
from tests.browser.test_month_close import Person, faults_of
from tests.browser.test_public_pages import chromium
from tests.desk.import_stage import Desk, as_csv, open_desk
from tests.factories import make_id_number
from tests.households.stage import row

pytestmark = pytest.mark.browser
ROWS, BAD, MOST_CLICKS = 700, 6, 9


@pytest.fixture
def desk(live_site: str) -> Desk:
    return open_desk()


def _sheet(tmp_path: Path) -> Path:
    rows = [
        row(f"张{number}", 村="刘庄村", 户号=str(number), 身份证号=make_id_number(order=number))
        for number in range(1, ROWS + 1)
    ]
    for number in range(BAD):
        rows[number]["身份证号"] = rows[number]["身份证号"][:-1]
    path = tmp_path / "农户.csv"
    path.write_bytes(as_csv(*rows))
    return path


def test_p1_700_rows_with_errors_take_at_most_nine_clicks(live_site, desk, start_worker, tmp_path):
    start_worker()
    sheet, clicks = _sheet(tmp_path), 0
    with chromium(live_site, script=False) as screen:
        Person(screen, desk.liu_user.username)

        def click(role: str, words: str) -> None:
            nonlocal clicks
            clicks += 1
            screen.get_by_role(role, name=re.compile(words)).first.click()

        click("link", "^农户$")
        click("link", "^导入$")
        # The button that opens the computer's own window for files.
        clicks += 1
        screen.set_input_files("input[type=file]", sheet)
        click("button", "上传")
        click("button", "下一步")
        sees(screen, "出错 6")
        for number in range(BAD):
            right = make_id_number(order=number + 1)
            screen.get_by_label(f"第{number + 2}行身份证号").fill(right)
        click("button", "保存并重新检查")
        sees(screen, "出错 0")
        click("link", "下一步：确认")
        click("button", "导入 700 人")
        screen.get_by_role("heading", name="已导入 700 人").wait_for(timeout=60_000)
    assert clicks <= MOST_CLICKS
    assert Member.objects.count() == ROWS


def test_the_pages_of_an_import_are_readable(live_site, desk, monkeypatch):
    # The page of something under way looks again by itself, also in the middle of a look at it.
    monkeypatch.setattr(import_steps, "LOOK_AGAIN", "3600")
    bad = row("王五", 户号="2", 身份证号="1", 联系电话="139")
    good = row(身份证号=make_id_number(), 联系电话="1")
    number = desk.checked(good, bad)
    base = f"/staff/import/{number}/"
    pages = [f"{base}check/?tab={tab}" for tab in ("refused", "added", "changed", "warned")]
    found = faults_of(
        live_site, desk.lin, ["/staff/import/", f"{base}columns/", *pages, f"{base}confirm/"]
    )
    desk.press(number, "confirm", act="start", rows="good")
    found += faults_of(live_site, desk.lin, [f"{base}confirm/"])
    desk.write(number, rows="good")
    changed = desk.checked(good | {"备注": "低保", "联系电话": "13900000001"})
    found += faults_of(
        live_site,
        desk.lin,
        [f"{base}done/", f"/staff/import/{changed}/check/?tab=changed"],
    )
    assert found == []
    assert ImportBatch.objects.count() == 2
