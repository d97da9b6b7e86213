"""Who is the head of a household."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from households.errors import NothingToChange
from households.importing.verdicts import HEADS
from households.models import FileChange, Member, Subject
from households.operations.files.keeping import (
    HEAD,
    Recorded,
    Told,
    When,
    checked,
    keep,
    locked_household,
    members_on,
    settle,
)
from households.operations.files.listed import on_the_list, refuse_as_head, write
from trail.actor import Actor
from trail.changes import Change


@transaction.atomic
def change_head(
    *,
    subject: Subject,
    head: Member,
    relations: Mapping[int, str],
    when: When,
    by: Actor,
    at: datetime,
) -> Subject:
    """Another head for the household; `relations` are everybody else's to the new one.

    Raises NotOnTheList, NothingToChange, or NotOldEnough for a child.
    """
    mine = locked_household(subject)
    living = members_on(mine)
    chosen = on_the_list(mine, head)
    refuse_as_head(chosen)
    when = checked(when=when, at=at, about=living)
    changes = take_as_head(living, chosen, relations)
    if not changes:
        raise NothingToChange(_("填的和档案里一样，没有要改的。"))
    settle(mine)
    keep(
        subject=mine,
        told=Told(FileChange.Kind.HEAD, when, member=chosen),
        recorded=Recorded("households.head_changed", changes, {"people": len(living)}),
        by=by,
        at=at,
    )
    return mine


def take_as_head(members: list[Member], head: Member, relations: Mapping[int, str]) -> list[Change]:
    """Make one of them the head and set the others' relations; answers what changed."""
    changes = []
    for one in members:
        relation = HEAD if one.pk == head.pk else relations.get(one.pk, one.relation)
        if one.pk != head.pk and relation in HEADS:
            relation = ""
        if relation == one.relation:
            continue
        changes.append(Change("households.member.relation", one.relation, relation, personal=True))
        write(one, relation=relation)
    return changes
