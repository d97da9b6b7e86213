"""How often the API may be asked in a minute, counted in rows of the database."""

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from jobs.operations import count_call
from jobs.queries import MINUTE
from trail import clock
from trail.networks import network_of
from trail.requests import address_of


class CallsAMinute(BaseThrottle):
    """Per account; per network for whoever has not logged in."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether this request is within the limit; it counts either way."""
        if request.user.is_authenticated:
            who, most = f"user:{request.user.pk}", settings.API_CALLS_OF_A_PERSON
        else:
            network = network_of(address_of(request))
            who, most = f"network:{network}", settings.API_CALLS_OF_A_NETWORK
        return count_call(who=who, at=clock.now()) <= most

    def wait(self) -> float:
        """After a minute's rest there is room again."""
        return MINUTE.total_seconds()
