from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client

from notices import operations, proof, queries
from notices.models import Notice
from tests.databases import TRANSACTION
from tests.factories import NOON, make_actor, make_person
from tests.notices.stage import HEADS, MONTH, make_neighbour, put_on_show

DAY = timedelta(days=1)
PAGE = "/v/xiawancun/n/2026-10-star-1/"


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_p_25_no_public_page_holds_a_full_name(client, on_show):
    code = queries.body_of(on_show).short_code
    pages = [PAGE, "/", "/v/", "/v/xiawancun/", "/v/xiawancun/n/", f"/n/{code}/"]
    searches = [f"{PAGE}?q={name}" for name in HEADS.values() if name]
    for address in pages + searches:
        text = text_of(client, address)
        assert [name for name in HEADS.values() if name and name in text] == []


def test_a_notice_shows_masked_names_codes_and_figures(client, on_show):
    text = text_of(client, PAGE)
    for shown in ("3组·027户", "张*三", "买**·艾*", "（未登记）", "第2版", "星级公示", "下湾村"):
        assert shown in text
    assert "公示中，还剩4天。" in text
    assert "11月5日24:00结束" in text
    assert "<title>下湾村2026-10星级公示 · 下湾村 · 乡村积分公示</title>" in text


def test_p_27_two_households_with_one_masked_name_differ_by_code(client, on_show):
    text = text_of(client, PAGE)
    assert text.count(">张*三<") == 2
    assert "3组·027户" in text
    assert "3组·029户" in text


def test_a_notice_of_codes_alone_has_no_column_of_names(client, register, village):
    register.code_only = set(HEADS)
    put_on_show(village)
    text = text_of(client, PAGE)
    assert "各户只公开户号" in text
    assert ">户主</th>" not in text
    assert 'class="who"' not in text


def test_i_22_minus_points_appear_as_totals_only(client, on_show):
    text = text_of(client, PAGE)
    assert text.count("-12") == 2
    assert "减12" not in text


def test_pages_with_rows_ask_not_to_be_indexed(client, on_show):
    assert client.get(PAGE)["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/v/xiawancun/n/")


@pytest.mark.parametrize("state", ["draft", "approved"])
def test_an_unpublished_notice_is_not_found(client, drafted, approve, state):
    if state == "approved":
        approve(drafted)
    code = queries.body_of(drafted).short_code
    for address in (PAGE, f"/n/{code}/"):
        assert client.get(address).status_code == 404
    assert "星级公示" not in text_of(client, "/v/xiawancun/n/") + text_of(client, "/")


@pytest.mark.parametrize(
    "address",
    ["/v/nowhere/n/", "/v/nowhere/n/2026-10-star-1/", "/v/xiawancun/n/2026-10-star-9/"],
)
def test_an_unknown_address_is_not_found(client, on_show, address):
    assert "没找到这一页" in text_of(client, address, status=404)


def test_a_notice_of_another_village_is_not_found_here(client, on_show, village):
    make_neighbour(township=village.township, name="大罗村", slug="daluocun", number=202)
    assert client.get("/v/daluocun/n/2026-10-star-1/").status_code == 404


def test_after_its_period_a_notice_keeps_title_totals_and_proof(client, on_show, time_machine):
    time_machine.move_to(NOON + 4 * DAY)
    assert "3组·027户" in text_of(client, PAGE)
    time_machine.move_to(NOON + 5 * DAY)
    text = text_of(client, PAGE)
    assert "3组·027户" not in text
    assert "张*三" not in text
    assert '<form class="row-form" method="get" role="search">' not in text
    code = proof.grouped(queries.body_of(on_show).short_code)
    for kept in ("公示已结束", "星级公示", "人居环境整治", code, "ab" * 32):
        assert kept in text
    assert "X-Robots-Tag" not in client.get(PAGE)


def test_n_42_search_shows_the_row_marked_and_where_it_stands(client, on_show):
    text = text_of(client, f"{PAGE}?q=027")
    assert "找到 1 户" in text
    assert "<mark>3组·027户</mark>" in text
    assert '<a href="?page=1#r3">' in text


