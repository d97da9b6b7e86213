"""What a township sets up in its villages: groups of people, units, what is shown."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from trail.actor import Actor
from trail.changes import Change, as_it_is, differences
from trail.errors import DomainError
from trail.operations import part, record
from villages.models import Township, Unit, Village, WorkGroup

BATCH = 1_000
LONGEST_UNIT_NAME = 40
VILLAGE_CODE = 12


class UnitNameTaken(DomainError):
    """The village has a unit of this kind with this name."""

    code = "unit_name_taken"


@transaction.atomic
def add_work_group(
    *,
    township: Township,
    kind: WorkGroup.Kind,
    name: str,
    by: Actor,
    at: datetime,
    village: Village | None = None,
) -> WorkGroup:
    """Set up one work group."""
    groups = add_work_groups(township=township, kind=kind, places=[(name, village)], by=by, at=at)
    return groups[0]


@transaction.atomic
def add_work_groups(
    *,
    township: Township,
    kind: WorkGroup.Kind,
    places: Iterable[tuple[str, Village | None]],
    by: Actor,
    at: datetime,
) -> list[WorkGroup]:
    """Set up groups of one kind, each by name and village; one audit event carries the count."""
    added = WorkGroup.objects.bulk_create(
        [
            WorkGroup(township=township, village=village, kind=kind, name=name)
            for name, village in places
        ],
        batch_size=BATCH,
    )
    record(
        by=by,
        at=at,
        what="villages.work_groups_added",
        about=f"villages.township:{township.pk}",
        detail={"kind": kind, "count": len(added), "groups": [group.pk for group in added]},
    )
    return added


def ensure_unit(*, village: Village, name: str, kind: Unit.Kind = Unit.Kind.GROUP) -> Unit:
    """The unit of this name, made when the village has none; a list of names is no act."""
    return ensure_units(village=village, names=[name], kind=kind)[name]


@transaction.atomic
def ensure_units(
    *, village: Village, names: Iterable[str], kind: Unit.Kind = Unit.Kind.GROUP
) -> dict[str, Unit]:
    """The units of these names in a village by name; those it does not have are made."""
    wanted = list(dict.fromkeys(names))
    Unit.objects.bulk_create(
        [Unit(village=village, kind=kind, name=name) for name in wanted], ignore_conflicts=True
    )
    found = {
        unit.name: unit for unit in Unit.objects.filter(village=village, kind=kind, name__in=wanted)
    }
    return {name: found[name] for name in wanted}


@transaction.atomic
def show_first_places(*, village: Village, places: int, by: Actor, at: datetime) -> None:
    """Show the first places of the village on its red list, as it adopted; none with 0."""
    before = as_it_is(village, "honour_rows")
    village.honour_rows = places
    village.save(update_fields=["honour_rows"])
    record(
        by=by,
        at=at,
        what="village.first_places_shown",
        about=f"villages.village:{village.pk}",
        village_id=village.pk,
        detail={"places": places},
        changes=differences(village, before),
    )


@transaction.atomic
def add_unit(
    *,
    village: Village,
    kind: Unit.Kind,
    name: str,
    by: Actor,
    at: datetime,
    parent: Unit | None = None,
) -> Unit:
    """Set up one unit of a village; raises UnitNameTaken."""
    unit = Unit(village=village, kind=kind, name=name, parent=parent)
    _store_unit(unit)
    _record_unit(unit, what="villages.unit_added", by=by, at=at)
    return unit


@transaction.atomic
def rename_unit(*, unit: Unit, name: str, by: Actor, at: datetime) -> None:
    """Call a unit by another name; what is filed under it stays. Raises UnitNameTaken."""
    if unit.name == name:
        return
    before = as_it_is(unit, "name")
    unit.name = name
    _store_unit(unit)
    changes = differences(unit, before)
    _record_unit(unit, what="villages.unit_renamed", by=by, at=at, changes=changes)


class UnitIsAbove(DomainError):
    """A unit lies in one of another kind of the same village, and never in itself."""

    code = "unit_is_above"


# Which kind lies in which; a group and a service area in none.
LIES_IN = {Unit.Kind.MICRO_GRID: Unit.Kind.GRID}


@transaction.atomic
def put_unit_in(*, unit: Unit, parent: Unit | None, by: Actor, at: datetime) -> None:
    """Let a micro-grid lie in a grid of its village, or in none. Raises UnitIsAbove."""
    if parent is not None and (
        parent.village_id != unit.village_id or LIES_IN.get(Unit.Kind(unit.kind)) != parent.kind
    ):
        raise UnitIsAbove(_("只有微网格可以划进本村的网格。"))
    if unit.parent == parent:
        return
    before = as_it_is(unit, "parent")
    unit.parent = parent
    unit.save(update_fields=["parent"])
    changes = differences(unit, before)
    _record_unit(unit, what="villages.unit_put_in", by=by, at=at, changes=changes)


@part
def set_up_unit(*, village: Village, kind: Unit.Kind, name: str) -> Unit:
    """A new unit for an act that fills it at once; raises UnitNameTaken."""
    unit = Unit(village=village, kind=kind, name=name)
    _store_unit(unit)
    return unit


@part
def shut_unit(*, unit: Unit, on: date, words: str) -> list[Change]:
    """Close an empty unit and free its name; `words` say why, behind it."""
    before = as_it_is(unit, "name", "closed_on")
    behind = f"（{on:%Y-%m-%d}{words}）"
    unit.name = unit.name[: LONGEST_UNIT_NAME - len(behind)] + behind
    unit.closed_on = on
    _store_unit(unit)
    return differences(unit, before)


def _store_unit(unit: Unit) -> None:
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as taken:
        raise UnitNameTaken(
            _("这个村已经有叫“%(name)s”的%(kind)s，请换个名称。")
            % {"name": unit.name, "kind": unit.get_kind_display()}
        ) from taken


def _record_unit(
    unit: Unit, *, what: str, by: Actor, at: datetime, changes: Sequence[Change] = ()
) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=f"villages.unit:{unit.pk}",
        village_id=unit.village_id,
        detail={"kind": unit.kind, "name": unit.name},
        changes=changes,
    )


class CodeIsNone(DomainError):
    """Twelve digits, and no other village's."""

    code = "code_is_none"


@transaction.atomic
def recode_village(*, village: Village, code: str, by: Actor, at: datetime) -> None:
    """The village has another code of the statistics bureau; its address stays, being printed.

    Raises CodeIsNone.
    """
    if not (len(code) == VILLAGE_CODE and code.isascii() and code.isdigit()):
        raise CodeIsNone(_("村代码是12位数字，请核对。"))
    if Village.objects.filter(code=code).exclude(pk=village.pk).exists():
        raise CodeIsNone(_("别的村已经用了这个代码：%(code)s。") % {"code": code})
    if code == village.code:
        return
    before = as_it_is(village, "code")
    village.code = code
    village.save(update_fields=["code"])
    record(
        by=by,
        at=at,
        what="villages.recoded",
        about=f"villages.village:{village.pk}",
        village_id=village.pk,
        changes=differences(village, before),
    )


@part
def close_village(*, village: Village, into: Village) -> list[Change]:
    """Nothing begins in the village any more; what it published stays at its address."""
    before = as_it_is(village, "stage", "merged_into")
    village.stage, village.merged_into = Village.Stage.MERGED, into
    village.save(update_fields=["stage", "merged_into"])
    return differences(village, before)
