"""Reading townships, villages and their parts."""

from django.db.models import Q, QuerySet

from trail.scope import Scope
from villages.models import CalendarRule, Township, Unit, Village, WorkGroup
from villages.queries.reach import reached
from villages.slugs import pinyin_of


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
    return Village.objects.select_related("township", "merged_into").get(slug=slug)


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
    return WorkGroup.objects.filter(reached(scope, action))


def township_within(scope: Scope, action: str, *, code: str) -> Township | None:
    """The township of this code, if the scope reaches it as a whole."""
    return Township.objects.within(scope, action).filter(code=code).first()


def whole_townships_within(scope: Scope, action: str) -> list[Township]:
    """The townships that the scope reaches as a whole."""
    return list(Township.objects.within(scope, action))


def unit_of(*, village_id: int, unit_id: int) -> Unit | None:
    """One unit of a village; None for one of another."""
    return Unit.objects.filter(village_id=village_id, pk=unit_id).first()


def units_of(*, village_id: int) -> list[Unit]:
    """The units of a village by kind and in the order they were set up; not the closed ones."""
    rows = Unit.objects.filter(village_id=village_id, closed_on__isnull=True).select_related(
        "parent"
    )
    return list(rows.order_by("kind", "pk"))


def place_words() -> set[str]:
    """How the places here are called, in characters and in letters; what a guesser tries first."""
    words: set[str] = set()
    for name, slug in Village.objects.values_list("name", "slug"):
        words |= {name, name[:-1], *slug.split("-")}
    for names in Township.objects.values_list("name", "county", "city", "province"):
        for name in names:
            words |= {name, name[:-1], pinyin_of(name), pinyin_of(name[:-1])}
    return {word for word in words if len(word) > 1}


def village_names(ids: set[int]) -> dict[int, str]:
    """Names of villages by id."""
    return dict(Village.objects.filter(pk__in=ids).values_list("pk", "name"))