def test_n_42_search_without_a_match_says_so_and_offers_the_phone(client, on_show):
    text = text_of(client, f"{PAGE}?q=999")
    assert "没找到“999”" in text
    assert 'href="tel:0750-2900001"' in text


def test_search_escapes_what_was_typed(client, on_show):
    assert "<b>" not in text_of(client, f"{PAGE}?q=<b>")


def test_rows_come_fifty_a_page_and_by_group(client, register, village):
    register.heads = {
        f"{group}组/{number:03}": "张小三" for group in (2, 10) for number in range(1, 41)
    }
    put_on_show(village)
    first, second = text_of(client, PAGE), text_of(client, f"{PAGE}?page=2")
    assert (first.count('role="row" id='), second.count('role="row" id=')) == (50, 30)
    assert "第1页，共2页" in first
    assert first.index("2组·040户") < first.index("10组·001户")
    group = text_of(client, f"{PAGE}?group=10组")
    assert group.count('role="row" id=') == 40
    assert "2组·001户" not in group
    assert "第51到" not in group
    assert text_of(client, f"{PAGE}?group=99%E7%BB%84&page=x") == first.replace(
        f'value="{PAGE}"', f'value="{PAGE}?group=99%E7%BB%84&amp;page=x"'
    )


@pytest.mark.parametrize("households", [1, 3])
def test_a_notice_takes_one_query_once_it_is_kept(
    client, register, village, households, django_assert_num_queries
):
    register.heads = dict(list(HEADS.items())[:households])
    put_on_show(village)
    with django_assert_num_queries(3 + TRANSACTION):
        client.get(PAGE)
    with django_assert_num_queries(1 + TRANSACTION):
        client.get(PAGE)
    with django_assert_num_queries(3 + TRANSACTION):
        client.get(f"{PAGE}?q=027")


@pytest.mark.parametrize("notices", [1, 3])
def test_lists_take_the_same_queries_for_any_number(
    client, register, village, notices, django_assert_num_queries
):
    for month in range(notices):
        put_on_show(village, month=f"2026-0{month + 1}")
    with django_assert_num_queries(4 + TRANSACTION):
        client.get("/v/xiawancun/n/")


def test_an_unchanged_page_is_answered_without_a_body(client, on_show):
    first = client.get(PAGE)
    again = client.get(PAGE, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "Cookie" in first["Vary"]


def test_the_tag_changes_with_text_size_day_and_labels(client, on_show, register, time_machine):
    tags = [client.get(PAGE)["ETag"]]
    client.cookies["size"] = "huge"
    tags.append(client.get(PAGE)["ETag"])
    time_machine.move_to(NOON + DAY)
    tags.append(client.get(PAGE)["ETag"])
    operations.relabel(notice=on_show, labels={"3组/027": ""})
    tags.append(client.get(PAGE)["ETag"])
    assert len(set(tags)) == 4


def test_new_labels_are_seen_at_once(client, on_show, register):
    assert text_of(client, PAGE).count("张*三") == 2
    operations.relabel(notice=on_show, labels={"3组/027": ""})
    assert text_of(client, PAGE).count("张*三") == 1


def test_public_pages_are_read_only(client, on_show):
    assert client.post(PAGE).status_code == 405


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        proof.grouped,
        lambda code: f" {code[:5]} {code[5:]}",
        lambda code: "".join(chr(ord(sign) + 0xFEE0) for sign in code),
    ],
)
def test_a_code_on_paper_is_checked_however_it_is_typed(client, on_show, write):
    body = queries.body_of(on_show)
    text = text_of(client, f"/n/{write(body.short_code)}/")
    assert "与公示原件一致，发布后没有改动" in text
    assert f'href="{PAGE}"' in text
    form = client.get("/n/", {"code": write(body.short_code)})
    assert form["Location"] == f"/n/{body.short_code}/"


