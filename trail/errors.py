"""The base of every refusal a person can meet; edges translate it once."""

from typing import ClassVar


class DomainError(Exception):
    """A sad fact told in plain Chinese: what is wrong, where, and how to fix it.

    `code` is stable and meant for programs; `str(error)` is meant for people.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts
