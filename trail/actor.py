"""Who does something: built once at the edge, passed to every operation."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in a role, or the system under a name; kept by the audit trail."""

    name: str
    role: str
    person_id: int | None = None
    user_id: int | None = None
    request_id: str = ""
    address: str | None = None

    @classmethod
    def system(cls, name: str) -> Self:
        """A command or beat: it only carries out what persons approved."""
        return cls(name=name, role="system")
