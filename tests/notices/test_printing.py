"""The sheet on the wall, read back from its PDF."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from notices import operations, proof, queries, registry
from notices.masking import masked_name
from notices.models import Notice
from notices.printing import fonts, press
from notices.printing.options import DENSITIES, PAPERS
from tests.factories import NOON
from tests.notices.paper import Paper, need_tools
from tests.notices.stage import HEADS, put_on_show

DAY = timedelta(days=1)
PAGE = "/v/xiawancun/n/2026-10-star-1/"
PDF = f"{PAGE}print.pdf"
PRINT = f"{PAGE}print/"
FORMATS = list(product(PAPERS, DENSITIES))
SIZES = {"a4": (595, 842), "a3": (842, 1191)}
# Never in a sheet: what the files of a household hold.
ID_NUMBER = "999999199001011234"
PHONE = "13800138000"


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    need_tools()
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def paper(client, tmp_path: Path) -> Callable[..., Paper]:
    def _paper(address: str = PDF, *, paper: str = "a4", density: str = "normal") -> Paper:
        response = client.get(f"{address}?paper={paper}&density={density}")
        assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
        return Paper(response.content, tmp_path)

    return _paper


def many(count: int) -> dict[str, str]:
    names = ("张小三", "王刚", "欧阳娜娜", "阿卜杜热合曼·吐尔逊", "买买提·艾力")
    return {
        f"{place // 60 + 1}组/{place % 60 + 1:03}": names[place % len(names)]
        for place in range(count)
    }


def label_all_as(label: str) -> None:
    """Whatever the files say, every row gets this label."""
    usual = registry.builder_for(Notice.Kind.STAR)
    registry._builders[Notice.Kind.STAR] = replace(
        usual, labels=lambda *, village_id, keys: dict.fromkeys(keys, label)
    )


def keys_of(heads: dict[str, str]) -> list[str]:
    return [f"{key.replace('/', '·')}户" for key in heads]


@pytest.mark.parametrize(("size", "density"), FORMATS)
@pytest.mark.parametrize("count", [1, 25, 300])
def test_n_35_each_row_stands_on_one_page_under_a_head(
    register, village, paper, size, density, count
):
    register.heads = many(count)
    put_on_show(village)
    pages = paper(paper=size, density=density).pages
    seen = [key for page in pages for key in keys_of(register.heads) if key in page]
    assert sorted(seen) == sorted(keys_of(register.heads))
    for page in pages:
        if any(key in page for key in keys_of(register.heads)):
            assert "户号" in page
            assert "户主" in page


@pytest.mark.parametrize(("size", "density"), FORMATS)
@pytest.mark.parametrize("count", [8, 15, 40])
def test_n_36_the_closing_block_is_whole_and_never_alone(
    register, village, paper, size, density, count
):
    register.heads = many(count)
    put_on_show(village)
    last = paper(paper=size, density=density).pages[-1]
    for words in ("下湾村民委员会", "2026年11月1日", "盖章处", "手机扫码可核对本公示是否为原件"):
        assert words in last
    assert "四、有不同意见怎么办" in last


@pytest.mark.parametrize(("size", "density"), FORMATS)
def test_n_33_n_34_size_and_pages_are_as_the_toolbar_says(
    client, register, village, paper, size, density
):
    register.heads = many(200)
    put_on_show(village)
    sheet = paper(paper=size, density=density)
    assert sheet.size == pytest.approx(SIZES[size], abs=1)
    count = int(sheet.facts["Pages"])
    page = client.get(f"{PRINT}?paper={size}&density={density}").content.decode()
    assert f"PDF 共 {count} 页" in page
    numbers = [f"—{number}—" for number in range(1, count + 1)]
    assert [number in text for number, text in zip(numbers, sheet.pages, strict=True)] == (
        [True] * count
    )


def test_a_page_holds_twenty_four_households_or_seventy_six(register, village, paper):
    register.heads = many(300)
    put_on_show(village)
    keys = keys_of(register.heads)
    for density, most in (("normal", 24), ("compact", 76)):
        second = paper(density=density).pages[1]
        assert sum(key in second for key in keys) == most


def test_n_37_a_sheet_says_all_that_it_must(on_show, paper):
    text = paper().text.replace("\n", "")
    for words in (
        "下湾村2026-10星级公示", "公示编号2026-10-star-1", "《积分管理评价细则》第2版",
        "2026年1月15日表决通过", "2026年11月1日至2026年11月5日，共5天", "0750-2900001",
        "10天内答复", "打印时间2026-11-0111:00", "人居环境整治", "-12",
        proof.grouped(queries.body_of(on_show).short_code),
    ):  # fmt: skip
        assert words in text


@pytest.mark.parametrize(("size", "density"), FORMATS)
def test_n_38_a_scanner_reads_the_address_that_checks_the_sheet(
    client, on_show, paper, settings, size, density
):
    settings.SITE_ADDRESS = "https://zgz.example.cn"
    sheet = paper(paper=size, density=density)
    code = queries.body_of(on_show).short_code
    assert sheet.codes(len(sheet.pages)) == [f"https://zgz.example.cn/n/{code}/"]
    assert "与公示原件一致" in client.get(f"/n/{code}/").content.decode()


def test_p_25_a_sheet_holds_masked_labels_and_no_name_id_or_phone(register, village, paper, client):
    register.heads = HEADS | {"9组/001": f"赵钱孙{ID_NUMBER}", "9组/002": f"李四{PHONE}"}
    put_on_show(village)
    full = [name for name in register.heads.values() if name]
    for read in (paper().text, client.get(PRINT).content.decode()):
        assert [name for name in [*full, ID_NUMBER, PHONE, "赵钱孙"] if name in read] == []
        assert masked_name("张小三") in read
        assert "只公开户号" in read


def test_markup_in_data_is_printed_as_it_is(register, village, paper, client):
    hostile = '#panic("x")$*_<b>{'
    label_all_as(f"{hostile}*")
    village.official_name = "#eval[$]民委员会"
    village.save()
    put_on_show(village)
    text = paper().text
    assert hostile in text
    assert "#eval[$]民委员会" in text
    page = client.get(PRINT).content.decode()
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


def test_after_the_period_a_sheet_keeps_totals_and_proof(client, on_show, paper, time_machine):
    time_machine.move_to(NOON + 5 * DAY)
    code = proof.grouped(queries.body_of(on_show).short_code)
    for read in (paper().text, client.get(PRINT).content.decode()):
        assert "3组·027户" not in read
        assert "张*三" not in read
        assert code in read
        assert "公示期已过" in read.replace("\n", "")


@pytest.mark.parametrize("state", ["draft", "approved"])
def test_an_unpublished_notice_is_not_printed(client, drafted, approve, state):
    if state == "approved":
        approve(drafted)
    assert [client.get(address).status_code for address in (PDF, PRINT)] == [404, 404]


def test_new_labels_are_printed_at_once(on_show, register, paper):
    assert paper().text.count("张*三") == 2
    operations.relabel(notice=on_show, labels={"3组/027": ""})
    assert paper().text.count("张*三") == 1


@pytest.mark.parametrize("demo", [True, False])
def test_each_page_of_a_demo_says_so(register, village, paper, settings, demo):
    settings.DEMO = demo
    register.heads = many(60)
    put_on_show(village)
    pages = paper().pages
    assert ["演示数据，非真实公示" in page for page in pages] == [demo] * len(pages)


def test_an_unusually_long_label_takes_one_line(register, village, paper):
    register.heads = many(60)
    put_on_show(village)
    usual = len(paper(density="compact").pages)
    label_all_as("阿" + "*" * 58 + "里")
    put_on_show(village, month="2026-09")
    long = paper("/v/xiawancun/n/2026-09-star-1/print.pdf", density="compact")
    assert len(long.pages) == usual


def test_the_same_sheet_is_set_once_and_counted_for_good(client, on_show, time_machine):
    first = client.get(PDF).content
    assert client.get(PDF).content == first
    before = len(press._sheets._kept)
    time_machine.move_to(NOON + timedelta(minutes=1))
    assert "PDF 共" in client.get(PRINT).content.decode()
    assert len(press._sheets._kept) == before
    assert client.get(PDF).content != first


def test_three_hundred_rows_are_set_within_two_seconds(client, register, village):
    register.heads = many(300)
    put_on_show(village)
    press.press_fonts()
    started = time.perf_counter()
    assert client.get(f"{PDF}?density=compact").status_code == 200
    assert time.perf_counter() - started < 2


def test_a_busy_press_asks_to_come_again(client, on_show, monkeypatch):
    monkeypatch.setattr(press, "LONGEST_WAIT", 0.01)
    monkeypatch.setattr(press, "_sheets", press.Kept(1))
    with ThreadPoolExecutor(1) as hands:
        for _ in range(press.MOST_AT_ONCE):
            assert hands.submit(press._gate.acquire).result()
        try:
            response = client.get(PDF)
        finally:
            for _ in range(press.MOST_AT_ONCE):
                press._gate.release()
    assert (response.status_code, response["Retry-After"]) == (503, "20")
    assert client.get(PDF).status_code == 200


def test_the_press_refuses_to_print_without_a_chinese_font(monkeypatch):
    monkeypatch.setattr(fonts, "SYSTEM_FOLDERS", ())
    assert fonts.NEEDED in fonts.press_fonts.__wrapped__().families()
    monkeypatch.setattr(fonts, "WHEEL", "no_such_wheel")
    with pytest.raises(ImproperlyConfigured):
        fonts.press_fonts.__wrapped__()


def test_unknown_options_are_the_usual_ones(client, on_show):
    response = client.get(f"{PDF}?paper=../a4&density=x")
    assert response["Content-Disposition"] == (
        'inline; filename="xiawancun-2026-10-star-1-a4-normal.pdf"'
    )


def test_a_notice_leads_to_its_print_view(client, on_show):
    assert f'href="{PRINT}"' in client.get(PAGE).content.decode()
