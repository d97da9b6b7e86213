"""Who must log in with a code from the phone, and who has set it up."""

from django.conf import settings
from django.http import HttpRequest

from accounts import queries
from accounts.models import User
from trail.clock import today
from villages import queries as village_queries

# Whoever covers a whole township needs it, and these wherever they are posted.
ROLES = frozenset(
    {
        "county_administrator",
        "system_administrator",
        "security_administrator",
        "audit_administrator",
    }
)
SET_UP = "second factor"


def is_needed(user: User) -> bool:
    """Whether a posting in force reaches far enough that a password alone is too little."""
    held = village_queries.postings_held(person_id=user.person_id, on=today())
    return any(posting.whole_township or posting.role in ROLES for posting in held)


def is_missing(request: HttpRequest, user: User) -> bool:
    """Whether this log-in must first set up its codes. Asks nothing once they are there."""
    if not settings.SECOND_FACTOR_REQUIRED or request.session.get(SET_UP):
        return False
    if queries.has_second_factor(user_id=user.pk):
        request.session[SET_UP] = True
        return False
    return is_needed(user)
