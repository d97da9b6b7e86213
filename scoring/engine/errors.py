"""What the engine refuses to compute with. The pages and operations above put it into words."""

from typing import NamedTuple


class PeaksDoNotFit(Exception):
    """The peaks given do not belong to a tree of that many leaves."""


class LeafIsNotInTree(Exception):
    """There is no leaf at that index."""


class WitnessIsRefused(Exception):
    """A witness that proves nothing, whatever it says."""


class WitnessIsDamaged(WitnessIsRefused):
    """The file is no witness, or not all of one, or was changed since it was signed."""


class WitnessIsForeign(WitnessIsRefused):
    """Another key than the expected one signed it."""


class VetoIsUnfounded(Exception):
    """A veto rests on a final document and ends on a day after it was decided."""


class Problem(NamedTuple):
    """One thing wrong in a scheme's data: the path, a code, and the offending value or key."""

    where: str
    what: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" ({self.value})" if self.value else "")


class SchemeIsInvalid(Exception):
    """A scheme's data cannot be used; `problems` names every place, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems
