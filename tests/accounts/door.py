"""Somebody at the door: name, password, and the code a phone would show."""

import time
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD

LOGIN, CODE = "/staff/login/", "/staff/login/code/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


def at_door(username: str, password: str = PASSWORD, *, client: Client | None = None, **extra):
    """The answer to a name and a password."""
    return (client or Client()).post(LOGIN, {"login": username, "password": password}, **extra)


def text(response) -> str:
    return response.content.decode()


def codes_of(secret: str) -> Iterator[str]:
    """Codes that are right now, each another one: a code is good once."""
    now = int(time.time()) // 30
    for step in (0, 1, -1):
        yield format_hotp_value(hotp_value(secret, now + step))


def with_codes(user: User) -> Authenticator:
    return TOTP.activate(user, SECRET).instance


def opens(client: Client, path: str = "/staff/") -> bool:
    return client.get(path).status_code == 200