def test_an_unknown_code_is_told_so(client, on_show):
    text = text_of(client, "/n/ZZZZ-ZZZZ-ZZZZ/", status=404)
    assert "没有这个码" in text
    assert "与公示原件一致" not in text


def test_the_check_form_asks_for_a_code(client, on_show):
    assert "输入它" in text_of(client, "/n/")
    assert "输入它" in text_of(client, "/n/?code=../..")


def correction_of(notice: Notice) -> Notice:
    """The row a correction will be; drafting one is the work of the month pages."""
    correction = Notice.objects.create(
        village=notice.village,
        kind=notice.kind,
        number="2026-10-star-2",
        month=MONTH,
        title="更正：下湾村2026-10星级公示",
        corrects=notice,
        created_at=NOON,
    )
    canonical = queries.body_of(notice).canonical
    digest = sha256(canonical.encode()).digest()
    correction.body = type(notice.body)(
        notice=correction,
        canonical=canonical,
        content_sha256=digest,
        short_code=proof.short_code(content_sha256=digest, seal_root=b"", notice_id=correction.pk),
    )
    correction.body.save()
    one = make_actor(person=make_person(name="林文书"))
    other = make_actor(person=make_person(name="魏监督"))
    proposal = operations.propose_publication(notice=correction, by=one, at=NOON)
    operations.approve_publication(
        notice=correction, proposal=proposal, publish_on=NOON.date(), by=other, at=NOON
    )
    return operations.publish(notice=correction, at=NOON)


def test_n_39_a_correction_and_what_it_corrects_lead_to_each_other(client, on_show):
    correction_of(on_show)
    old, new = text_of(client, PAGE), text_of(client, "/v/xiawancun/n/2026-10-star-2/")
    assert "这份公示已更正，请看新版" in old
    assert 'href="/v/xiawancun/n/2026-10-star-2/"' in old
    assert "这是更正公示" in new
    assert f'href="{PAGE}"' in new
    assert text_of(client, "/v/xiawancun/n/").count("已更正</span>") == 1
    check = text_of(client, f"/n/{queries.body_of(on_show).short_code}/")
    assert "与公示原件一致" in check
    assert "这份公示已更正，请看新版" in check


def test_the_list_is_filtered_by_type_and_year(client, register, village):
    put_on_show(village, month="2026-10")
    put_on_show(village, month="2025-12")
    assert "共 2 份" in text_of(client, "/v/xiawancun/n/")
    only = text_of(client, "/v/xiawancun/n/?year=2025&type=star")
    assert "共 1 份" in only
    assert "2025-12星级公示" in only
    assert "共 2 份" in text_of(client, "/v/xiawancun/n/?year=1999&type=nothing&page=-3")


def test_running_notices_come_first_then_the_newest(client, register, village, time_machine):
    put_on_show(village, month="2026-08", at=NOON - 20 * DAY)
    put_on_show(village, month="2026-07", at=NOON - 30 * DAY)
    put_on_show(village, month="2026-10", at=NOON)
    put_on_show(village, month="2026-09", at=NOON - DAY)
    text = text_of(client, "/v/xiawancun/n/")
    order = sorted(("2026-07", "2026-08", "2026-09", "2026-10"), key=lambda m: text.index(m + "星"))
    assert order == ["2026-09", "2026-10", "2026-08", "2026-07"]


def test_a_village_without_notices_says_so(client, village):
    assert "现在没有公示" in text_of(client, "/v/xiawancun/n/")


def test_demo_pages_say_so_everywhere(client, on_show, settings):
    code = queries.body_of(on_show).short_code
    pages = ["/", "/v/", "/v/xiawancun/", "/v/xiawancun/n/", PAGE, f"/n/{code}/", "/n/"]
    settings.DEMO = False
    assert [page for page in pages if "演示数据，非真实公示" in text_of(client, page)] == []
    settings.DEMO = True
    assert [page for page in pages if "演示数据，非真实公示" in text_of(client, page)] == pages
