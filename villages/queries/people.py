"""Reading persons: who is reached through which posting."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from trail.scope import Scope
from villages.models import Person, Posting, Village
from villages.queries.postings import in_force, postings_within
from villages.queries.reach import reached


@dataclass(frozen=True, slots=True)
class Sought:
    """What a list of persons is narrowed to; nothing by default."""

    name: str = ""
    township_id: int | None = None
    village_id: int | None = None
    role: str = ""
    standing: str = ""


# What `Sought.standing` may be: a posting in force, none any more, none ever.
NOW, PAST, NEVER = "now", "past", "never"


def people_within(scope: Scope, action: str) -> QuerySet[Person]:
    """Persons who hold or held one of those postings, or were added in one of the townships."""
    return Person.objects.filter(
        Q(pk__in=postings_within(scope, action).values("person_id"))
        | Q(added_in_id__in=scope.township_ids(action))
    )


def people_sought(scope: Scope, action: str, sought: Sought, *, on: date) -> QuerySet[Person]:
    """Those persons as narrowed, by name, each with `held`: what is in force and in scope."""
    reached = postings_within(scope, action)
    people = people_within(scope, action).filter(name__contains=sought.name)
    wanted = {
        "township_id": sought.township_id,
        "village_id": sought.village_id,
        "post__code": sought.role or None,
    }
    narrow = {field: value for field, value in wanted.items() if value is not None}
    held = reached.filter(in_force(on))
    if narrow or sought.standing == NOW:
        rows = held if sought.standing == NOW else reached
        people = people.filter(pk__in=rows.filter(**narrow).values("person_id"))
    if sought.standing == PAST:
        people = people.filter(pk__in=reached.values("person_id"))
        people = people.exclude(pk__in=held.values("person_id"))
    if sought.standing == NEVER:
        people = people.exclude(pk__in=reached.values("person_id"))
    shown = held.select_related("post", "township", "village", "unit")
    return people.order_by("name", "pk").prefetch_related(
        Prefetch("postings", queryset=shown, to_attr="held")
    )


def person_within(scope: Scope, action: str, *, person_id: int) -> Person | None:
    """The person, if the scope reaches one of the postings or the township of the first entry."""
    return people_within(scope, action).filter(pk=person_id).first()


def person_wholly_within(scope: Scope, action: str, *, person_id: int, on: date) -> Person | None:
    """The person, if the scope reaches every posting that gives or will give a role."""
    left = Posting.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=on), ended_at__isnull=True)
    outside = left.exclude(reached(scope, action)).filter(person_id=person_id)
    return None if outside.exists() else person_within(scope, action, person_id=person_id)


def holders_of(*, township_id: int, roles: Sequence[str], on: date) -> QuerySet[Person]:
    """Persons who hold one of these roles for the whole of a township on a day."""
    held = Posting.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gte=on),
        township_id=township_id,
        village__isnull=True,
        post__code__in=roles,
        from_on__lte=on,
    )
    return Person.objects.filter(pk__in=held.values("person_id"))


def holders_left(*, of: Posting, roles: Sequence[str], on: date) -> QuerySet[Person]:
    """Who holds one of these roles for the same whole township from a day on, without `of`.

    Only who can log in counts, and only a posting that lasts as long as `of` would have.
    """
    held = Posting.objects.filter(
        in_force(on), township_id=of.township_id, village__isnull=True, post__code__in=roles
    ).exclude(pk=of.pk)
    lasting = Q(to_on__isnull=True)
    if of.to_on is not None:
        lasting |= Q(to_on__gte=of.to_on)
    return Person.objects.filter(
        pk__in=held.filter(lasting).values("person_id"), users__is_active=True
    )


def person_by_id(person_id: int) -> Person:
    """The person; raises Person.DoesNotExist."""
    return Person.objects.get(pk=person_id)


def names_of(person_ids: set[int]) -> dict[int, str]:
    """Names of staff by person."""
    return dict(Person.objects.filter(pk__in=person_ids).values_list("pk", "name"))


def people_in_posts(*, village: Village, roles: Collection[str], on: date) -> list[Person]:
    """Who holds one of the posts in the village, or in all of its township, by name."""
    held = Posting.objects.filter(
        in_force(on), Q(village=village) | Q(village__isnull=True, township=village.township_id)
    ).filter(post__code__in=roles)
    return list(Person.objects.filter(pk__in=held.values("person_id")).order_by("name", "pk"))
