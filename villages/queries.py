"""Reading the territory."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from trail.scope import Scope
from villages.models import CalendarRule, Person, Post, Posting, Township, Unit, Village, WorkGroup


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
    """The postings of a person in force on a day, in two queries."""
    rows = list(postings_in_force(person_id=person_id, on=on))
    whole = {row.township_id for row in rows if row.village_id is None}
    of_township: dict[int, set[int]] = {}
    for township_id, pk in Village.objects.filter(township_id__in=whole).values_list(
        "township_id", "pk"
    ):
        of_township.setdefault(township_id, set()).add(pk)
    return [
        HeldPosting(
            role=row.post.code,
            township_id=row.township_id,
            village_ids=frozenset(
                of_township.get(row.township_id, set())
                if row.village_id is None
                else {row.village_id}
            ),
            whole_township=row.village_id is None,
        )
        for row in rows
    ]


def postings_in_force(*, person_id: int, on: date) -> QuerySet[Posting]:
    """The postings of a person in force on a day, with post, township and village."""
    return (
        Posting.objects.filter(in_force(on), person_id=person_id)
        .select_related("post", "township", "village")
        .order_by("pk")
    )


def every_village() -> QuerySet[Village]:
    """All villages with their townships, by code; their names and addresses are public."""
    return Village.objects.select_related("township").order_by("code")


def village_rows_within(scope: Scope, action: str) -> QuerySet[Village]:
    """The villages in which `scope` allows `action`, with their townships, by code."""
    return Village.objects.within(scope, action).select_related("township").order_by("code")


def villages_of_any(scope: Scope) -> QuerySet[Village]:
    """The villages in which `scope` allows anything at all, by code."""
    reached = {pk for ids in scope.villages.values() for pk in ids}
    return Village.objects.filter(pk__in=reached).order_by("code")


def units_within(scope: Scope, action: str) -> QuerySet[Unit]:
    """The parts of those villages, with their villages."""
    return Unit.objects.within(scope, action).select_related("village").order_by("village_id", "pk")


def township_by_code(code: str) -> Township:
    """The township with this 9-digit code; raises Township.DoesNotExist."""
    return Township.objects.get(code=code)


def village_by_code(code: str) -> Village:
    """The village with this 12-digit code; raises Village.DoesNotExist."""
    return Village.objects.get(code=code)


def find_village(code: str) -> Village | None:
    """The village with this 12-digit code, if there is one."""
    return Village.objects.filter(code=code).first()


def village_by_slug(slug: str) -> Village:
    """The village at this public address; raises Village.DoesNotExist."""
    return Village.objects.select_related("township").get(slug=slug)


def villages_of(*, township_id: int) -> list[Village]:
    """Every village of a township in the order of their codes."""
    return list(Village.objects.filter(township_id=township_id).order_by("code"))


def village_within(scope: Scope, action: str, *, slug: str) -> Village | None:
    """The village at this address with its township; None outside the scope as for none at all."""
    reached = Village.objects.within(scope, action).filter(slug=slug)
    return reached.select_related("township").first()


def villages_within(scope: Scope, action: str, *, most: int) -> list[Village]:
    """The villages in which `scope` allows `action`, in the order of their codes."""
    return list(Village.objects.within(scope, action).order_by("code")[:most])


def townships_within(scope: Scope, action: str) -> QuerySet[Township]:
    """Townships of the villages, or as a whole, in which `scope` allows `action`."""
    return Township.objects.filter(
        Q(pk__in=scope.township_ids(action))
        | Q(pk__in=Village.objects.within(scope, action).values("township_id"))
    )


def calendars_within(scope: Scope, action: str) -> QuerySet[CalendarRule]:
    """The calendars of those townships."""
    return CalendarRule.objects.filter(township__in=townships_within(scope, action))


def work_groups_within(scope: Scope, action: str) -> QuerySet[WorkGroup]:
    """Work groups of the villages, or of the townships as a whole."""
    return WorkGroup.objects.filter(_reached(scope, action))


def postings_within(scope: Scope, action: str) -> QuerySet[Posting]:
    """Postings in the villages, or in the townships as a whole."""
    return Posting.objects.filter(_reached(scope, action))


def people_within(scope: Scope, action: str) -> QuerySet[Person]:
    """Persons who hold or held one of those postings, or were added in one of the townships."""
    return Person.objects.filter(
        Q(pk__in=postings_within(scope, action).values("person_id"))
        | Q(added_in_id__in=scope.township_ids(action))
    )


def posts() -> QuerySet[Post]:
    """Every post there is; the list is the same everywhere."""
    return Post.objects.all()


def _reached(scope: Scope, action: str) -> Q:
    return Q(township_id__in=scope.township_ids(action)) | Q(
        village_id__in=scope.village_ids(action)
    )


def names_of(person_ids: set[int]) -> dict[int, str]:
    """Names of staff by person."""
    return dict(Person.objects.filter(pk__in=person_ids).values_list("pk", "name"))


def village_names(ids: set[int]) -> dict[int, str]:
    """Names of villages by id."""
    return dict(Village.objects.filter(pk__in=ids).values_list("pk", "name"))


def held_within(scope: Scope, action: str, *, person_id: int) -> Posting | None:
    """A posting of this person in one of the places, with the person; None when there is none."""
    found = postings_within(scope, action).filter(person_id=person_id)
    return found.select_related("person").first()
