"""Two people answered for one file: what goes together by itself and what a person must choose.

Soft: different questions changed; put together, with a note. Hard: the same question changed to
different answers; nothing is chosen by the program.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from households.engine.answers import MOST_PHOTOS, SHA256

Answer = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Clash:
    """One question with two new answers."""

    question: str
    base: Answer
    theirs: Answer
    mine: Answer


@dataclass(frozen=True, slots=True)
class Merge:
    """What the two together say; without a choice for `hard` it is not whole."""

    answers: dict[str, Any]
    soft: tuple[str, ...]
    hard: tuple[Clash, ...]


def merge(base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> Merge:
    """Put `mine` (filled on top of `base`) together with `theirs`, which arrived in between.

    `soft` are the questions taken over from theirs. Answers in `answers` of a hard question are
    theirs until somebody chooses.
    """
    answers: dict[str, Any] = {}
    soft, hard = [], []
    for code in sorted({*base, *theirs, *mine}):
        was, other, own = base.get(code), theirs.get(code), mine.get(code)
        if own in (other, was):
            taken = other
            if own == was != other:
                soft.append(code)
        elif other == was:
            taken = own
        else:
            hard.append(Clash(code, was, other, own))
            taken = other
        if taken is not None:
            answers[code] = taken
    return Merge(answers, tuple(soft), tuple(hard))


def both(clash: Clash) -> Answer:
    """What the two say together where each names several things.

    None where only one of them can be right, and where photos would be too many.
    """
    theirs, mine = ((answer or {}).get("value") for answer in (clash.theirs, clash.mine))
    if not (isinstance(theirs, list) and isinstance(mine, list)):
        return None
    joined = list(dict.fromkeys([*theirs, *mine]))
    are_photos = all(isinstance(one, str) and SHA256.fullmatch(one) for one in joined)
    return None if are_photos and len(joined) > MOST_PHOTOS else {"value": joined}


def chosen(merge_: Merge, choices: Mapping[str, str]) -> dict[str, Any]:
    """The answers after a person chose `mine`, `theirs` or `both` for each hard question.

    Raises KeyError for a question without a choice: nothing is chosen silently.
    """
    answers = dict(merge_.answers)
    for clash in merge_.hard:
        offered = {"mine": clash.mine, "theirs": clash.theirs}
        if (joined := both(clash)) is not None:
            offered["both"] = joined
        taken = offered[choices[clash.question]]
        answers.pop(clash.question, None)
        if taken is not None:
            answers[clash.question] = taken
    return answers
