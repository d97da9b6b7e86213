"""B-23: every answer of every route carries the headers, whatever it is (T-06, T-22)."""

import pytest
from django.conf import settings as configured

from tests.factories import NOON
from tests.hardening.site import body, set_site

A_YEAR = 31_536_000
PERSONAL = ("/staff/", "/admin/", "/h/")
BIG = "x" * (configured.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def site(db):
    return set_site()


@pytest.fixture
def strict(settings) -> None:
    """The transport of production, which tests otherwise do without."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = A_YEAR
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True


def _policy(response) -> dict[str, set[str]]:
    parts = [part.split() for part in response["Content-Security-Policy"].split(";") if part]
    return {name: set(sources) for name, *sources in parts}


def _faults(response) -> list[str]:
    """What is missing or loose in the headers of an answer."""
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    found = [name for name, value in wanted.items() if response.get(name) != value]
    found += [
        name
        for name in ("Content-Security-Policy", "Permissions-Policy", "X-Reference")
        if not response.get(name)
    ]
    if "Content-Security-Policy" in response:
        policy = _policy(response)
        found += [
            f"{name} {source}"
            for name in ("default-src", "script-src", "style-src")
            for source in policy[name] - {"'self'", "'none'"}
        ]
        found += [] if policy["frame-ancestors"] == {"'none'"} else ["frame-ancestors"]
    found += [] if "Access-Control-Allow-Origin" not in response else ["open to other sites"]
    found += [] if response["Content-Type"] != "" else ["Content-Type"]
    return found


def test_every_route_carries_them_with_and_without_log_in(site):
    clients = (site.client(), site.client(logged_in=False))
    seen, missing = set(), {}
    for client in clients:
        for _route, address in site.addresses():
            response = client.get(address)
            seen.add(response.status_code)
            assert response.status_code < 500, (address, response.status_code)
            if found := _faults(response):
                missing[address] = found
            kept = "no-store" in response.get("Cache-Control", "")
            if address.startswith(PERSONAL) and not kept:
                missing[address] = ["may be kept by a cache"]
    assert missing == {}
    assert {200, 302, 404, 405} <= seen


def test_errors_files_and_redirects_carry_them(site, strict):
    anybody, checked = site.client(logged_in=False), site.client(enforce_csrf_checks=True)
    answers = {
        "other host": (400, anybody.get("/", headers={"host": "evil.example"})),
        "other host over TLS": (
            400,
            anybody.get("/", headers={"host": "evil.example"}, secure=True),
        ),
        "plain": (301, anybody.get("/v/")),
        "file": (200, anybody.get("/static/css/tokens.css", secure=True)),
        "no file": (404, anybody.get("/static/css/nothing.css", secure=True)),
        "no token": (403, checked.post("/staff/login/", secure=True)),
        "absent": (404, anybody.get("/nothing/", secure=True)),
        "method": (405, anybody.post("/", secure=True)),
        "too big": (413, anybody.post("/staff/login/", {"username": BIG}, secure=True)),
        "slash": (301, anybody.get("/v", secure=True)),
        "door": (302, anybody.get("/staff/", secure=True)),
    }
    for name, (status, response) in answers.items():
        assert (name, response.status_code) == (name, status)
        assert (name, _faults(response)) == (name, [])
        if response.wsgi_request.is_secure():
            assert f"max-age={A_YEAR}" in response["Strict-Transport-Security"], name
        response.close()
        if status >= 400:
            assert "no-store" in response["Cache-Control"], name
            assert "回首页" in body(response), name


def test_this_test_would_see_a_loose_answer(site):
    response = site.client().get("/")
    response["Content-Security-Policy"] = "default-src 'self'; script-src 'unsafe-inline'; " + (
        "style-src 'self'; frame-ancestors *"
    )
    del response["X-Frame-Options"]
    assert _faults(response) == ["X-Frame-Options", "script-src 'unsafe-inline'", "frame-ancestors"]


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(site):
    client = site.client(logged_in=False)
    client.get("/size/large/")
    client.get("/staff/login/")
    client.post(f"{site.carded.at}verify/", {"pin": site.carded.card.pin})
    assert {"size", "csrf", "card"} <= set(client.cookies)
    for name, cookie in client.cookies.items():
        assert cookie["samesite"] in ("Lax", "Strict"), name
        assert cookie["httponly"] or name == "csrf", name
        assert not cookie["domain"], name


def test_t_22_host_and_forwarded_headers_are_not_believed(site):
    client = site.client(logged_in=False)
    forged = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "x-forwarded-port": "444",
        "x-original-url": "/admin/",
        "x-http-method-override": "DELETE",
    }
    response = client.get("/v/", headers=forged)
    assert response.status_code == 200
    assert not response.wsgi_request.is_secure()
    assert "evil.example" not in body(response)
    refused = client.get("/", headers={"host": "evil.example"})
    assert (refused.status_code, "evil.example" in body(refused)) == (400, False)


def test_forwarded_scheme_counts_only_behind_a_proxy_of_ours(site, settings, strict):
    behind = {"x-forwarded-proto": "https"}
    assert site.client(logged_in=False).get("/v/", headers=behind).status_code == 301
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert site.client(logged_in=False).get("/v/", headers=behind).status_code == 200


AWAY = (
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example",
    "https:evil.example", "http:///evil.example", "///evil.example", "/\t/evil.example",
    "javascript:alert(1)", "\r\nLocation: https://evil.example", "/%0d%0aSet-Cookie:a=b",
    " //evil.example", "//[", "data:text/html,x",
)  # fmt: skip


def _stays(response) -> bool:
    """An answer here, or a redirect to an address of this site."""
    to = response.get("Location", "/")
    return to.startswith("/") and not to.startswith(("//", "/\\", "/\t")) and "\n" not in to


@pytest.mark.parametrize("away", AWAY)
def test_t_22_no_page_that_takes_next_leads_away(site, away):
    asked = site.client(logged_in=False)
    answers = [asked.get("/size/large/", {"next": away})]
    for door in ("/staff/login/", "/admin/login/"):
        form = {"login": site.staff.username, "password": "x", "next": away}
        answers += [asked.get(door, {"next": away}), asked.post(door, form)]
        answers += [site.client().get(door, {"next": away}), site.client().post(door, form)]
        answers += [site.client().post(f"{door}?next=/", form)]
    for response in answers:
        assert response.status_code < 500
        assert _stays(response), response["Location"]
        assert not any(set("\r\n") & set(value) for value in response.headers.values())
