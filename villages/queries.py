"""Reading the territory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from trail.scope import Scope
from villages.models import (
    CalendarRule,
    Person,
    Post,
    Posting,
    Township,
    Unit,
    Village,
    WorkGroup,
)
from villages.slugs import pinyin_of


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
    found = Village.objects.within(scope, action).select_related("township")
    return list(found.order_by("code")[:most])


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
    outside = left.exclude(_reached(scope, action)).filter(person_id=person_id)
    return None if outside.exists() else person_within(scope, action, person_id=person_id)


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


def township_within(scope: Scope, action: str, *, code: str) -> Township | None:
    """The township of this code, if the scope reaches it as a whole."""
    return Township.objects.within(scope, action).filter(code=code).first()


def whole_townships_within(scope: Scope, action: str) -> list[Township]:
    """The townships that the scope reaches as a whole."""
    return list(Township.objects.within(scope, action))


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


def unit_of(*, village_id: int, unit_id: int) -> Unit | None:
    """One unit of a village; None for one of another."""
    return Unit.objects.filter(village_id=village_id, pk=unit_id).first()


def units_of(*, village_id: int) -> list[Unit]:
    """The units of a village by kind and in the order they were set up."""
    rows = Unit.objects.filter(village_id=village_id).select_related("parent")
    return list(rows.order_by("kind", "pk"))


def posts() -> QuerySet[Post]:
    """Every post there is; the list is the same everywhere."""
    return Post.objects.all()


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


def place_words() -> set[str]:
    """How the places here are called, in characters and in letters; what a guesser tries first."""
    words: set[str] = set()
    for name, slug in Village.objects.values_list("name", "slug"):
        words |= {name, name[:-1], *slug.split("-")}
    for names in Township.objects.values_list("name", "county", "city", "province"):
        for name in names:
            words |= {name, name[:-1], pinyin_of(name), pinyin_of(name[:-1])}
    return {word for word in words if len(word) > 1}


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
