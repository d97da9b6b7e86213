"""Which files lie in which part of a village, and who serves there."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from households.models import Placement, Subject
from trail.clock import business_date
from trail.scope import Scope
from villages.models import Posting, Unit
from villages.queries import in_force


@dataclass(frozen=True, slots=True)
class UnitWithCount:
    """A unit in use and how many open files lie in it."""

    unit: Unit
    files: int


def unit_within(scope: Scope, action: str, *, number: int) -> Unit | None:
    """One unit in use, with village and parent; None outside the scope as for none at all."""
    found = Unit.objects.within(scope, action).filter(pk=number, closed_on__isnull=True)
    return found.select_related("village__township", "parent").first()


def siblings(unit: Unit) -> list[Unit]:
    """The other units in use of the same kind."""
    same = Unit.objects.filter(village_id=unit.village_id, kind=unit.kind, closed_on__isnull=True)
    return list(same.exclude(pk=unit.pk).order_by(Length("name"), "name"))


def grids_of(unit: Unit) -> list[Unit]:
    """The grids a micro-grid could lie in."""
    grids = Unit.objects.filter(village_id=unit.village_id, kind=Unit.Kind.GRID)
    return list(grids.filter(closed_on__isnull=True).order_by(Length("name"), "name"))


def counted(*, village_id: int) -> list[UnitWithCount]:
    """The units in use of a village by kind, with the files in each, in three queries."""
    open_ = Subject.objects.filter(village_id=village_id).exclude(state=Subject.State.CLOSED)
    groups = _counts(open_.exclude(unit__isnull=True).values_list("unit_id"))
    lying = Placement.objects.filter(village_id=village_id).filter(
        Exists(open_.filter(pk=OuterRef("subject_id")))
    )
    counts = groups | _counts(lying.values_list("unit_id"))
    units = Unit.objects.filter(village_id=village_id, closed_on__isnull=True)
    rows = units.select_related("parent").order_by("kind", Length("name"), "name", "pk")
    return [UnitWithCount(unit, counts.get(unit.pk, 0)) for unit in rows]


def _counts(
    rows: QuerySet[Subject, tuple[int]] | QuerySet[Placement, tuple[int]],
) -> dict[int, int]:
    return {pk: files for pk, files in rows.annotate(files=Count("pk")).order_by()}


def files_in(unit: Unit) -> QuerySet[Subject]:
    """The open files of a unit by group and number."""
    mine = Subject.objects.filter(_lies_in(unit), village_id=unit.village_id)
    open_ = mine.exclude(state=Subject.State.CLOSED).select_related("village", "unit")
    return open_.order_by(Length("unit__name"), "unit__name", Length("number"), "number", "pk")


def files_beside(unit: Unit, *, group: int) -> list[Subject]:
    """The open files of a group that do not lie in the unit."""
    others = Subject.objects.filter(village_id=unit.village_id, unit_id=group)
    open_ = others.exclude(state=Subject.State.CLOSED).exclude(_lies_in(unit))
    return list(open_.select_related("unit").order_by(Length("number"), "number", "pk"))


def subjects_in(unit: Unit) -> list[Subject]:
    """Every file of a unit, the closed ones too: their numbers stay taken."""
    mine = Subject.objects.filter(_lies_in(unit), village_id=unit.village_id)
    return list(mine.order_by("pk"))


def heads_of(unit: Unit, *, at: datetime) -> list[Posting]:
    """Who holds a post in the unit today, by post."""
    held = Posting.objects.filter(in_force(business_date(at)), unit=unit)
    return list(held.select_related("person", "post").order_by("post_id", "person__name"))


def served_by(unit: Unit, *, at: datetime) -> list[str]:
    """The names of those who hold a post in it."""
    return [posting.person.name for posting in heads_of(unit, at=at)]


def _lies_in(unit: Unit) -> Q:
    if unit.kind == Unit.Kind.GROUP:
        return Q(unit=unit)
    placed = Placement.objects.filter(village_id=unit.village_id, unit=unit)
    return Q(pk__in=placed.values("subject_id"))
