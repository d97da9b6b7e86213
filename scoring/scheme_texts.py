"""A star or credit scheme in plain lines. Pure; reads the data of `scoring.engine.loading`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

Data = Mapping[str, Any]
Names = Mapping[str, str]


def scheme_lines(data: Data, *, names: Names) -> list[str]:
    """What each star takes, the steps above, and what bars; items by their names."""
    return [
        *_beginning(data),
        *(_star(star, names) for star in data.get("stars", ())),
        *_steps(data),
        *(_("一票否决：%(name)s") % veto for veto in data.get("vetoes", ())),
    ]


def _beginning(data: Data) -> Iterator[str]:
    if data.get("base_points"):
        yield _("起始分：%(base_points)s分") % data


def _star(star: Data, names: Names) -> str:
    said = {"name": star["name"], "criterion": _criterion(star["criterion"], names)}
    if star.get("required"):
        return _("%(name)s（必得）：%(criterion)s") % said
    return _("%(name)s：%(criterion)s") % said


def _steps(data: Data) -> Iterator[str]:
    for band in data.get("bands", ()):
        yield _("%(name)s：满%(min_stars)s颗星") % band
    for grade in data.get("grades", ()):
        yield _("%(name)s：满%(at_least)s分") % grade
    if data.get("lowest"):
        yield _("%(lowest)s：不到以上各级") % data
    if data.get("vetoed"):
        yield _("有一票否决的：%(vetoed)s") % data


def _criterion(data: Data, names: Names) -> str:
    return _KINDS[data["kind"]](data, names)


def _listed(codes: Sequence[str], names: Names) -> str:
    return "、".join(names.get(code, code) for code in codes)


def _points(data: Data, names: Names) -> str:
    what = _listed(data.get("categories") or data["items"], names)
    return _("%(what)s满%(at_least)s分") % {"what": what, "at_least": data["at_least"]}


def _count(data: Data, names: Names) -> str:
    what = _listed(data["items"], names)
    return _("%(what)s满%(at_least)s次") % {"what": what, "at_least": data["at_least"]}


def _none_of(data: Data, names: Names) -> str:
    return _("没有%(what)s") % {"what": _listed(data["items"], names)}


def _decision(data: Data, names: Names) -> str:
    return _("由评议决定")


def _all(data: Data, names: Names) -> str:
    return _("，并且").join(_criterion(part, names) for part in data["of"])


def _any(data: Data, names: Names) -> str:
    return _("，或者").join(_criterion(part, names) for part in data["of"])


_KINDS: Mapping[str, Callable[[Data, Names], str]] = {
    "category_points": _points,
    "item_count": _count,
    "item_points": _points,
    "none_of": _none_of,
    "decision": _decision,
    "all": _all,
    "any": _any,
}
