"""A person of a household: put right, or added."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from households.errors import NothingToChange
from households.models import FileChange, Member, Subject
from households.operations.files.facts import (
    Facts,
    changes_between,
    columns_of,
    facts_of,
    refuse_known_id,
    state_for,
    told_by_id,
)
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
from households.operations.files.listed import on_the_list, refuse_second_head, state_of, write
from trail.actor import Actor
from trail.changes import Change
from trail.clock import business_date

Kind = FileChange.Kind


@transaction.atomic
def correct_member(
    *, subject: Subject, member: Member, facts: Facts, note: str = "", by: Actor, at: datetime
) -> Member:
    """Put right what is on file of a person.

    Raises NothingToChange, NotOnTheList, LivesElsewhere, or what `checked` raises.
    """
    mine, today = locked_household(subject), business_date(at)
    known = on_the_list(mine, member)
    before, facts = facts_of(known), told_by_id(facts)
    changes = changes_between(before, facts)
    if not changes:
        raise NothingToChange(_("填的和档案里一样，没有要改的。"))
    refuse_second_head(mine, facts, but=known)
    refuse_known_id(village_id=mine.village_id, number=facts.id_number, but=known)
    state = state_of(known, facts.birth_on, on=today)
    if state != known.state:
        changes.append(Change("households.member.state", known.state, state))
    write(known, **columns_of(facts), state=state)
    settle(mine)
    keep(
        subject=mine,
        told=Told(Kind.CORRECTED, checked(when=When(today, note), at=at), member=known),
        recorded=Recorded("households.member_corrected", changes),
        by=by,
        at=at,
    )
    return known


@transaction.atomic
def add_member(*, subject: Subject, facts: Facts, when: When, by: Actor, at: datetime) -> Member:
    """Put a person on the household's list; a child under 14 waits for the guardian's consent.

    Raises LivesElsewhere when the ID stands under another name or home, HasLeftBefore when the
    person was on a list of the village already.
    """
    mine, facts = locked_household(subject), told_by_id(facts)
    when = checked(when=when, at=at, about=members_on(mine))
    refuse_second_head(mine, facts)
    refuse_known_id(village_id=mine.village_id, number=facts.id_number)
    added = Member.objects.create(
        village_id=mine.village_id,
        subject=mine,
        state=state_for(facts, on=business_date(at)),
        **columns_of(facts),
    )
    settle(mine)
    nobody = Facts(name="", relation="")
    keep(
        subject=mine,
        told=Told(Kind.JOINED, when, member=added),
        recorded=Recorded(
            "households.member_added", changes_between(nobody, facts), {"state": added.state}
        ),
        by=by,
        at=at,
    )
    return added
