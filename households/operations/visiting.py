"""Who keeps in touch with which household, inspections drawn by lot, and visits recorded once."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Action, actions_of
from households.models import Channel, Subject, Visit, VisitDuty
from households.queries import visiting
from trail.actor import Actor
from trail.changes import batch_digest
from trail.clock import business_date
from trail.errors import DomainError
from trail.operations import record
from villages.models import Person, Village
from villages.queries import postings_held

BATCH = 1_000
# Enough to repeat the lot from the audit trail.
SEED_BITS = 32
EVERYBODY = 100


class MayNotVisit(DomainError):
    """The person holds no post in the village that calls on households."""

    code = "may_not_visit"


class NotOneToVisit(DomainError):
    """The household has no open file in the village."""

    code = "not_one_to_visit"


class VisitIsInTheFuture(DomainError):
    """A visit is written down on its day or later."""

    code = "visit_is_in_the_future"


class VisitToldOtherwise(DomainError):
    """The number stands for another visit already."""

    code = "visit_told_otherwise"


class NobodyToInspect(DomainError):
    """No household, or nobody to go there."""

    code = "nobody_to_inspect"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVisit:
    """A visit as its phone or page tells it, under a number of its own."""

    uuid: UUID
    kind: VisitDuty.Kind
    visited_on: date
    channel: Channel = Channel.HOME
    changed: bool = False
    note: str = ""
    attachments: Sequence[str] = field(default=())


@transaction.atomic
def assign_contacts(
    *, village: Village, person: Person, subject_ids: Collection[int], by: Actor, at: datetime
) -> int:
    """From today the person calls on these households each month; how many are new to them.

    Whoever called on one of them until now does so no more. Raises MayNotVisit or NotOneToVisit.
    """
    today = business_date(at)
    _may_visit(village, person, on=today)
    subjects = _open_households(village, subject_ids)
    standing = visiting.duties_on(village_id=village.pk, kind=VisitDuty.Kind.CONTACT, on=today)
    theirs = standing.filter(subject_id__in=subjects)
    kept = set(theirs.filter(person=person).values_list("subject_id", flat=True))
    ended = theirs.exclude(person=person)
    # A duty begun today never ran a day: it is handed on as it is.
    passed = list(ended.values_list("pk", flat=True))
    VisitDuty.objects.filter(pk__in=passed).update(to_on=today)
    fresh = [pk for pk in subjects if pk not in kept]
    _add_duties(village, VisitDuty.Kind.CONTACT, {pk: person.pk for pk in fresh}, today, None)
    record(
        by=by,
        at=at,
        what="visits.contacts_assigned",
        about=f"villages.person:{person.pk}",
        village_id=village.pk,
        detail={**batch_digest(fresh), "taken_over": len(passed)},
    )
    return len(fresh)


@transaction.atomic
def end_contacts(
    *, village: Village, person: Person, subject_ids: Collection[int], by: Actor, at: datetime
) -> int:
    """The person calls on these households no more after today; how many that were."""
    today = business_date(at)
    standing = visiting.duties_on(village_id=village.pk, kind=VisitDuty.Kind.CONTACT, on=today)
    mine = standing.filter(person=person, subject_id__in=subject_ids)
    ended = sorted(mine.values_list("pk", flat=True))
    VisitDuty.objects.filter(pk__in=ended).update(to_on=today)
    record(
        by=by,
        at=at,
        what="visits.contacts_ended",
        about=f"villages.person:{person.pk}",
        village_id=village.pk,
        detail=batch_digest(ended),
    )
    return len(ended)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """How an inspection is drawn: of how many in a hundred, for whom, until when."""

    percent: int
    person_ids: Sequence[int]
    until: date
    # None: by chance. The one of an earlier lot draws the same households again.
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """What was drawn: how many households, out of how many, with which seed."""

    drawn: int
    households: int
    seed: int


@transaction.atomic
def draw_inspection(
    *,
    village: Village,
    draw: Draw,
    by: Actor,
    at: datetime,
) -> Lot:
    """Draw among the households (at least one) and share them out; nobody goes to the own
    contact households. The seed stands in the trail, so the lot can be drawn again.

    Raises NobodyToInspect or MayNotVisit.
    """
    today = business_date(at)
    people = list(Person.objects.filter(pk__in=draw.person_ids).order_by("pk"))
    for person in people:
        _may_visit(village, person, on=today)
    homes = visiting.open_household_ids(village_id=village.pk)
    if not homes or not people:
        raise NobodyToInspect(_("没有户，或者没有选督查的人，请先选人。"))
    if not (1 <= draw.percent <= EVERYBODY and draw.until >= today):
        raise NobodyToInspect(_("抽查比例是1到100，截止日期不能早于今天。"))
    seed = random.SystemRandom().getrandbits(SEED_BITS) if draw.seed is None else draw.seed
    lot = random.Random(seed)  # noqa: S311 (drawn again by whoever checks it)
    drawn = sorted(lot.sample(homes, max(1, len(homes) * draw.percent // EVERYBODY)))
    shared = _share(village, drawn, people, on=today)
    _add_duties(village, VisitDuty.Kind.INSPECTION, shared, today, draw.until)
    record(
        by=by,
        at=at,
        what="visits.inspection_drawn",
        about=f"villages.village:{village.pk}",
        village_id=village.pk,
        detail={
            "percent": draw.percent,
            "households": len(homes),
            "seed": seed,
            "drawn": len(shared),
        },
    )
    return Lot(len(shared), len(homes), seed)


@transaction.atomic
def record_visit(
    *, subject: Subject, person: Person, visit: NewVisit, by: Actor, at: datetime
) -> Visit:
    """Write a visit down once: the same number with the same content is the same visit.

    Raises MayNotVisit, NotOneToVisit, VisitIsInTheFuture or VisitToldOtherwise.
    """
    village_id = subject.village_id
    told = {
        "subject_id": subject.pk,
        "person_id": person.pk,
        "kind": visit.kind,
        "visited_on": visit.visited_on,
        "channel": visit.channel,
        "changed": visit.changed,
        "note": visit.note,
        "attachments": list(visit.attachments),
    }
    _may_visit(subject.village, person, on=business_date(at))
    _open_households(subject.village, [subject.pk])
    if visit.visited_on > business_date(at):
        raise VisitIsInTheFuture(_("走访日期不能晚于今天，请改日期。"))
    made, fresh = Visit.objects.get_or_create(
        village_id=village_id, uuid=visit.uuid, defaults={**told, "recorded_at": at}
    )
    if not fresh:
        if any(getattr(made, name) != value for name, value in told.items()):
            raise VisitToldOtherwise(_("这次走访已经记过，内容不一样。要改请另记一次。"))
        return made
    record(
        by=by,
        at=at,
        what="visits.recorded",
        about=f"households.visit:{made.pk}",
        village_id=village_id,
        detail={"kind": visit.kind, "changed": visit.changed, "channel": visit.channel},
    )
    return made


def _may_visit(village: Village, person: Person, *, on: date) -> None:
    held = postings_held(person_id=person.pk, on=on)
    if not any(
        village.pk in posting.village_ids and Action.VISIT in actions_of(posting.role)
        for posting in held
    ):
        raise MayNotVisit(
            _("%(name)s在%(village)s没有走访农户的职务，请先任职（网格长、联系干部、采集员等）。")
            % {"name": person.name, "village": village.name}
        )


def _open_households(village: Village, subject_ids: Collection[int]) -> list[int]:
    found = visiting.open_household_ids(village_id=village.pk, among=subject_ids)
    if len(found) < len(set(subject_ids)):
        raise NotOneToVisit(_("有的户不在这个村，或者已经销户，请重新选。"))
    return found


def _add_duties(
    village: Village,
    kind: VisitDuty.Kind,
    people: dict[int, int],
    from_on: date,
    to_on: date | None,
) -> None:
    VisitDuty.objects.bulk_create(
        [
            VisitDuty(
                village=village,
                subject_id=subject_id,
                person_id=person_id,
                kind=kind,
                from_on=from_on,
                to_on=to_on,
            )
            for subject_id, person_id in people.items()
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["village", "subject", "kind", "from_on"],
        update_fields=["person", "to_on"],
    )


def _share(village: Village, drawn: list[int], people: list[Person], *, on: date) -> dict[int, int]:
    """Household to person, as evenly as the own contact households allow."""
    standing = visiting.duties_on(village_id=village.pk, kind=VisitDuty.Kind.CONTACT, on=on)
    contacts = dict(standing.values_list("subject_id", "person_id"))
    load = {person.pk: 0 for person in people}
    shared = {}
    for home in drawn:
        others = [pk for pk in load if pk != contacts.get(home)]
        if others:
            chosen = min(others, key=lambda pk: (load[pk], pk))
            load[chosen] += 1
            shared[home] = chosen
    if not shared:
        raise NobodyToInspect(_("抽中的户都是自己联系的，请再选一个督查的人。"))
    return shared
