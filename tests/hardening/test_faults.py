"""B-33: each fault has its page in Chinese, with a way on and a number; F-24, the busy database."""

import re
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from config.waiting import limit_waiting
from tests.factories import NOON, make_staff, make_township
from tests.hardening.site import body, set_site

BIG = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
TRACES = ("Traceback", "Exception", "psycopg2", "django.", "DEBUG", 'File "')


@pytest.fixture
def site(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    return set_site()


def _is_plain(response) -> None:
    """Chinese, a way on, the number of the header (404 aside), nothing of the inside."""
    text = body(response)
    main = text.partition('<main id="main"')[2].partition("</main>")[0]
    assert re.search(r"<h1>[\u4e00-\u9fff，]+</h1>", main)
    assert 'class="button"' in main
    assert (response["X-Reference"] in main) is (response.status_code != 404)
    assert not [trace for trace in TRACES if trace in text]


def test_every_fault_has_its_page(site):
    anybody, checked = site.client(logged_in=False), site.client(enforce_csrf_checks=True)
    many = {f"f{number}": "1" for number in range(10_000)}
    for status, response in (
        (400, anybody.get("/", headers={"host": "evil.example"})),
        (400, anybody.get("/v/?q=%00")),
        (403, checked.post("/staff/login/")),
        (403, site.client().get("/admin/trail/auditevent/add/")),
        (404, anybody.get("/nothing/")),
        (405, anybody.delete("/v/")),
        (413, anybody.post("/staff/login/", {"username": BIG})),
        (413, anybody.post("/staff/login/", many)),
    ):
        assert response.status_code == status
        _is_plain(response)


def test_405_says_what_is_allowed(site):
    assert site.client().get("/staff/account/sessions/end/")["Allow"] == "POST"


def test_an_error_of_ours_is_told_without_its_inside(site, monkeypatch):
    def broken(*args, **kwargs):
        raise KeyError("张三丰 13900001111")

    monkeypatch.setattr("desk.queries.village_lines", broken)
    response = site.client().get("/v/")
    assert response.status_code == 500
    _is_plain(response)
    assert "张三丰" not in body(response)


@contextmanager
def _elsewhere(**changed):
    """New connections of this process go somewhere else for a while."""
    connections["default"].close()
    before = {name: connections.settings["default"][name] for name in changed}
    connections.settings["default"].update(changed)
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"].update(before)
        del connections["default"]


def test_without_a_database_the_page_still_comes(committed_db):
    with _elsewhere(HOST="/nowhere"):
        client = Client(raise_request_exception=False)
        client.cookies["session"] = "x" * 32
        for address in ("/", "/staff/", "/admin/"):
            response = client.get(address)
            assert response.status_code == 503, address
            assert response["Retry-After"].isdigit()
            _is_plain(response)


def test_f_24_a_held_lock_ends_in_503_and_the_next_request_passes(committed_db):
    staff = make_staff(name="林文书", role="township_clerk", township=make_township())
    limits = connections.settings["default"]["OPTIONS"]
    with _elsewhere(OPTIONS={**limits}):
        limit_waiting()
        client = Client(raise_request_exception=False)
        client.force_login(staff)
        assert client.get("/staff/").status_code == 200
        with committed_db.as_superuser() as other, other.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE villages_posting IN ACCESS EXCLUSIVE MODE")
            response = client.get("/staff/")
            assert response.status_code == 503
            _is_plain(response)
            cursor.execute("ROLLBACK")
        assert client.get("/staff/").status_code == 200


def test_f_24_the_limits_are_those_of_the_site_only(committed_db):
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")

    def limits() -> list[str]:
        with connections["default"].cursor() as cursor:
            return [_shown(cursor, name) for name in names]

    def _shown(cursor, name: str) -> str:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]

    assert limits() == ["0", "0", "0"]
    with _elsewhere(OPTIONS={**connections.settings["default"]["OPTIONS"]}):
        limit_waiting()
        assert limits() == ["5s", "15s", "30s"]
