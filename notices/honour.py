"""The red list: the adopted top part of a village, by what its published notices state. Pure.

Only honour is shown: no deduction, nobody without points, and no place below the adopted part.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from notices.rows import Row

# A long tie at the last place would make a list of the whole village.
LONGEST = 2


@dataclass(frozen=True, slots=True)
class Honoured:
    """A household and its place; equal points share a place (1, 2, 2, 4)."""

    rank: int
    row: Row


def current_rows(notices: Iterable[Sequence[Row]]) -> list[Row]:
    """The rows of a month's notice with what its corrections say instead, oldest first."""
    latest = {(row.group, row.number): row for rows in notices for row in rows}
    return list(latest.values())


def honoured(rows: Iterable[Row], *, most: int) -> list[Honoured]:
    """The first `most` places by gross points, then in the order of the rows.

    A tie at the last place is shown whole, unless the list grew beyond twice its length: then
    that place is left out.
    """
    order = sorted((row for row in rows if row.gross > 0), key=lambda row: -row.gross)
    ranked: list[Honoured] = []
    for place, row in enumerate(order, start=1):
        tied = bool(ranked) and ranked[-1].row.gross == row.gross
        rank = ranked[-1].rank if tied else place
        if rank > most:
            break
        ranked.append(Honoured(rank=rank, row=row))
    if len(ranked) > LONGEST * most:
        last = ranked[-1].rank
        return [one for one in ranked if one.rank < last]
    return ranked
