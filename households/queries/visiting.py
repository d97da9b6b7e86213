"""Who is due for a visit, and who has been visited."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length

from accounts.roles import Action, roles_with
from households.models import Subject, Visit, VisitDuty
from trail.scope import Scope
from villages.models import Person, Village
from villages.queries import people_in_posts


@dataclass(frozen=True, slots=True)
class PersonsVisits:
    """One person's duties of a kind in a village: how many, and how many are done."""

    person_id: int
    name: str
    due: int
    done: int

    @property
    def left(self) -> int:
        """还差 n 户."""
        return self.due - self.done


def open_household_ids(*, village_id: int, among: Collection[int] | None = None) -> list[int]:
    """The households of a village with an open file, by id; of those in `among` when given."""
    found = Subject.objects.filter(village_id=village_id, kind=Subject.Kind.HOUSEHOLD)
    if among is not None:
        found = found.filter(pk__in=among)
    return sorted(found.exclude(state=Subject.State.CLOSED).values_list("pk", flat=True))


def duties_on(*, village_id: int, kind: VisitDuty.Kind, on: date) -> QuerySet[VisitDuty]:
    """The duties of a kind in a village that stand on a day; a contact ended that day does not."""
    return VisitDuty.objects.filter(_stands(on), village_id=village_id, kind=kind)


def duties_within(
    scope: Scope, action: str, *, kind: VisitDuty.Kind, on: date, left_only: bool = False
) -> QuerySet[VisitDuty]:
    """The duties in scope with household and person, `last_on` and `done`; the undone first."""
    found = with_last_visit(
        VisitDuty.objects.within(scope, action).filter(_stands(on), kind=kind), on
    )
    if left_only:
        found = found.filter(done=False)
    return found.select_related("village", "subject__unit", "person").order_by(
        "village__code",
        "done",
        "person__name",
        Length("subject__unit__name"),
        "subject__unit__name",
        Length("subject__number"),
        "subject__number",
        "pk",
    )


def duties_of_person(scope: Scope, action: str, *, person_id: int, on: date) -> QuerySet[VisitDuty]:
    """What a person has to visit in scope, contact households and inspections."""
    mine = VisitDuty.objects.within(scope, action).filter(_stands(on), person_id=person_id)
    found = with_last_visit(mine, on).select_related("village", "subject__unit", "person")
    return found.order_by("done", "kind", "subject__unit_id", Length("subject__number"), "pk")


def left_of(duties: QuerySet[Any]) -> int:
    """How many of the duties that `with_last_visit` looked at are not done."""
    return duties.filter(done=False).count()


def duty_of_person(
    scope: Scope, action: str, *, person_id: int, number: int, on: date
) -> VisitDuty | None:
    """One of them; None for another person's."""
    return duties_of_person(scope, action, person_id=person_id, on=on).filter(pk=number).first()


def duty_to_visit(  # noqa: PLR0913 (whose, where, which)
    scope: Scope, action: str, *, person_id: int, subject_id: int, kind: str, on: date, today: date
) -> VisitDuty | None:
    """The duty by which a person called on a household that day, or may write it down today."""
    mine = VisitDuty.objects.within(scope, action).filter(_stands(on) | _stands(today))
    found = mine.filter(person_id=person_id, subject_id=subject_id, kind=kind)
    return found.select_related("village", "subject__unit", "person").order_by("-from_on").first()


def visit_of(*, village_id: int, uuid: UUID) -> Visit | None:
    """The visit with this number, if it was written down."""
    return Visit.objects.filter(village_id=village_id, uuid=uuid).first()


def visit_within(scope: Scope, action: str, *, number: int) -> Visit | None:
    """One visit with household and person; None outside the scope as for none at all."""
    found = Visit.objects.within(scope, action).select_related("village", "subject__unit", "person")
    return found.filter(pk=number).first()


def with_last_visit(duties: QuerySet[VisitDuty], on: date) -> QuerySet[Any]:
    """Each with `last_on` and whether it is `done`: this month, or since the inspection began."""
    visits = Visit.objects.filter(
        village_id=OuterRef("village_id"), subject_id=OuterRef("subject_id"), kind=OuterRef("kind")
    )
    begun = Q(visited_on__gte=on.replace(day=1), kind=VisitDuty.Kind.CONTACT) | Q(
        visited_on__gte=OuterRef("from_on"), kind=VisitDuty.Kind.INSPECTION
    )
    return duties.annotate(
        last_on=Subquery(visits.order_by("-visited_on").values("visited_on")[:1]),
        done=Exists(visits.filter(begun)),
    )


def by_person(*, village_id: int, kind: VisitDuty.Kind, on: date) -> list[PersonsVisits]:
    """Due and done for each person of a village, the furthest behind first."""
    standing = with_last_visit(duties_on(village_id=village_id, kind=kind, on=on), on)
    rows = (
        standing.values("person_id", name=F("person__name"))
        .annotate(due=Count("pk"), finished=Count("pk", filter=Q(done=True)))
        .order_by("name", "person_id")
    )
    found = [
        PersonsVisits(row["person_id"], row["name"], row["due"], row["finished"]) for row in rows
    ]
    return sorted(found, key=lambda one: -one.left)


def left_by_village(scope: Scope, action: str, *, on: date) -> list[tuple[str, str, int]]:
    """Slug and name of each village in scope with visits left, and how many."""
    standing = VisitDuty.objects.within(scope, action).filter(_stands(on))
    rows = (
        with_last_visit(standing, on)
        .filter(done=False)
        .values_list("village__slug", "village__name")
        .annotate(left=Count("pk"))
        .order_by("village__code")
    )
    return [(slug, name, left) for slug, name, left in rows]


def visitors_of(village: Village, *, on: date) -> list[Person]:
    """Who holds a post that calls on households of the village, by name."""
    roles = roles_with(Action.VISIT)
    return people_in_posts(village=village, roles=roles, on=on)


def households_to_assign(*, village_id: int, unit_id: int | None, on: date) -> list[Subject]:
    """The open households of a group, each with its `contact_name`; none without a group."""
    if unit_id is None:
        return []
    contact = duties_on(village_id=village_id, kind=VisitDuty.Kind.CONTACT, on=on)
    homes = Subject.objects.filter(
        village_id=village_id, unit_id=unit_id, kind=Subject.Kind.HOUSEHOLD
    ).exclude(state=Subject.State.CLOSED)
    named = homes.annotate(
        contact_name=Subquery(
            contact.filter(subject_id=OuterRef("pk")).order_by("-pk").values("person__name")[:1]
        )
    )
    return list(named.select_related("unit").order_by(Length("number"), "number", "pk"))


def _stands(on: date) -> Q:
    return Q(from_on__lte=on) & (
        Q(to_on__isnull=True) | Q(to_on__gte=on, kind=VisitDuty.Kind.INSPECTION) | Q(to_on__gt=on)
    )
