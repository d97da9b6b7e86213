"""Log-in by password; permissions come from the role table alone."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import lockout
from trail import clock
from trail.actor import Actor
from trail.networks import UNKNOWN, network_of
from trail.requests import actor_at, address_of


def stranger(request: HttpRequest | None) -> Actor:
    """Somebody at the door, known by address alone."""
    if request is None:
        return Actor(name=_("没登录的人"), role="anonymous")
    return actor_at(request, name=_("没登录的人"), role="anonymous")


def network_at(request: HttpRequest | None) -> str:
    """The network a try comes from."""
    return UNKNOWN if request is None else network_of(address_of(request))


class PostingBackend(ModelBackend):
    """Django's password check, limited in tries, without Django's permission tables."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_kwargs: Any,
    ) -> User | None:
        """The user of this name and password; raises AccountRests or NetworkRests."""
        if username is None or password is None:
            return None

        def attempt() -> User | None:
            return super(PostingBackend, self).authenticate(
                request, username=username, password=password
            )

        return lockout.tried(
            username=username,
            network=network_at(request),
            attempt=attempt,
            by=stranger(request),
            at=clock.now(),
        )

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False
