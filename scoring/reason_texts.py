"""The engine's reasons as sentences one can say to a household. Pure.

Reads them as the database keeps them (`scoring.engine.results.reason_data`). Items are known to
the engine by code; `names` says what the rule book calls them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Told = Mapping[str, Any]
Names = Mapping[str, str]

# Said when it is enough, and when it is not.
_AMOUNTS = {
    "category_points": (
        gettext_lazy("%(what)s要%(needed)s分，有%(had)s分，够了"),
        gettext_lazy("%(what)s要%(needed)s分，有%(had)s分，还差%(short)s分"),
    ),
    "item_count": (
        gettext_lazy("%(what)s要%(needed)s次，有%(had)s次，够了"),
        gettext_lazy("%(what)s要%(needed)s次，有%(had)s次，还差%(short)s次"),
    ),
    "band": (
        gettext_lazy("%(what)s要%(needed)s颗星，有%(had)s颗，够了"),
        gettext_lazy("%(what)s要%(needed)s颗星，有%(had)s颗，还差%(short)s颗"),
    ),
}
_AMOUNTS["item_points"] = _AMOUNTS["grade"] = _AMOUNTS["category_points"]


def sentences(reasons: Sequence[Told], *, names: Names) -> list[str]:
    """One sentence for each reason, in their order; stars by their names."""
    known = {**names, **star_names(reasons)}
    return [sentence(reason, names=known) for reason in reasons]


def star_names(reasons: Sequence[Told]) -> dict[str, str]:
    """Names of the stars by their codes, as the reasons give them."""
    return {
        reason["about"][0]: reason["name"]
        for reason in reasons
        if reason["code"] in {"star", "required_star"}
    }


def sentence(reason: Told, *, names: Names) -> str:
    """One reason; of a code that came later at least its own name."""
    say = _SAID.get(reason["code"], _only_named)
    return say(reason, names)


def _about(reason: Told, names: Names) -> str:
    return "、".join(names.get(code, code) for code in reason.get("about", ()))


def _amount(reason: Told, names: Names) -> str:
    enough, short = _AMOUNTS[reason["code"]]
    needed, had = reason["needed"], reason["had"]
    said = {"needed": needed, "had": had, "short": needed - had}
    what = reason.get("name") or _about(reason, names)
    return str(enough if reason["met"] else short) % {"what": what, **said}


def _star(reason: Told, names: Names) -> str:
    name = reason["name"]
    if reason["code"] == "required_star":
        name = _("%(name)s（必得）") % {"name": name}
    why = _joined(reason, names)
    if reason["met"]:
        return _("%(name)s：得到。%(why)s") % {"name": name, "why": why}
    return _("%(name)s：还没得到。%(why)s") % {"name": name, "why": why}


def _joined(reason: Told, names: Names) -> str:
    return "；".join(sentence(part, names=names) for part in reason.get("parts", ()))


def _any(reason: Told, names: Names) -> str:
    return _("下面有一项就行：%(parts)s") % {"parts": _joined(reason, names)}


def _none_of(reason: Told, names: Names) -> str:
    said = {"what": _about(reason, names), "had": reason["had"]}
    if reason["met"]:
        return _("没有%(what)s，符合") % said
    return _("有%(what)s，共%(had)s次，一次也不能有") % said


def _decision(reason: Told, names: Names) -> str:
    if reason["met"]:
        return _("评议给了这颗星")
    return _("评议没有给这颗星") if reason.get("note") else _("还没有评议")


def _required_stars(reason: Told, names: Names) -> str:
    said = {"needed": reason["needed"], "had": reason["had"], "missing": _about(reason, names)}
    if reason["met"]:
        return _("必得的%(needed)s颗星都有了") % said
    return _("必得的星要%(needed)s颗，有%(had)s颗，还差%(missing)s") % said


def _veto(reason: Told, names: Names) -> str:
    return _("一票否决：%(name)s（%(document)s），%(until)s到期") % {
        "name": reason["name"],
        "document": reason["note"],
        "until": date_format(date.fromisoformat(reason["until"])),
    }


def _only_named(reason: Told, names: Names) -> str:
    return str(reason.get("name") or _about(reason, names) or reason["code"])


_SAID: Mapping[str, Callable[[Told, Names], str]] = {
    **dict.fromkeys(_AMOUNTS, _amount),
    "star": _star,
    "required_star": _star,
    "all": _joined,
    "any": _any,
    "none_of": _none_of,
    "decision": _decision,
    "required_stars": _required_stars,
    "veto": _veto,
}
