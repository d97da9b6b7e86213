"""Turns the postings of a user into villages per action."""

from collections import defaultdict
from datetime import date
from typing import Protocol

from accounts.roles import actions_of
from trail.clock import today
from trail.scope import Scope
from villages import queries as village_queries


class HoldsPostings(Protocol):
    """A log-in that belongs to a person."""

    is_active: bool
    person_id: int


def of(user: HoldsPostings, *, on: date | None = None) -> Scope:
    """What the user's postings allow on the day `on` (default: today). Nobody else: nothing."""
    if not user.is_active:
        return Scope()
    villages: dict[str, set[int]] = defaultdict(set)
    townships: dict[str, set[int]] = defaultdict(set)
    for posting in village_queries.postings_held(person_id=user.person_id, on=on or today()):
        for action in actions_of(posting.role):
            villages[action] |= posting.village_ids
            if posting.whole_township:
                townships[action].add(posting.township_id)
    return Scope(
        villages={action: frozenset(ids) for action, ids in villages.items()},
        townships={action: frozenset(ids) for action, ids in townships.items()},
    )


def role_for(
    user: HoldsPostings,
    *,
    action: str,
    village_id: int | None = None,
    township_id: int | None = None,
    on: date | None = None,
) -> str | None:
    """The role in which the user may do this in the village, or in the township as a whole.

    None when no posting allows it.
    """
    if not user.is_active:
        return None
    held = village_queries.postings_held(person_id=user.person_id, on=on or today())
    roles = [
        posting.role
        for posting in held
        if action in actions_of(posting.role)
        and (
            village_id in posting.village_ids
            or (posting.whole_township and posting.township_id == township_id)
        )
    ]
    return min(roles, default=None)
