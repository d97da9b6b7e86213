"""B-33 for programs: under /api/ each fault of the site is a problem of the API, not a page."""

import pytest
from django.db import OperationalError
from django.test import Client

from tests.factories import make_staff, make_township
from tests.hardening.test_faults import BIG, TRACES, _elsewhere

MANY = {f"f{number}": "1" for number in range(10_000)}
MISSING_DOOR = "/api/v1/nothing/"


@pytest.fixture
def program(db) -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def zhao(db):
    return make_staff(name="赵镇长", role="township_administrator", township=make_township())


def _is_problem(answer, status: int, code: str) -> dict:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
    body = answer.json()
    assert list(body) == ["code", "message", "reference", "fields"]
    assert (body["code"], body["fields"]) == (code, {})
    assert body["reference"] == answer["X-Reference"]
    assert body["message"].endswith("。")
    assert "\\u" not in answer.content.decode()
    assert not [trace for trace in TRACES if trace in answer.content.decode()]
    return body


@pytest.mark.parametrize("path", ["/api/v1/public/villages/", "/api/docs/", MISSING_DOOR])
@pytest.mark.parametrize(
    ("query", "host", "cookie"),
    [("", "evil.example", "x"), ("name=%00", "testserver", "x"), ("", "testserver", "a\0b")],
)
def test_b_33_what_no_request_may_hold_is_told_in_json(program, path, query, host, cookie):
    program.cookies["other"] = cookie
    answer = program.get(path, QUERY_STRING=query, headers={"host": host})
    _is_problem(answer, 400, "unreadable")


@pytest.mark.parametrize("path", ["/api/docs/", "/api/v1/me/"])
@pytest.mark.parametrize("form", [{"username": BIG}, MANY], ids=["long", "many"])
def test_b_33_too_much_is_told_in_json(program, path, form):
    _is_problem(program.post(path, form), 413, "too_much")


def test_b_33_nul_in_a_form_is_told_in_json(program):
    _is_problem(program.post("/api/v1/me/", {"a": "b\0"}), 400, "unreadable")


def test_b_33_a_form_without_its_token_is_told_in_json(db):
    checked = Client(enforce_csrf_checks=True, raise_request_exception=False)
    _is_problem(checked.post("/api/docs/"), 403, "token_missing")


def test_b_33_what_is_not_there_is_told_in_json(program):
    for path in (MISSING_DOOR, "/api/", "/api/nothing", "/api/v1/units/1.json"):
        _is_problem(program.get(path), 404, "not_found")


def test_b_33_a_page_asked_in_a_wrong_way_is_told_in_json(program):
    answer = program.delete("/api/docs/")
    _is_problem(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD"


def test_b_33_an_error_of_ours_is_told_in_json_without_its_inside(program, monkeypatch):
    def broken(*args, **kwargs):
        raise KeyError("张三丰 13900001111")

    monkeypatch.setattr("villages.queries.every_village", broken)
    answer = program.get("/api/v1/public/villages/")
    _is_problem(answer, 500, "broken")
    assert "张三丰" not in answer.content.decode()


def test_f_24_a_busy_database_is_told_in_json(program, monkeypatch):
    def busy(*args, **kwargs):
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr("villages.queries.every_village", busy)
    answer = program.get("/api/v1/public/villages/")
    _is_problem(answer, 503, "busy")
    assert answer["Retry-After"].isdigit()


def test_without_a_database_programs_are_told_in_json(committed_db):
    with _elsewhere(HOST="/nowhere"):
        client = Client(raise_request_exception=False)
        client.cookies["session"] = "x" * 32
        for path in ("/api/v1/me/", "/api/v1/public/villages/"):
            _is_problem(client.get(path), 503, "busy")


def test_t_01_a_program_without_the_second_factor_is_told_in_json(program, zhao, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    program.force_login(zhao)
    _is_problem(program.get("/api/v1/me/"), 403, "first_things")
    # What is for anyone is for them too.
    for path in ("/api/v1/public/villages/", "/api/schema/", "/api/docs/"):
        assert program.get(path).status_code == 200


def test_pages_are_still_pages(program):
    answer = program.get("/v/?q=%00")
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/html; charset=utf-8")
