"""What an import found before it wrote, and what it left, so that it can be taken back exactly."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from households.models import Subject
from households.operations.import_plan import Plan
from households.operations.import_writing import PLAIN
from households.queries.imports import phones_of
from households.queries.register import members_by_id

Old = dict[str, Any]


@dataclass(slots=True)
class Images:
    """Rows by number: those that were new, what changed ones held before, and how all were left."""

    new_subjects: list[int]
    new_members: list[int]
    subjects: dict[int, Old]
    members: dict[int, Old]
    left_subjects: dict[int, str]
    left_members: dict[int, str]

    def sealed_text(self) -> str:
        """As it is kept, to be sealed."""
        return json.dumps({name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def read(cls, text: str) -> "Images":
        """As it was kept; keys of JSON are text."""
        kept = json.loads(text)
        numbered = ("subjects", "members", "left_subjects", "left_members")
        for name in numbered:
            kept[name] = {int(key): value for key, value in kept[name].items()}
        return cls(**kept)


def before(plan: Plan) -> Images:
    """The rows the plan will change, as they are; taken before it is written."""
    phones = phones_of([one.known.pk for one in plan.changed if "phone" in one.facts])
    members = {}
    for changed in plan.changed:
        old: Old = {name: _plain(getattr(changed.known, name)) for name in PLAIN}
        if "phone" in changed.facts:
            old["phone"] = phones.get(changed.known.pk, "")
        if "id_number" in changed.facts:
            old["id_number"] = ""
        members[changed.known.pk] = old
    subjects = {
        pk: {"name": name, "state": str(state)}
        for pk, (name, state) in plan.households_before.items()
    }
    return Images([], [], subjects, members, {}, {})


def after(images: Images, *, plan: Plan, added: list[int]) -> None:
    """Add what the writing left: which rows are new, and a digest of every row it touched."""
    images.new_subjects = [subject.pk for subject in plan.opened]
    images.new_members = added
    images.left_subjects = left_subjects([*images.new_subjects, *images.subjects])
    images.left_members = left_members([*added, *images.members])


def left_subjects(ids: Iterable[int]) -> dict[int, str]:
    """A digest of each of these households as it stands."""
    columns = ("pk", "kind", "number", "unit_id", "name", "state", "publish_choice", "pin_hash")
    rows = Subject.objects.filter(pk__in=list(ids)).values_list(*columns)
    return {row[0]: _digest(row) for row in rows}


def left_members(ids: Iterable[int]) -> dict[int, str]:
    """A digest of each of these members as it stands."""
    return {member.pk: _digest(astuple(member)) for member in members_by_id(list(ids))}


def _digest(facts: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:24]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
