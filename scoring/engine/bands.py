"""A ladder of named steps: star bands by number of stars, credit grades by points."""

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.engine.results import Reason


@dataclass(frozen=True, slots=True)
class Band:
    """A step of the ladder, reached with `at_least` stars or points."""

    name: str
    at_least: int


def reached(bands: Sequence[Band], had: int) -> Band | None:
    """The highest step reached; `bands` run from the highest to the lowest."""
    return next((band for band in bands if had >= band.at_least), None)


def ladder_reasons(code: str, bands: Sequence[Band], had: int) -> tuple[Reason, ...]:
    """The step reached, if any, and the next one above it, if any."""
    reasons: list[Reason] = []
    above: Band | None = None
    for band in bands:
        if had >= band.at_least:
            reasons.append(Reason(code, (), band.at_least, had, met=True, name=band.name))
            break
        above = band
    if above is not None:
        reasons.append(Reason(code, (), above.at_least, had, met=False, name=above.name))
    return tuple(reasons)
