"""A person dies, moves away, comes back."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from households.errors import NotOnTheList
from households.models import FileChange, Member, Subject
from households.operations.files.facts import changes_between, facts_of, refuse_known_id
from households.operations.files.keeping import (
    Recorded,
    Told,
    When,
    checked,
    keep,
    locked_household,
    members_on,
    settle,
)
from households.operations.files.listed import (
    known_of,
    refuse_gone,
    refuse_second_head,
    state_of,
    write,
)
from trail.actor import Actor
from trail.changes import Change
from trail.clock import business_date

Kind = FileChange.Kind


@dataclass(frozen=True, slots=True)
class _Leaving:
    """What becomes of who leaves the list, and what it is called."""

    state: Member.State
    kind: FileChange.Kind
    what: str


_DEATH = _Leaving(Member.State.DECEASED, Kind.DECEASED, "households.member_died")
_AWAY = _Leaving(Member.State.LEFT, Kind.LEFT, "households.member_left")


def record_death(
    *, subject: Subject, member: Member, when: When, by: Actor, at: datetime
) -> Member:
    """Take a person who died off the list; twice is once. Raises NotOnTheList or FileIsClosed."""
    return _leave(_DEATH, subject, member, when, by=by, at=at)


def move_away(*, subject: Subject, member: Member, when: When, by: Actor, at: datetime) -> Member:
    """Take a person who moved out of the village off the list; twice is once."""
    return _leave(_AWAY, subject, member, when, by=by, at=at)


@transaction.atomic
def move_back(
    *, subject: Subject, member: Member, relation: str, when: When, by: Actor, at: datetime
) -> Member:
    """Put a person who moved away back on the list of the same household.

    Raises NotOnTheList for the dead and the erased, LivesElsewhere when the ID is on another list.
    """
    mine = locked_household(subject)
    known = known_of(mine, member)
    if known.state not in Member.GONE:
        return known
    if known.state != Member.State.LEFT:
        raise NotOnTheList(_("只有迁出的人能办迁回。"))
    when = checked(when=when, at=at, about=[known, *members_on(mine)])
    facts = replace(facts_of(known), relation=relation)
    refuse_second_head(mine, facts)
    if known.id_number:
        refuse_known_id(village_id=mine.village_id, number=known.id_number, but=known)
    state = state_of(known, known.birth_on, on=business_date(at))
    changes = [
        *changes_between(facts_of(known), facts),
        Change("households.member.state", known.state, state),
    ]
    write(known, relation=relation, state=state)
    settle(mine)
    keep(
        subject=mine,
        told=Told(Kind.RETURNED, when, member=known),
        recorded=Recorded("households.member_returned", changes),
        by=by,
        at=at,
    )
    return known


@transaction.atomic
def _leave(
    leaving: _Leaving, subject: Subject, member: Member, when: When, *, by: Actor, at: datetime
) -> Member:
    mine = locked_household(subject)
    known = known_of(mine, member)
    if known.state == leaving.state:
        return known
    refuse_gone(known)
    when = checked(when=when, at=at, about=members_on(mine))
    change = Change("households.member.state", known.state, leaving.state)
    write(known, state=leaving.state)
    settle(mine)
    keep(
        subject=mine,
        told=Told(leaving.kind, when, member=known),
        recorded=Recorded(leaving.what, [change]),
        by=by,
        at=at,
    )
    return known
