"""Who is kin to whom across households: what recusal and separation are computed from."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from households.errors import TheSameFile
from households.models import Member, Relation, Subject
from households.operations.files.keeping import locked
from households.operations.files.listed import on_the_list
from trail.actor import Actor
from trail.operations import record


@dataclass(frozen=True, slots=True)
class Kin:
    """A person of another household, and what the two are to each other."""

    home: Subject
    person: Member
    kind: Relation.Kin


@transaction.atomic
def record_kin(*, subject: Subject, member: Member, kin: Kin, by: Actor, at: datetime) -> Relation:
    """Note that two persons are kin, or that they are so in another way; each pair stands once.

    Raises TheSameFile for people of one household, who are kin without it, or NotOnTheList.
    """
    if kin.home.pk == subject.pk:
        raise TheSameFile(_("同一户的人不用登记亲属，系统当作一家。请填另一户。"))
    mine, other = locked(subject, kin.home)
    pair = sorted((on_the_list(mine, member).pk, on_the_list(other, kin.person).pk))
    relation, _fresh = Relation.objects.update_or_create(
        village_id=mine.village_id,
        member_id=pair[0],
        other_id=pair[1],
        defaults={"kin": kin.kind, "recorded_at": at},
    )
    record(
        by=by,
        at=at,
        what="households.kin_recorded",
        about=f"households.subject:{mine.pk}",
        village_id=mine.village_id,
        detail={"members": pair, "other": other.pk, "kin": kin.kind},
    )
    return relation
