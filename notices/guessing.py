"""Codes of paper notices are not tried out: a network that asks for many unknown ones waits."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from jobs.operations import count_call
from jobs.queries import calls_of
from trail.actor import Actor
from trail.operations import record


def guesses(*, network: str, at: datetime) -> bool:
    """Whether this network has just asked for too many codes that no notice has."""
    return calls_of(who=_who(network), at=at) >= settings.UNKNOWN_CODES_OF_A_NETWORK


@transaction.atomic
def note_unknown_code(*, network: str, by: Actor, at: datetime) -> None:
    """Count that somebody asked for a code no notice has; the one too many is audited."""
    if count_call(who=_who(network), at=at) == settings.UNKNOWN_CODES_OF_A_NETWORK:
        record(by=by, at=at, what="notices.codes_guessed", about="notices.notice")


def _who(network: str) -> str:
    return f"code:{network}"
