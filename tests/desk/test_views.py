from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from desk import faults
from tests.databases import TRANSACTION
from tests.factories import NOON, make_township
from tests.notices.stage import make_neighbour, make_xiawan, put_on_show, registered


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def xiawan(db):
    with registered():
        yield make_xiawan()


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_home_says_what_is_on_show(client, xiawan):
    assert "现在没有公示" in text_of(client, "/")
    put_on_show(xiawan)
    text = text_of(client, "/")
    assert "1个村公示中，到11月5日" in text
    assert 'href="/v/xiawancun/n/2026-10-star-1/"' in text
    assert "还剩4天" in text


@pytest.mark.parametrize("notices", [1, 3])
def test_home_takes_two_queries(client, xiawan, notices, django_assert_num_queries):
    for month in range(notices):
        put_on_show(xiawan, month=f"2026-0{month + 1}")
    with django_assert_num_queries(2 + TRANSACTION):
        client.get("/")


def test_villages_stand_by_township_and_then_by_spelling(client, xiawan):
    elsewhere = make_township(code="340602101", name="石台镇")
    for number, name in enumerate(("重阳村", "白顶山村"), start=300):
        make_neighbour(township=elsewhere, name=name, slug=f"v{number}", number=number)
    make_neighbour(township=xiawan.township, name="大罗村", slug="daluocun", number=202)
    text = text_of(client, "/v/")
    names = ["石台镇", "白顶山村", "重阳村", "苍城镇", "大罗村", "下湾村"]
    listed = text[text.index("<section") :]
    assert sorted(names, key=listed.index) == names
    assert "共 4 个村和社区" in text


@pytest.mark.parametrize("typed", ["下湾", "xiawan", "xwc", "XW", "下 湾 村"])
def test_one_match_leads_straight_to_the_village(client, xiawan, typed):
    make_neighbour(township=xiawan.township, name="大罗村", slug="daluocun", number=202)
    assert client.get("/v/", {"q": typed})["Location"] == "/v/xiawancun/"


def test_no_match_says_so(client, xiawan):
    assert "没找到“北京”" in text_of(client, "/v/?q=北京")


@pytest.mark.parametrize("villages", [1, 3])
def test_the_list_of_villages_takes_one_query(client, xiawan, villages, django_assert_num_queries):
    for number in range(villages):
        make_neighbour(
            township=xiawan.township, name=f"大罗{number}村", slug=f"d{number}", number=300 + number
        )
    with django_assert_num_queries(1 + TRANSACTION):
        client.get("/v/")


def test_a_village_shows_its_notice_and_its_phone(client, xiawan, time_machine):
    assert "还没有公示" in text_of(client, "/v/xiawancun/")
    put_on_show(xiawan)
    text = text_of(client, "/v/xiawancun/")
    assert "公示中，到11月5日" in text
    assert 'href="tel:0750-2900001"' in text
    time_machine.move_to(NOON + timedelta(days=5))
    assert "上一份11月5日已结束" in text_of(client, "/v/xiawancun/")


def test_an_unknown_village_is_not_found_in_plain_words(client, xiawan):
    response = client.get("/v/nowhere/")
    assert response.status_code == 404
    assert "没找到这一页" in response.content.decode()


@pytest.mark.parametrize("name", ["standard", "large", "huge"])
def test_g_12_the_text_size_is_kept_in_a_cookie(client, db, name):
    response = client.get(f"/size/{name}/?next=/v/%3Fq%3Da")
    assert response["Location"] == "/v/?q=a"
    text = text_of(client, "/")
    assert f'class="size-{name}"' in text
    assert text.count('aria-pressed="true"') == 1
    assert f'formaction="/size/{name}/" aria-pressed="true"' in text


@pytest.mark.parametrize(
    "away", ["https://example.com/", "//example.com/", "/\\example.com", "javascript:alert(1)", ""]
)
def test_the_text_size_never_leads_to_another_site(client, db, away):
    assert client.get("/size/large/", {"next": away})["Location"] == "/"


def test_an_unknown_text_size_is_not_found(client, db):
    assert client.get("/size/tiny/").status_code == 404
    client.cookies["size"] = '"><script>'
    assert 'class="size-standard"' in client.get("/size/tiny/").content.decode()


def test_a_crash_is_told_in_plain_words(client, db, settings, monkeypatch):
    monkeypatch.delattr("desk.queries.running_notices")
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "系统出了点问题" in response.content.decode()


def test_a_request_for_another_host_is_refused_in_plain_words(client):
    response = client.get("/", headers={"host": "example.com"})
    assert response.status_code == 400
    assert "这个请求看不懂" in response.content.decode()


def test_what_is_not_allowed_is_told_in_plain_words(rf):
    response = faults.not_allowed(rf.get("/v/"), PermissionDenied())
    assert response.status_code == 403
    assert "这一页您现在不能看" in response.content.decode()


@pytest.mark.parametrize("code", ["%00", "%E2%80%AE", "a%00b", "½"])
def test_code_of_strange_signs_is_an_unknown_one(db, client, code):
    answer = client.get(f"/n/{code}/")
    assert answer.status_code == 404
    assert "没有这个码" in answer.content.decode()


def test_refused_post_speaks_chinese(db):
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {})
    assert answer.status_code == 403
    assert "这一步没有做成" in answer.content.decode()
