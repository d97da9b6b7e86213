"""What the verifiers found, as sentences for supervision. Pure; reads `str(Problem)`."""

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ENTRY = re.compile(r"entry (?P<entry>-?\d+): (?P<what>.*)", re.DOTALL)
SUBJECT = re.compile(r"(?:balance|total) of subject (?P<subject>\d+) ")
_SAYINGS = (
    (r"changed: the row does not fit its digest", gettext_lazy("被改过：内容和它的指纹对不上")),
    (
        r"rewritten: its digest is not the one that was sealed",
        gettext_lazy("连同指纹被改过：指纹不是封账时的那个"),
    ),
    (r"removed: it was sealed and is gone", gettext_lazy("封过账，现在不见了")),
    (r"added under a seal", gettext_lazy("封账以后塞进来的")),
    (r"changed: the witness has another digest", gettext_lazy("被改过：和见证文件不一样")),
    (r"removed: the witness has it", gettext_lazy("被删了：见证文件里有")),
    (r"inserted: the witness does not have it", gettext_lazy("后来塞进来的：见证文件里没有")),
    (
        r"(?:the )?ledger ends before the witness",
        gettext_lazy("从这里起，后面的账没有了：见证文件里有"),
    ),
    (r"seal (?P<n>\d+) is not the one of the witness", gettext_lazy("第%(n)s次封账被换过")),
    (r"seal (?P<n>\d+) is gone: the witness has it", gettext_lazy("第%(n)s次封账被删了")),
    (
        r"seal (?P<n>\d+): its leaves do not make its root",
        gettext_lazy("第%(n)s次封账：按指纹算不出它的根"),
    ),
    (
        r"seal (?P<n>\d+): it does not follow the seal before",
        gettext_lazy("第%(n)s次封账：和上一次接不上"),
    ),
    (r"seal (?P<n>\d+): its bounds are wrong", gettext_lazy("第%(n)s次封账：起止不对")),
    (
        r"balance of subject (?P<subject>\d+) is not the sum",
        gettext_lazy("%(household)s的余额和账上各笔加起来不一样"),
    ),
    (
        r"total of subject (?P<subject>\d+) in (?P<month>\S+) is not the sum",
        gettext_lazy("%(household)s %(month)s的月合计和账上各笔加起来不一样"),
    ),
    (
        r"notice (?P<n>\S+) is not what was sealed",
        gettext_lazy("公示%(n)s的内容和封存时不一样"),
    ),
    (
        r"notice (?P<n>\S+) names a seal that is not there",
        gettext_lazy("公示%(n)s写的那次封账不见了"),
    ),
)


def subjects_in(problems: Iterable[str]) -> set[int]:
    """The subjects whose sums are named."""
    return {int(found["subject"]) for text in problems if (found := SUBJECT.match(text))}


def sentence(problem: str, *, households: Mapping[int, str]) -> str:
    """One problem in words, with the entry's number; one that nobody knows stays as it is."""
    found = ENTRY.fullmatch(problem)
    if found is None:
        return _said(problem, households)
    words = {"entry": found["entry"], "what": _said(found["what"], households)}
    return _("第%(entry)s笔：%(what)s") % words


def _said(what: str, households: Mapping[int, str]) -> str:
    for pattern, words in _SAYINGS:
        if found := re.fullmatch(pattern, what):
            named = found.groupdict()
            number = named.get("subject", "")
            known = households.get(int(number), "") if number else ""
            named["household"] = known or _("主体%s") % number
            return str(words) % named
    return what
