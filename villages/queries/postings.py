"""Reading who holds which post where."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from trail.scope import Scope
from villages.models import Person, Post, Posting, Township, Unit, Village
from villages.queries.reach import reached


@dataclass(frozen=True, slots=True)
class HeldPosting:
    """One posting in force: its role and the villages it reaches."""

    role: str
    township_id: int
    village_ids: frozenset[int]
    whole_township: bool


def in_force(on: date) -> Q:
    """What a posting is that gives its role on the day `on`."""
    return Q(Q(to_on__isnull=True) | Q(to_on__gte=on), from_on__lte=on, ended_at__isnull=True)


def postings_held(*, person_id: int, on: date) -> list[HeldPosting]:
    """The postings of a person in force on a day, in at most two queries."""
    held = Posting.objects.filter(in_force(on), person_id=person_id).order_by("pk")
    # Asked for every page of staff: what is not needed is not fetched.
    rows = list(held.values_list("post__code", "township_id", "village_id"))
    whole = {township_id for _role, township_id, village_id in rows if village_id is None}
    of_township: dict[int, set[int]] = {}
    if whole:
        villages = Village.objects.filter(township_id__in=whole).order_by()
        for township_id, pk in villages.values_list("township_id", "pk"):
            of_township.setdefault(township_id, set()).add(pk)
    return [
        HeldPosting(
            role=role,
            township_id=township_id,
            village_ids=frozenset(
                of_township.get(township_id, set()) if village_id is None else {village_id}
            ),
            whole_township=village_id is None,
        )
        for role, township_id, village_id in rows
    ]


def postings_in_force(*, person_id: int, on: date) -> QuerySet[Posting]:
    """The postings of a person in force on a day, with post, township and village."""
    return (
        Posting.objects.filter(in_force(on), person_id=person_id)
        .select_related("post", "township", "village")
        .order_by("pk")
    )


def postings_within(scope: Scope, action: str) -> QuerySet[Posting]:
    """Postings in the villages, or in the townships as a whole."""
    return Posting.objects.filter(reached(scope, action))


def reached_through(scope: Scope, action: str, *, person: Person) -> tuple[int | None, int | None]:
    """The village, or else the township, through which the scope reaches the person."""
    townships = scope.township_ids(action)
    places = postings_within(scope, action).filter(person=person).order_by("-pk")
    for village_id, township_id in places.values_list("village_id", "township_id"):
        return (None, township_id) if township_id in townships else (village_id, None)
    return None, person.added_in_id


def postings_of(person: Person, scope: Scope, action: str) -> list[Posting]:
    """The person's postings in scope, the newest first, with what a page says of them."""
    return list(
        postings_within(scope, action)
        .filter(person=person)
        .select_related("post", "township", "village", "unit", "deputy_of__person")
        .order_by("-from_on", "-pk")
    )


def posting_within(scope: Scope, action: str, *, posting_id: int) -> Posting | None:
    """One posting in scope with its person and place."""
    return (
        postings_within(scope, action)
        .filter(pk=posting_id)
        .select_related("person", "post", "township", "village", "unit")
        .first()
    )


def serving(*, township_id: int, on: date) -> QuerySet[Posting]:
    """Every posting in force in a township and its villages."""
    return (
        Posting.objects.filter(in_force(on), township_id=township_id)
        .select_related("person", "post", "village", "unit", "deputy_of__person")
        .order_by("post_id", "person__name", "pk")
    )


def holding(*, role: str, village_ids: Collection[int], on: date) -> QuerySet[Posting]:
    """Postings with this role in these villages themselves on a day, with persons."""
    return (
        Posting.objects.filter(in_force(on), post__code=role, village_id__in=village_ids)
        .select_related("person")
        .order_by("village_id", "person__name", "pk")
    )


def for_granting(
    *,
    person_id: int,
    township_id: int,
    village_id: int | None,
    unit_id: int | None,
    deputy_of_id: int | None,
) -> tuple[Person, Township, Village | None, Unit | None, Posting | None]:
    """The records of a posting that was proposed by their ids."""
    return (
        Person.objects.get(pk=person_id),
        Township.objects.get(pk=township_id),
        Village.objects.filter(pk=village_id or 0, township_id=township_id).first(),
        Unit.objects.filter(pk=unit_id or 0, village_id=village_id or 0).first(),
        Posting.objects.select_related("person").filter(pk=deputy_of_id or 0).first(),
    )


def roles_left(*, person_id: int, on: date) -> list[str]:
    """The roles that postings of the person give on a day, or will give later."""
    left = Posting.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=on), ended_at__isnull=True)
    return list(left.filter(person_id=person_id).values_list("post__code", flat=True))


def posts() -> QuerySet[Post]:
    """Every post there is; the list is the same everywhere."""
    return Post.objects.all()


def held_within(scope: Scope, action: str, *, person_id: int) -> Posting | None:
    """A posting of this person in one of the places, with the person; None when there is none."""
    found = postings_within(scope, action).filter(person_id=person_id)
    return found.select_related("person").first()
