"""Reading what blank paper forms need: the files of a village or a group with their members."""

from dataclasses import dataclass

from households.models import CollectionRound, Member, Subject
from households.queries.assignments import files_of
from trail.scope import Scope


@dataclass(frozen=True, slots=True)
class Paper:
    """One file that gets a blank form."""

    subject: Subject
    people: list[str]


def papers_of(
    *,
    round_: CollectionRound,
    village_id: int,
    kind: str,
    unit_id: int | None,
    first: int,
    most: int,
) -> tuple[list[Paper], int]:
    """A run of files of one kind from the `first` on, and how many there are in all."""
    files = files_of(round_=round_, village_id=village_id).filter(kind=kind)
    if unit_id is not None:
        files = files.filter(unit_id=unit_id)
    rows = list(files.select_related("unit")[first : first + most])
    return [Paper(row, names) for row, names in _with_names(village_id, rows)], files.count()


def _with_names(village_id: int, rows: list[Subject]) -> list[tuple[Subject, list[str]]]:
    names: dict[int, list[str]] = {row.pk: [] for row in rows}
    members = Member.objects.filter(village_id=village_id, subject_id__in=names)
    listed = members.filter(state=Member.State.ACTIVE).order_by("pk")
    for subject_id, name, relation in listed.values_list("subject_id", "name", "relation"):
        names[subject_id].append(f"{name}（{relation}）" if relation else name)
    return [(row, names[row.pk]) for row in rows]


def people_of(subject: Subject) -> list[tuple[int, str]]:
    """The members of a file who can be an answer."""
    members = Member.objects.filter(village_id=subject.village_id, subject=subject)
    listed = members.filter(state=Member.State.ACTIVE).order_by("pk")
    return list(listed.values_list("pk", "name"))


def file_within(scope: Scope, action: str, *, subject_id: int) -> Subject | None:
    """One open file with its village and group; None outside the scope as for none at all."""
    found = Subject.objects.within(scope, action).exclude(state=Subject.State.CLOSED)
    return found.select_related("village", "unit").filter(pk=subject_id).first()
