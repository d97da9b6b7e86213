"""One question of a visitor, undone at once, and what the answer says."""

import json
import re
from collections.abc import Mapping
from http.cookies import SimpleCookie

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

WORDS = {
    200: "page", 301: "moved", 302: "moved", 400: "bad", 401: "login", 403: "refused",
    404: "missing", 405: "method", 409: "bad", 422: "bad",
}  # fmt: skip
DOORS = ("/staff/login/", "/admin/login/")
JSON_BELOW = "/api/"
# What differs between any two answers: tokens, the reference, and the address asked for.
PASSING = (
    re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"'),
    re.compile(rb'name="next" value="[^"]*"'),
    re.compile(rb'"reference":\s*"[^"]*"'),
    re.compile(rb"nonce-[\w+/=-]+"),
)
HEADERS_THAT_PASS = ("X-Reference", "Set-Cookie", "Content-Length", "ETag")


def ask(
    client: Client, method: str, address: str, body: Mapping[str, str] | None = None
) -> HttpResponse:
    """The answer; nothing of it stays, in the database or in the browser."""
    kept = {name: cookie.value for name, cookie in client.cookies.items()}
    with transaction.atomic():
        if method not in ("GET", "HEAD") and address.startswith(JSON_BELOW):
            answer = client.generic(
                method, address, json.dumps(body or {}), content_type="application/json",
                headers={"Idempotency-Key": "matrix-0001"},
            )  # fmt: skip
        elif method == "POST":
            answer = client.post(address, body or {})
        else:
            answer = client.generic(method, address)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(kept)
    return answer


def told(answer: HttpResponse) -> str:
    """The answer in a word of expected.csv; its number where it has none."""
    if answer.status_code in (301, 302) and answer["Location"].startswith(DOORS):
        return "login"
    return WORDS.get(answer.status_code, str(answer.status_code))


def same_bytes(first: HttpResponse, second: HttpResponse) -> bool:
    """Whether an outsider can tell the two apart."""
    return _bytes(first) == _bytes(second) and _headers(first) == _headers(second)


def _bytes(answer: HttpResponse) -> bytes:
    body = bytes(answer.content)
    for pattern in PASSING:
        body = pattern.sub(b"", body)
    return body


def _headers(answer: HttpResponse) -> dict[str, str]:
    headers = {name: value for name, value in answer.items() if name not in HEADERS_THAT_PASS}
    policy = headers.pop("Content-Security-Policy", "")
    return {**headers, "policy": PASSING[3].sub(b"", policy.encode()).decode()}
