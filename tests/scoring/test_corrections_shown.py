"""What becomes of a correction beside the ledger: the sheet on the wall, and the ratings."""

from pathlib import Path

import pytest

from households.models import Subject
from notices import proof, queries
from notices.printing.codes import check_address
from scoring.models import Month, Rating, StarScheme
from scoring.operations import ratings
from scoring.operations.corrections import Change
from scoring.queries.household_ledger import public_figures
from scoring.work import RATER
from tests.factories import NOON, make_household
from tests.notices.paper import Paper, need_tools
from tests.scoring.test_corrections import close_and_show, correct, show
from tests.scoring.test_ratings import GRADES

MONTH = "2026-10"


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.mark.parametrize("size", ["a4", "a3"])
@pytest.mark.parametrize("density", ["normal", "compact"])
def test_i21_n_38_the_sheet_of_a_correction_says_both_and_its_code_leads_to_it(
    stage, client, tmp_path: Path, size, density
):
    need_tools()
    others = [make_household(village=stage.village) for _ in range(30)]
    wrong = [stage.enter(18, home=home) for home in (stage.home, *others)]
    original = close_and_show(stage)
    notice = show(stage, correct(stage, *(Change(entry, 15) for entry in wrong)))
    address = f"/v/{stage.village.slug}/n/{notice.number}/print.pdf"
    sheet = Paper(client.get(f"{address}?paper={size}&density={density}").content, tmp_path)
    assert sheet.text.count("18→15") == 2 * len(wrong)
    assert f"这是更正公示，更正的是{original.number}。" in sheet.text
    assert f"更正了{len(wrong)}户" in sheet.text.replace("\n", "")
    (code,) = sheet.codes(len(sheet.pages))
    short = queries.body_of(notice).short_code
    assert code == check_address(short)
    assert proof.grouped(short).replace(" ", "") in sheet.text
    assert "与公示原件一致" in client.get(f"/n/{short}/").content.decode()


def test_i21_the_old_sheet_leads_to_the_new_one(stage, client, tmp_path: Path):
    need_tools()
    wrong = stage.enter(18)
    original = close_and_show(stage)
    notice = show(stage, correct(stage, Change(wrong, 15)))
    address = f"/v/{stage.village.slug}/n/{original.number}/print.pdf"
    sheet = Paper(client.get(address).content, tmp_path)
    assert f"这份公示已更正，请看新版{notice.number}。" in sheet.text
    (code,) = sheet.codes(len(sheet.pages))
    page = client.get(code[code.index("/n/") :]).content.decode()
    assert "这份公示已更正，请看新版" in page


def rating(stage, period: str) -> tuple:
    ratings.recompute(village_id=stage.village.pk, period=period, by=RATER, at=NOON)
    found = Rating.objects.get(period=period, subject=stage.home)
    return found.score, found.grade, bytes(found.digest)


def test_i26_a_correction_leaves_the_months_rating_and_counts_from_its_own_month_on(stage):
    scheme = {"village": stage.village, "code": "credit", "name": "信用", "version": 1}
    StarScheme.objects.create(**scheme, data=GRADES, in_force=True)
    wrong = stage.enter(18)
    close_and_show(stage)
    before = rating(stage, MONTH)
    correct(stage, Change(wrong, 4))
    assert rating(stage, MONTH) == before
    assert before[:2] == (78, "A")
    assert rating(stage, "2026-11")[:2] == (64, "B")


def test_i21_a_household_called_otherwise_since_is_corrected_under_its_sealed_number(stage):
    number = stage.home.number
    wrong = stage.enter(18)
    close_and_show(stage)
    Subject.objects.filter(pk=stage.home.pk).update(number="999")
    (row,) = queries.body_of(correct(stage, Change(wrong, 15))).content["rows"]
    assert (row["number"], row["plus"], row["before"]["plus"]) == (number, 15, 18)


def test_i21_the_card_says_what_the_correction_says_once_it_is_on_show(stage):
    who = {"village_id": stage.village.pk, "subject_id": stage.home.pk}
    wrong, right = stage.enter(18), stage.enter(2)
    minus = stage.enter(-4, item="minus")
    close_and_show(stage)
    Month.objects.update(state=Month.State.PUBLISHED)
    notice = correct(stage, Change(wrong, 15), Change(minus, 1))
    assert sums(who) == (MONTH, 20, 20)
    show(stage, notice)
    assert sums(who) == (MONTH, 17, 17)
    show(stage, correct(stage, Change(right, None)))
    assert sums(who) == (MONTH, 15, 15)
    stage.close("2026-11")
    Month.objects.filter(month="2026-11").update(state=Month.State.PUBLISHED)
    assert sums(who) == ("2026-11", -5, 15)


def sums(who: dict[str, int]) -> tuple[str, int, int]:
    shown = public_figures(**who)
    assert shown is not None
    return shown.month, shown.plus, shown.gross
