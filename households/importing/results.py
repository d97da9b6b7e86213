"""What reading a file gives: plain facts, ready to be written or shown."""

from dataclasses import dataclass, field
from datetime import date

from households.importing.problems import RowProblem

# Village, group and household number, as written.
Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class PersonRead:
    """One accepted person; two rows that say the same are equal whatever their place."""

    row: int = field(compare=False)
    name: str
    relation: str
    is_head: bool
    sex: str
    id_number: str = field(repr=False)
    phone: str = field(repr=False)
    birth_on: date
    away: bool | None
    note: str


@dataclass(frozen=True, slots=True)
class HouseholdRead:
    """One household of the file with its accepted members, in the order of the rows.

    The keys say which spellings are the same; `head_name` is known even when no head was accepted.
    """

    village: str
    village_key: str
    group: str
    group_key: str
    number: str
    number_key: str
    first_row: int
    head_name: str
    members: tuple[PersonRead, ...]

    @property
    def has_head(self) -> bool:
        """Whether an accepted member is the head; without one the state is 缺户主."""
        return any(member.is_head for member in self.members)


@dataclass(frozen=True)
class ReadFile:
    """What one sheet holds: people = accepted + refused, repeats and remarks apart.

    `placed` says to which household each row belongs, the refused ones too.
    """

    sheet: str
    headings: dict[str, str]
    households: list[HouseholdRead]
    refused: list[RowProblem]
    warned: list[RowProblem]
    people: int
    unchanged_repeats: int
    rows_left_out: list[int]
    placed: dict[int, Place] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        """How many persons were accepted, with or without a warning."""
        return sum(len(household.members) for household in self.households)
