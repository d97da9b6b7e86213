"""What may be asked and how: parameters, pages, methods, bodies (trust.md §4 29-33)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.stage import BASE, LISTS
from tests.factories import make_household, make_unit

HOSTILE = (
    "household__id_number__startswith", "subject__name", "village__township", "village_id",
    "format", "expand", "fields", "search", "ordering__desc", "id_number", "limit", "cursor",
)  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("name", HOSTILE)
def test_parameter_that_is_not_offered_is_refused_t02(world, path, name):
    body = world.lin.get(f"{path}/", status=400, **{name: "1"})
    assert body["code"] == "invalid"
    assert body["fields"] == {name: ["没有这个参数。"]}


@pytest.mark.parametrize("order", ["id_number", "subject__name", "name", "?", "pin_hash"])
def test_order_that_is_not_offered_is_refused(world, order):
    body = world.lin.get("subjects/", status=400, ordering=order)
    assert list(body["fields"]) == ["ordering"]


def test_parameter_given_twice_or_empty_is_refused(world):
    answer = world.lin.client.get(f"{BASE}entries/?month=2026-10&month=2026-11")
    assert answer.json()["fields"] == {"month": ["这个参数只能写一次。"]}
    assert "month" in world.lin.get("entries/", status=400, month="")["fields"]


@pytest.mark.parametrize(
    "typed", ["0", "-1", "201", "1000000000", "1e9", "１０", "ten", "9" * 400, "1.5", "0x10", " 5"]
)
@pytest.mark.parametrize(("path", "name"), [("units", "page_size"), ("entries", "page_size")])
def test_absurd_page_size_is_refused_in_words(world, path, name, typed):
    body = world.lin.get(f"{path}/", status=400, **{name: typed})
    assert body["fields"] == {name: ["请填1到200的整数。"]}


@pytest.mark.parametrize("typed", ["0", "-3", "100001", "x", "9" * 30])
def test_absurd_page_or_key_is_refused(world, typed):
    assert "page" in world.lin.get("units/", status=400, page=typed)["fields"]
    if typed != "100001":
        assert "before" in world.lin.get("entries/", status=400, before=typed)["fields"]


def test_entries_are_read_backwards_to_the_end(world):
    first = world.lin.get("entries/", page_size=2)
    rest = world.lin.get("entries/", page_size=2, before=first["next"])
    ids = [row["id"] for row in first["results"] + rest["results"]]
    assert len(ids) == 3
    assert ids == sorted(ids, reverse=True)
    assert rest["next"] is None


@pytest.mark.parametrize(
    "address",
    [
        "units/1.json", "units.json", "units/1/../../villages/", "units/%2e%2e/", "units/a/",
        "units/１/", "units/99999999999999999999/", "units/1", "nothing/", "units/-1/", "UNITS/",
        "units/00000000-0000-0000-0000-000000000000/", "villages/x.csv/", "public/codes/a b/",
    ],
)  # fmt: skip
def test_address_that_is_none_answers_json_404(world, address):
    answer = world.lin.client.get(BASE + address)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("who", ["lin", "anyone"])
def test_lists_are_only_read(world, who, method):
    caller = getattr(world, who)
    for path in LISTS:
        answer = getattr(caller.client, method)(f"{BASE}{path}/")
        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD"
        assert answer.json()["code"] == "method_not_allowed"


def test_method_in_a_header_changes_nothing(world):
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        answer = world.lin.client.get(f"{BASE}units/", headers={name: "DELETE"})
        assert answer.status_code == 200


def test_only_json_is_answered(world):
    answer = world.lin.client.get(f"{BASE}units/", headers={"Accept": "text/html"})
    assert answer.status_code == 406
    assert answer.json()["code"] == "not_acceptable"
    assert answer["Content-Type"] == "application/json"


def test_refusal_names_the_reference_of_the_request(world):
    answer = world.lin.client.get(f"{BASE}units/1/")
    assert answer.json()["reference"] == answer["X-Reference"]


def test_staff_answers_are_kept_by_no_cache(world):
    assert "no-store" in world.lin.client.get(f"{BASE}units/")["Cache-Control"]


def test_limits_are_counted_in_rows(world, settings):
    settings.API_CALLS_OF_A_PERSON = settings.API_CALLS_OF_A_NETWORK = 3
    for caller, path in ((world.lin, "units/"), (world.anyone, "public/villages/")):
        for _time in range(3):
            caller.get(path)
        answer = caller.client.get(BASE + path)
        assert answer.status_code == 429
        assert answer["Retry-After"] == "60"
        assert answer.json()["code"] == "too_often"


def test_limit_is_over_after_a_minute(world, settings, time_machine):
    settings.API_CALLS_OF_A_PERSON = 1
    world.lin.get("units/")
    world.lin.get("units/", status=429)
    time_machine.shift(61)
    world.lin.get("units/")


def _grow(world, homes: int) -> None:
    """So many more households, each in a group of its own, with an entry each."""
    stage = world.office.stage
    for number in range(homes):
        unit = make_unit(village=stage.village, name=f"{number + 2}组")
        stage.enter(1, home=make_household(village=stage.village, unit=unit))


@pytest.mark.parametrize("path", ["units", "subjects", "entries", "balances"])
def test_queries_are_as_many_for_three_rows_as_for_three_hundred(world, path):
    address = f"{BASE}{path}/?page_size=200"
    counts, lengths = [], []
    for more in (2, 300):
        _grow(world, more)
        with CaptureQueriesContext(connection) as queries:
            answer = world.lin.client.get(address)
        counts.append(len(queries))
        lengths.append(len(answer.json()["results"]))
    assert lengths[1] == 200 > lengths[0]
    assert counts[0] == counts[1]
