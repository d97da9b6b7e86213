"""What is wrong with one cell, and what its owner should do about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault found while cleaning: `code` for programs, `reason` and `fix` for people."""

    code: str
    reason: str
    fix: str


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A problem with its cell: the column as the header names it, the value masked.

    `field` is what the product calls the column; by it the cell can be typed anew.
    """

    column: str
    value: str
    problem: Problem
    field: str = ""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """All that is wrong with one row; the first fault leads."""

    sheet: str
    row: int
    cells: tuple[CellProblem, ...]

    @property
    def code(self) -> str:
        """The code of the first fault."""
        return self.cells[0].problem.code

    @property
    def column(self) -> str:
        """The column of the first fault, as the header names it."""
        return self.cells[0].column

    @property
    def value(self) -> str:
        """The masked value of the first fault."""
        return self.cells[0].value

    @property
    def reason(self) -> str:
        """The first reason; further faults of the row follow with their column."""
        first, *others = self.cells
        return "；".join(
            [first.problem.reason, *(f"{cell.column}：{cell.problem.reason}" for cell in others)]
        )

    @property
    def fix(self) -> str:
        """What to do, one sentence per fault."""
        return " ".join(dict.fromkeys(cell.problem.fix for cell in self.cells))

    def as_dict(self) -> dict[str, object]:
        """Return the row of a report."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "reason": self.reason,
            "fix": self.fix,
        }
