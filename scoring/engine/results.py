"""What the engine answers: a rating with its reasons, and its canonical bytes."""

import json
from functools import lru_cache
from typing import NamedTuple


class Reason(NamedTuple):
    """One comparison a villager can be told: `had` against `needed`, met or not.

    Codes and what they say of `about`:
    required_star, star       the star's code; `parts` holds its criterion
    category_points           categories whose points are added up
    item_count, item_points   items that are counted or added up
    none_of                   minus items and vetoes of which none may be there
    decision                  the star people decide on; `note` names the record
    all, any                  none; `parts` holds the criteria joined
    required_stars            required stars that are missing
    veto                      the veto; `note` is its document, `until` the day it lapses
    band, grade               the step reached, and the next one with `met` false
    `name` is the star's, veto's, band's or grade's own name from the scheme.
    """

    code: str
    about: tuple[str, ...]
    needed: int
    had: int
    met: bool
    name: str = ""
    note: str = ""
    until: str = ""
    parts: tuple["Reason", ...] = ()


class Rating(NamedTuple):
    """Stars earned and missing (codes, in the scheme's order), grade if any, score, and why."""

    subject_id: int
    scheme: str
    rule_version: int
    period: str
    stars: tuple[str, ...]
    grade: str | None
    score: int
    missing: tuple[str, ...]
    reasons: tuple[Reason, ...]


def reason_data(reason: Reason) -> dict[str, object]:
    """The reason as plain JSON data; what is empty is left out."""
    data: dict[str, object] = {
        "code": reason.code,
        "needed": reason.needed,
        "had": reason.had,
        "met": reason.met,
    }
    if reason.about:
        data["about"] = reason.about
    if reason.name:
        data["name"] = reason.name
    if reason.note:
        data["note"] = reason.note
    if reason.until:
        data["until"] = reason.until
    if reason.parts:
        data["parts"] = [reason_data(part) for part in reason.parts]
    return data


def rating_data(rating: Rating) -> dict[str, object]:
    """The whole rating as plain JSON data."""
    return {
        "subject_id": rating.subject_id,
        "scheme": rating.scheme,
        "rule_version": rating.rule_version,
        "period": rating.period,
        "stars": rating.stars,
        "grade": rating.grade,
        "score": rating.score,
        "missing": rating.missing,
        "reasons": [reason_data(reason) for reason in rating.reasons],
    }


def reasons_json(reasons: tuple[Reason, ...]) -> str:
    """The reasons as canonical JSON text."""
    return f"[{','.join([_reason_json(reason) for reason in reasons])}]"


def rating_bytes(rating: Rating) -> bytes:
    """Canonical JSON: equal ratings give equal bytes, wherever and in what order computed."""
    before = {"grade": rating.grade, "missing": rating.missing, "period": rating.period}
    after = {
        "rule_version": rating.rule_version,
        "scheme": rating.scheme,
        "score": rating.score,
        "stars": rating.stars,
        "subject_id": rating.subject_id,
    }
    reasons = reasons_json(rating.reasons)
    # Keys stay in alphabetical order across the three parts, as in any canonical JSON.
    return f'{_encode(before)[:-1]},"reasons":{reasons},{_encode(after)[1:]}'.encode()


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@lru_cache(maxsize=65_536)
def _reason_json(reason: Reason) -> str:
    # A village's households share most reasons (this star, 6 needed, 4 had), and encoding them
    # anew would cost three times as much as the rating itself.
    return _encode(reason_data(reason))
