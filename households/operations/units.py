"""Households among the parts of a village: moved, joined, divided, laid into grids and areas.

A household is in one group, which with its number is its name on every notice; what was published
keeps the group it had. Grids, micro-grids and service areas lie over the groups.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from households.errors import NoSuchGroup, NumberTaken
from households.importing.places import number_key
from households.models import FileChange, Placement, Subject
from households.operations.files.keeping import When, checked
from households.queries import units as found
from trail.actor import Actor
from trail.changes import batch_digest
from trail.errors import DomainError
from trail.operations import part, record
from villages.models import Unit
from villages.operations import set_up_unit, shut_unit

BATCH = 1_000
NUMBERS_TOLD = 10


class UnitStillServed(DomainError):
    """Somebody holds a post in the unit; it is not joined to another before that is settled."""

    code = "unit_still_served"


class NothingChosen(DomainError):
    """No household was chosen, or one that is not there."""

    code = "nothing_chosen"


@transaction.atomic
def move_households(
    *, unit: Unit, subject_ids: Collection[int], when: When, by: Actor, at: datetime
) -> int:
    """Move households into another group of their village; their numbers stay.

    Raises NumberTaken with the numbers that both groups have, NoSuchGroup or NothingChosen.
    """
    moved = _moved(unit, _chosen(unit, subject_ids), when, at=at)
    _record(unit, what="households.group_changed", subjects=moved, by=by, at=at)
    return len(moved)


@transaction.atomic
def split_unit(
    *, unit: Unit, name: str, subject_ids: Collection[int], when: When, by: Actor, at: datetime
) -> Unit:
    """Set up a new unit of the same kind and move the chosen households into it.

    Raises UnitNameTaken besides what moving raises.
    """
    chosen = _chosen(unit, subject_ids)
    fresh = set_up_unit(village=unit.village, kind=Unit.Kind(unit.kind), name=name)
    moved = _into(fresh, chosen, when, at=at)
    _record(fresh, what="households.unit_split", subjects=moved, by=by, at=at, other=unit)
    return fresh


@transaction.atomic
def merge_units(*, unit: Unit, into: Unit, when: When, by: Actor, at: datetime) -> int:
    """Move every household of a unit into another of its kind and close it; how many that were.

    Raises UnitStillServed while somebody holds a post there.
    """
    if into.village_id != unit.village_id or into.kind != unit.kind or into.pk == unit.pk:
        raise NoSuchGroup(_("只能并入本村同一类型的另一个片区。"))
    _refuse_served(unit, at=at)
    moved = _into(into, found.subjects_in(unit), when, at=at)
    changes = shut_unit(unit=unit, on=when.on, words=_("并入%(name)s") % {"name": into.name})
    record(
        by=by,
        at=at,
        what="households.units_merged",
        about=f"villages.unit:{unit.pk}",
        village_id=unit.village_id,
        detail={"into": into.pk, **batch_digest(one.pk for one in moved)},
        changes=changes,
    )
    return len(moved)


@transaction.atomic
def close_unit(*, unit: Unit, when: When, by: Actor, at: datetime) -> None:
    """Close a unit in which nobody lives any more; raises UnitStillServed or NothingChosen."""
    _refuse_served(unit, at=at)
    if found.subjects_in(unit):
        raise NothingChosen(_("这个片区里还有户，先把它们划到别的片区。"))
    checked(when=when, at=at)
    changes = shut_unit(unit=unit, on=when.on, words=_("撤销"))
    record(
        by=by,
        at=at,
        what="households.unit_closed",
        about=f"villages.unit:{unit.pk}",
        village_id=unit.village_id,
        changes=changes,
    )


@transaction.atomic
def place(*, unit: Unit, subject_ids: Collection[int], by: Actor, at: datetime) -> int:
    """Lay files into a grid, micro-grid or service area; out of the one of that kind before.

    Raises NoSuchGroup for a group, which is the household's own.
    """
    if unit.kind == Unit.Kind.GROUP:
        raise NoSuchGroup(_("小组里的户要换组，请用“换到别的组”。"))
    placed = _placed(unit, _chosen(unit, subject_ids))
    _record(unit, what="households.placed", subjects=placed, by=by, at=at)
    return len(placed)


def _chosen(unit: Unit, subject_ids: Collection[int]) -> list[Subject]:
    wanted = set(subject_ids)
    mine = Subject.objects.filter(village_id=unit.village_id, pk__in=wanted)
    rows = list(mine.select_for_update(no_key=True).order_by("pk"))
    if not rows or len(rows) < len(wanted) or unit.closed_on is not None:
        raise NothingChosen(_("请勾选本村的户；刚才选的有的已经不在了。"))
    return rows


@part
def _into(unit: Unit, subjects: Sequence[Subject], when: When, *, at: datetime) -> list[Subject]:
    if unit.kind == Unit.Kind.GROUP:
        return _moved(unit, subjects, when, at=at)
    checked(when=when, at=at)
    return _placed(unit, subjects)


@part
def _moved(unit: Unit, subjects: Sequence[Subject], when: When, *, at: datetime) -> list[Subject]:
    """Into another group, each with a line in its history."""
    when = checked(when=when, at=at)
    if unit.kind != Unit.Kind.GROUP or unit.closed_on is not None:
        raise NoSuchGroup(_("请选本村还在用的一个小组。"))
    moving = [one for one in subjects if one.unit_id != unit.pk]
    _refuse_same_numbers(unit, moving)
    for one in moving:
        one.unit = unit
    Subject.objects.bulk_update(moving, ["unit"], batch_size=BATCH)
    FileChange.objects.bulk_create(
        [
            FileChange(
                village_id=one.village_id,
                subject=one,
                kind=FileChange.Kind.RENUMBERED,
                happened_on=when.on,
                note=when.note,
                recorded_at=at,
            )
            for one in moving
        ],
        batch_size=BATCH,
    )
    return moving


@part
def _placed(unit: Unit, subjects: Sequence[Subject]) -> list[Subject]:
    rows = [
        Placement(village_id=unit.village_id, subject=one, unit=unit, kind=unit.kind)
        for one in subjects
    ]
    Placement.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["village", "subject", "kind"],
        update_fields=["unit"],
    )
    return list(subjects)


def _refuse_same_numbers(unit: Unit, moving: Sequence[Subject]) -> None:
    """The wall shows group and number: two households never share both."""
    taken = {number_key(one.number) for one in found.subjects_in(unit)}
    keys: dict[str, str] = {}
    same = []
    for one in moving:
        key = number_key(one.number)
        if key in taken or key in keys:
            same.append(one.number)
        keys[key] = one.number
    if same:
        facts = {
            "count": len(same),
            "numbers": "、".join(same[:NUMBERS_TOLD]),
            "group": unit.name,
        }
        raise NumberTaken(
            _("%(group)s里已经有一样的户号（%(count)s个：%(numbers)s）。请先给这些户换号，再办。")
            % facts
        )


def _refuse_served(unit: Unit, *, at: datetime) -> None:
    names = found.served_by(unit, at=at)
    if names:
        raise UnitStillServed(
            _("这里还有人任职：%(names)s。请先结束任职，或者换到新的片区。")
            % {"names": "、".join(names[:NUMBERS_TOLD])}
        )


def _record(  # noqa: PLR0913 (an event has that many sides)
    unit: Unit,
    *,
    what: str,
    subjects: Sequence[Subject],
    by: Actor,
    at: datetime,
    other: Unit | None = None,
) -> None:
    detail = {"kind": unit.kind, **batch_digest(one.pk for one in subjects)}
    record(
        by=by,
        at=at,
        what=what,
        about=f"villages.unit:{unit.pk}",
        village_id=unit.village_id,
        detail=detail | ({"from": other.pk} if other else {}),
    )
