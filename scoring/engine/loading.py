"""Schemes from plain JSON data, as the database keeps them.

A star scheme:
    {"kind": "stars", "code": "ten-stars", "version": 1, "base_points": 0, "minus_months": 12,
     "stars": [{"code": "patriotic", "name": "爱党爱国星", "required": true,
                "criterion": {"kind": "decision"}}, ...],
     "bands": [{"name": "铜星", "min_stars": 5}, ...],
     "vetoes": [{"code": "final-judgment", "name": "生效法律文书"}]}
A credit scheme has "kind": "grades", "grades": [{"name": "AAA", "at_least": 90}, ...], "lowest"
(the grade below the last floor) and, if a veto gives a grade rather than none, "vetoed".
Absent, base_points is 0, minus_months 12, required false, vetoes none.
"""

from collections.abc import Callable, Mapping

from scoring.engine.bands import Band
from scoring.engine.checked import POINTS_BOUND, Checked, Data, inside
from scoring.engine.criterion_loading import criterion_from_data
from scoring.engine.errors import Problem, SchemeIsInvalid
from scoring.engine.grades import GradeScheme
from scoring.engine.rating import Scheme
from scoring.engine.stars import Star, StarScheme
from scoring.engine.vetoes import VetoRule

MINUS_MONTHS = 12

_SHARED = frozenset({"kind", "code", "version", "base_points", "minus_months", "vetoes"})
_STAR_SCHEME = _SHARED | {"stars", "bands"}
_GRADE_SCHEME = _SHARED | {"grades", "lowest", "vetoed"}
_STAR = frozenset({"code", "name", "required", "criterion"})
_VETO = frozenset({"code", "name"})


def scheme_from_data(data: object) -> Scheme:
    """The scheme this data describes, or `SchemeIsInvalid` with every mistake in it."""
    kind = data.get("kind") if isinstance(data, Mapping) else None
    read = _KINDS.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise SchemeIsInvalid((Problem("kind", "unknown_kind", str(kind)),))
    checked = Checked()
    scheme = read(checked, data)
    if checked.problems:
        raise SchemeIsInvalid(tuple(checked.problems))
    return scheme


def _star_scheme(checked: Checked, value: object) -> StarScheme:
    data = checked.table(value, "", _STAR_SCHEME)
    stars = _stars(checked, data)
    bands = _bands(checked, data, key="bands", floor="min_stars", lowest=1)
    for place, band in enumerate(bands):
        if stars and band.at_least > len(stars):
            checked.refuse(f"bands[{place}].min_stars", "more_than_there_are", band.at_least)
    return StarScheme(
        code=checked.text(data, "code", ""),
        version=checked.whole(data, "version", "", lowest=1),
        base_points=checked.whole(data, "base_points", "", lowest=0, otherwise=0),
        stars=stars,
        bands=_from_the_top(bands),
        vetoes=_vetoes(checked, data),
        minus_months=checked.whole(data, "minus_months", "", lowest=1, otherwise=MINUS_MONTHS),
    )


def _grade_scheme(checked: Checked, value: object) -> GradeScheme:
    data = checked.table(value, "", _GRADE_SCHEME)
    grades = _bands(checked, data, key="grades", floor="at_least", lowest=1 - POINTS_BOUND)
    lowest = checked.text(data, "lowest", "")
    names = {grade.name for grade in grades}
    if lowest and lowest in names:
        checked.refuse("lowest", "duplicate", lowest)
    vetoed = checked.text(data, "vetoed", "") if data.get("vetoed") is not None else None
    if vetoed and vetoed not in names | {lowest}:
        checked.refuse("vetoed", "unknown_grade", vetoed)
    return GradeScheme(
        code=checked.text(data, "code", ""),
        version=checked.whole(data, "version", "", lowest=1),
        base_points=checked.whole(data, "base_points", "", lowest=0, otherwise=0),
        grades=_from_the_top(grades),
        lowest=lowest,
        vetoed=vetoed,
        vetoes=_vetoes(checked, data),
        minus_months=checked.whole(data, "minus_months", "", lowest=1, otherwise=MINUS_MONTHS),
    )


def _stars(checked: Checked, data: Data) -> tuple[Star, ...]:
    stars: list[Star] = []
    rows = checked.rows(data, "stars", "", may="not be empty")
    for where, value in rows:
        row = checked.table(value, where, _STAR)
        code = checked.text(row, "code", where)
        name = checked.text(row, "name", where)
        required = checked.flag(row, "required", where)
        criterion = criterion_from_data(
            checked, row.get("criterion"), where=inside(where, "criterion"), star=code
        )
        stars.append(Star(code, name, required, criterion))
    paths = [where for where, _ in rows]
    checked.once(paths, "code", [star.code for star in stars])
    checked.once(paths, "name", [star.name for star in stars])
    return tuple(stars)


def _bands(checked: Checked, data: Data, *, key: str, floor: str, lowest: int) -> list[Band]:
    bands: list[Band] = []
    rows = checked.rows(data, key, "", may="not be empty")
    for where, value in rows:
        row = checked.table(value, where, frozenset({"name", floor}))
        name = checked.text(row, "name", where)
        bands.append(Band(name, checked.whole(row, floor, where, lowest=lowest)))
    paths = [where for where, _ in rows]
    checked.once(paths, "name", [band.name for band in bands])
    checked.once(paths, floor, [band.at_least for band in bands])
    return bands


def _from_the_top(bands: list[Band]) -> tuple[Band, ...]:
    return tuple(sorted(bands, key=lambda band: band.at_least, reverse=True))


def _vetoes(checked: Checked, data: Data) -> tuple[VetoRule, ...]:
    vetoes: list[VetoRule] = []
    rows = checked.rows(data, "vetoes", "", may="be empty")
    for where, value in rows:
        row = checked.table(value, where, _VETO)
        vetoes.append(VetoRule(checked.text(row, "code", where), checked.text(row, "name", where)))
    checked.once([where for where, _ in rows], "code", [veto.code for veto in vetoes])
    return tuple(vetoes)


_KINDS: Mapping[str, Callable[[Checked, object], Scheme]] = {
    "stars": _star_scheme,
    "grades": _grade_scheme,
}
