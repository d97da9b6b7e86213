"""Where an export or an import may be asked for: one village, or a township as a whole."""

from dataclasses import dataclass

from accounts.roles import Action
from files.models import Export
from trail.scope import Scope
from villages.models import Township, Village
from villages.queries import townships_within, villages_of, villages_within

VILLAGES_OFFERED = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A village, or a township when no village is named."""

    township: Township
    village: Village | None = None

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"v{self.village.pk}" if self.village else f"t{self.township.pk}"

    def __str__(self) -> str:
        return self.village.name if self.village else self.township.name


def action_for(what: str) -> Action:
    """What the table of roles calls exporting this."""
    return Action.VIEW_AUDIT if what == Export.What.AUDIT else Action.EXPORT_REGISTER


def places(scope: Scope) -> list[Place]:
    """Every township as a whole and every village in which anything may be exported."""
    actions = (Action.EXPORT_REGISTER, Action.VIEW_AUDIT)
    found = {}
    for action in actions:
        whole = scope.township_ids(action)
        for township in townships_within(scope, action):
            if township.pk in whole:
                place = Place(township)
                found[place.key] = place
        for village in villages_within(scope, action, most=VILLAGES_OFFERED):
            place = Place(village.township, village)
            found[place.key] = place
    return list(found.values())


def import_places(scope: Scope) -> list[Place]:
    """Where a register may be brought in: a whole township, else each village by itself."""
    action = Action.IMPORT_REGISTER
    whole = scope.township_ids(action)
    found = [Place(one) for one in townships_within(scope, action) if one.pk in whole]
    villages = villages_within(scope, action, most=VILLAGES_OFFERED)
    found += [Place(one.township, one) for one in villages if one.township_id not in whole]
    return found


def is_reached(scope: Scope, place: Place, action: Action) -> bool:
    """Whether the action is allowed in this place."""
    if place.village is not None:
        return place.village.pk in scope.village_ids(action)
    return place.township.pk in scope.township_ids(action)


def village_ids(export: Export) -> list[int]:
    """The villages that an export covers."""
    if export.village_id is not None:
        return [export.village_id]
    return [village.pk for village in villages_of(township_id=export.township_id)]
