"""A household's entries in words: what happened, how many points, and whether it is as sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.models import Subject
from notices.masking import masked_name
from scoring.models import Entry
from scoring.queries.household_ledger import LedgerLine
from scoring.queries.proofs import SealedProofs

# What stands before the first colon of an entry's source.
_ORIGINS = {
    "import": gettext_lazy("照录台账"),
    "demo": gettext_lazy("演示"),
    "reversal": gettext_lazy("更正"),
    "correction": gettext_lazy("更正"),
    "split": gettext_lazy("分户"),
    "merge": gettext_lazy("并户"),
}
_KINDS = dict(Entry.Kind.choices)


ENTRIES_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another entry of the household: which one, and the page of the whole list it is on."""

    place: int
    page: int


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One entry as it is read, with the entry it corrects and the one that corrects it."""

    place: int
    occurred_on: date
    month: str
    item: str
    category: str
    points: str
    is_plus: bool
    origin: str
    balance: int
    corrects: Elsewhere | None
    corrected_by: Elsewhere | None
    is_sealed: bool
    holds: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """The entries of a month and category, newest first, and what else can be chosen."""

    lines: list[ShownLine]
    months: list[str]
    categories: list[str]
    month: str
    category: str
    query: str


def title_of(subject: Subject) -> tuple[str, str]:
    """The masked name when the household chose to show one, and its code."""
    group = subject.unit.name if subject.unit else ""
    code = _("%(group)s · %(number)s户") % {"group": group, "number": subject.number}
    if subject.publish_choice != Subject.PublishChoice.MASKED:
        return "", code
    return masked_name(subject.name), code


def points_in_words(points: int) -> str:
    """加2分, 减2分: never a sign or a colour alone."""
    if points > 0:
        return _("加%(n)s分") % {"n": points}
    return _("减%(n)s分") % {"n": -points}


def shown(lines: Sequence[LedgerLine], found: SealedProofs | None) -> list[ShownLine]:
    """All entries, the newest first."""
    places = {
        line.facts.id: Elsewhere(line.place, (len(lines) - line.place) // ENTRIES_PER_PAGE + 1)
        for line in lines
    }
    return [_shown(line, places, found) for line in reversed(lines)]


def _shown(
    line: LedgerLine, places: Mapping[int, Elsewhere], found: SealedProofs | None
) -> ShownLine:
    facts = line.facts
    proof = found.proofs.get(facts.id) if found else None
    return ShownLine(
        place=line.place,
        occurred_on=facts.occurred_on,
        month=facts.month,
        item=line.item or line.goods or str(_KINDS[facts.kind]),
        category=line.category or str(_KINDS[facts.kind]),
        points=points_in_words(facts.points),
        is_plus=facts.points > 0,
        origin=_origin(facts.source),
        balance=line.balance,
        corrects=places.get(facts.reverses_id) if facts.reverses_id else None,
        corrected_by=places.get(line.reversed_by) if line.reversed_by else None,
        is_sealed=proof is not None,
        holds=proof is not None and proof.holds,
    )


def _origin(source: str) -> str:
    return str(_ORIGINS.get(source.partition(":")[0], _("本系统记的")))


def choice_of(lines: Sequence[ShownLine], asked: Mapping[str, str]) -> Choice:
    """The entries of the month and category asked for; all when it is none of those there are."""
    months = sorted({line.month for line in lines}, reverse=True)
    categories = sorted({line.category for line in lines})
    month = asked.get("month", "")
    category = asked.get("category", "")
    month = month if month in months else ""
    category = category if category in categories else ""
    chosen = [
        line for line in lines if month in ("", line.month) and category in ("", line.category)
    ]
    parts = [("month", month), ("category", category)]
    query = urlencode([(name, value) for name, value in parts if value])
    return Choice(chosen, months, categories, month, category, f"{query}&" if query else "")
