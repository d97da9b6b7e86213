"""Whatever is sent to whichever route: a page or a plain refusal, never a fault of ours (B-18)."""

import json
import re
from time import process_time

import pytest

from tests.factories import NOON
from tests.hardening.site import set_site

FIELDS = (
    "username", "password", "login", "pin", "act", "proposal", "reason", "seen", "answer", "next",
    "q", "code", "number", "group", "month", "page", "units", "unit", "paper", "entry",
    "points", "why", "key", "note", "name", "phone", "person", "role", "village", "village_id",
    "balance", "is_staff", "status", "hash", "approved_by", "action", "_selected_action",
)  # fmt: skip
NASTY = (
    "\x00", "a\x00b", "\ud800", "\udfff\ud83d", "٣", "½", "²", "１２３Ｘ　", "1e400", "NaN", "-1",
    "9" * 400, "' OR 1=1--", "{{7*7}}", "${7*7}", "%s%n%(x)s", "<b>&amp;", "Null", "\u202e",
    "../../etc/passwd", "=HYPERLINK(1)", "\r\nX-Evil: 1", "𠮷", "买买提·艾力", "[]", "",
)  # fmt: skip
NUL = "\x00"
TYPES = (
    "text/plain", "application/json", "application/xml", "multipart/form-data",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=\x00", "",
    "application/x-www-form-urlencoded; charset=nothing", "image/svg+xml", "x" * 300,
    "application/x-www-form-urlencoded; charset=utf-16",
)  # fmt: skip


@pytest.fixture
def site(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    return set_site()


def _urlencoded(text: str) -> bytes:
    """Percent signs for every byte, surrogates as a careless client would send them."""
    raw = text.encode("utf-8", "surrogatepass")
    return b"".join(b"%%%02X" % byte for byte in raw)


def _forms() -> list[bytes]:
    """Every nasty value in some field or other, each form turned by some; and the strange ones."""
    turned = [NASTY[turn:] + NASTY[:turn] for turn in range(0, len(NASTY), 5)]
    forms = [
        b"&".join(
            b"%s=%s" % (name.encode(), _urlencoded(values[place % len(values)]))
            for place, name in enumerate(FIELDS)
            if NUL not in values[place % len(values)]
        )
        for values in turned
    ]
    return [
        *forms,
        b"&".join(b"%s=1&%s=2" % (name.encode(), name.encode()) for name in FIELDS),
        b"&".join(b"%s=a%%00b" % name.encode() for name in FIELDS),
        b"&".join(b"f%d=1" % number for number in range(10_000)),
        b"\xff\xfe=\xff&=&&&===",
    ]


def _is_looked_at(address: str) -> bool:
    """The records desk has one page for all its tables; three stand for them."""
    tables = re.match(r"/admin/[a-z]+/([a-z]+)/", address)
    return tables is None or tables[1] in ("entry", "subject", "month")


def _unsafe_routes(site) -> list[str]:
    """The addresses that take a POST at all; the rest answers 405 or 404 to it."""
    client = site.client()
    found = [address for _route, address in site.addresses() if _is_looked_at(address)]
    return [at for at in found if client.post(at).status_code not in (404, 405)]


def _posted(site, asked: list[tuple[str, bytes, str]]) -> list[tuple]:
    """What ended in a fault of ours; who was logged out on the way is logged in again."""
    found, client = [], site.client()
    for address, data, kind in asked:
        status = client.generic("POST", address, data, kind).status_code
        found += [(address, data[:60], kind, status)] if status >= 500 else []
        if "logout" in address:
            client = site.client()
    return found


def test_no_form_of_whatever_content_is_a_fault(site):
    addresses = _unsafe_routes(site)
    assert {"/staff/login/", f"{site.carded.at}verify/"} <= set(addresses)
    assert len(addresses) >= 8
    kind = "application/x-www-form-urlencoded"
    asked = [(address, form, kind) for address in addresses for form in _forms()]
    assert _posted(site, asked) == []


def test_no_content_type_is_a_fault(site):
    deep = json.dumps({"a": "\ud800", "b": float("inf"), "c": "\x00"}).encode() + b"[" * 10_000
    bodies = (b"", deep, b"--\r\n\r\n--", b"\x00" * 100)
    asked = [(at, data, kind) for at in _unsafe_routes(site) for kind in TYPES for data in bodies]
    assert _posted(site, asked) == []


def test_no_query_and_no_address_is_a_fault(site):
    client, asked = site.client(), []
    every = "&".join(
        f"{name}={_urlencoded(NASTY[place % len(NASTY)]).decode()}"
        for place, name in enumerate(FIELDS)
        if NUL not in NASTY[place % len(NASTY)]
    )
    tails = (
        f"?{every}", "?q=%00", "?%00", "?page=1000000000", "?page=-1", "?page=%D9%A3", "?o=1.-2.x",
        "?subject__id_number__startswith=4&ordering=id_number", "?village__id__exact=a", "?month=x",
        "?e=1", "?q=%ED%A0%80", "?code=%FF",
    )  # fmt: skip
    for route, address in site.addresses():
        if not _is_looked_at(address):
            continue
        strange = ("%00", "%2e%2e", "%ED%A0%80", "１", "0" * 300, "a.json", "x'")
        asked += [address + tail for tail in tails]
        asked += [route.address(dict.fromkeys(site.values, value)) for value in strange]
        asked += [route.address({**site.values, "object_id": value}) for value in strange]
    answers = ((at, client.get(at).status_code) for at in dict.fromkeys(asked))
    assert [answer for answer in answers if answer[1] >= 500] == []


def test_no_cookie_is_a_fault(site):
    for value in ('"\\000\\000\\000\\000\\000\\000\\000\\000\\000"', "x" * 3000, "\x7f", '"'):
        for name in ("session", "csrf", "size", "card", "messages"):
            client = site.client(logged_in=False)
            for address in ("/", "/staff/", "/staff/login/", "/admin/", f"{site.carded.at}ledger/"):
                answer = client.get(address, headers={"cookie": f"{name}={value}"})
                assert answer.status_code < 500, (name, value, address)


@pytest.mark.parametrize("piece", ["1", " ", "张", "a-1"])
def test_t_28_long_input_costs_in_proportion_to_its_length(site, piece):
    """ReDoS: sixteen times the text takes no more than a small multiple of that time."""
    client = site.client(logged_in=False)

    def cost(length: int) -> float:
        text = (piece * length)[:length] + "!"
        begun = process_time()
        for address, fields in (
            ("/staff/login/", {"username": text, "password": text}),
            (f"{site.carded.at}verify/", {"pin": text}),
        ):
            assert client.post(address, fields).status_code < 500
        assert client.get("/v/", {"q": text[:4_000]}).status_code < 500
        return process_time() - begun

    cost(100)
    short = min(cost(3_125) for _ in range(3))
    assert min(cost(50_000) for _ in range(3)) < 16 * 8 * short
