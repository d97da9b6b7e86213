"""B-25, T-06: what somebody types is in no line of any log; a line is one line."""

import logging
from io import StringIO
from pathlib import Path
from time import process_time

import pytest
from django.db import DataError, connection
from django.db.transaction import atomic

from config.logs import OneLine, masked
from tests.factories import NOON
from tests.hardening.site import set_site
from tests.hardening.test_hostile_input import FIELDS

NAME, PHONE, ID_NUMBER = "欧阳金丝雀", "13912345678", "110101199003078515"
CANARIES = (NAME, PHONE, ID_NUMBER, "金丝雀", "345678", "19900307")
TYPED = f"{NAME} {PHONE} {ID_NUMBER}"


@pytest.fixture
def site(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    return set_site()


@pytest.fixture
def log():
    """The log as production writes it."""
    lines = StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(OneLine())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(before)


def _found(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


def _type_everywhere(site) -> int:
    """The canaries in every field of every form and in every query; how many requests it took."""
    count = 0
    for route, address in site.addresses():
        if route.pattern.startswith("admin/") and "<path" in route.pattern:
            continue
        client = site.client()
        client.post(address, dict.fromkeys(FIELDS, TYPED))
        client.post(address, dict.fromkeys(FIELDS, ID_NUMBER))
        client.get(address, dict.fromkeys(FIELDS, TYPED))
        count += 3
    return count


def _server_log() -> str:
    """What PostgreSQL itself wrote, of this run's own cluster."""
    sockets = Path(connection.settings_dict["HOST"])
    for folder in (sockets, *sockets.parents):
        if (folder / "log/postgres.log").exists():
            return (folder / "log/postgres.log").read_text(errors="replace")
    pytest.skip("not a cluster of ours")


def test_what_is_typed_into_any_form_is_in_no_log(site, log, monkeypatch):
    assert _type_everywhere(site) > 100

    def broken(*args, **kwargs):
        raise DataError(f"value {TYPED}\nDETAIL:  Key (name)=({NAME}) is too long")

    monkeypatch.setattr("desk.queries.village_lines", broken)
    failed = site.client().get("/v/", {"q": TYPED})
    text = log.getvalue()
    # It looked: the fault is there with its number and its place, and so are the refusals.
    assert failed.status_code == 500
    assert failed["X-Reference"] in text
    assert "DataError < " in text
    assert "views.py:" in text
    assert text.count("\n") > 50
    assert _found(text) == []
    assert site.carded.card.token not in text


def test_the_server_does_not_log_what_statements_hold(db):
    with pytest.raises(DataError), atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / length('') FROM (SELECT %s) AS typed", [TYPED])
    written = _server_log()
    assert "division by zero" in written
    assert _found(written) == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("ledger of village 340602101200 is broken", "ledger of village 340602101200 is broken"),
        (f"tel {PHONE}", "tel ***"),
        ("tel 139 1234 5678 x", "tel *** x"),
        (f"id {ID_NUMBER[:-1]}X", "id ***"),
        ("Not Found: /h/DEM0CARD01/ledger/", "Not Found: /h/***/ledger/"),
        ("GET /v/?q=abc HTTP/1.1", "GET /v/?*** HTTP/1.1"),
        (f"phone='{PHONE}' name={NAME}, id=7", "phone=*** name=***, id=7"),
        ("a\nb\r\x1b[31mred\u202e", "a\\x0ab\\x0d\\x1b[31mred\\x202e"),
        (f"duplicate\nDETAIL:  Key (name)=({NAME})", "duplicate\\x0aDETAIL: ***"),
    ],
)
def test_t_41_lines_are_masked_and_cannot_be_forged(said, kept):
    assert masked(said) == kept


@pytest.mark.parametrize("piece", ["1", "1 ", "name=", "/h/", "?", "DETAIL:", "name='"])
def test_masking_costs_in_proportion_to_the_length(piece):
    def cost(length: int) -> float:
        begun = process_time()
        masked((piece * length)[:length])
        return process_time() - begun

    # Less than half a millisecond is the clock's own noise; squared it would be 256 times.
    short = max(0.0005, min(cost(4_000) for _ in range(5)))
    assert min(cost(64_000) for _ in range(5)) < 16 * 8 * short


def test_the_reference_of_a_line_is_that_of_its_request(site, log):
    answer = site.client().get("/nothing/")
    (line,) = [line for line in log.getvalue().splitlines() if "/nothing/" in line]
    assert f"[{answer['X-Reference']}]" in line
    logging.getLogger("somewhere").warning("outside")
    assert "WARNING somewhere [-] outside" in log.getvalue()
