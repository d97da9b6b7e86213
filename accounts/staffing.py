"""这个村还缺谁: who may propose and who may approve each act of two persons, and who is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import Proposal
from accounts.roles import TWO_PERSONS, Action, actions_of, role_name, roles_with
from villages import queries as village_queries
from villages.models import Posting


@dataclass(frozen=True, slots=True)
class Able:
    """A person with a post that allows one half of an act; without a log-in nobody acts."""

    person_id: int
    name: str
    post: str
    logs_in: bool


@dataclass(frozen=True, slots=True)
class Staffed:
    """An act of two persons in one place: who asks, who decides, and in words what is missing."""

    kind: str
    name: str
    asks: Sequence[Able]
    decides: Sequence[Able]
    missing: str


def serving_with_log_ins(*, township_id: int, on: date) -> list[Posting]:
    """Everybody who serves in the township today, with the log-ins, in two queries."""
    rows = village_queries.serving(township_id=township_id, on=on)
    return list(rows.prefetch_related("person__users"))


def of_village(postings: Iterable[Posting], *, village_id: int) -> list[Staffed]:
    """Each act in a village: by those posted there or in its whole township."""
    return _staffed([row for row in postings if row.village_id in (None, village_id)], TWO_PERSONS)


def of_township(postings: Iterable[Posting]) -> list[Staffed]:
    """Acts that concern a township as a whole: giving its posts."""
    return _staffed([row for row in postings if row.village_id is None], ["role"])


def _staffed(postings: Sequence[Posting], kinds: Iterable[str]) -> list[Staffed]:
    return [_one(kind, postings) for kind in kinds]


def _one(kind: str, postings: Sequence[Posting]) -> Staffed:
    two = TWO_PERSONS[kind]
    asks, decides = _able(two.asks, postings), _able(two.decides, postings)
    return Staffed(
        kind=kind,
        name=str(Proposal.Kind(kind).label),
        asks=asks,
        decides=decides,
        missing=_missing(asks, decides, two.asks, two.decides),
    )


def _able(action: Action, postings: Iterable[Posting]) -> list[Able]:
    found = {}
    for row in postings:
        if action in actions_of(row.post.code) and row.person_id not in found:
            logs_in = any(user.is_active for user in row.person.users.all())
            found[row.person_id] = Able(row.person_id, row.person.name, row.post.name, logs_in)
    return list(found.values())


def _missing(asks: Sequence[Able], decides: Sequence[Able], ask: Action, decide: Action) -> str:
    first = {able.person_id: able.name for able in asks if able.logs_in}
    second = {able.person_id: able.name for able in decides if able.logs_in}
    told = [
        _lacking(_("提出的人"), asks, ask) if not first else "",
        _lacking(_("第二个人"), decides, decide) if not second else "",
    ]
    if first and second and len(first.keys() | second.keys()) == 1:
        told.append(
            _("提出和确认都只有%(name)s一个人，还缺另一个人。")
            % {"name": next(iter(first.values()))}
        )
    return "".join(told)


def _lacking(whom: str, able: Sequence[Able], action: Action) -> str:
    if able:
        names = "、".join(one.name for one in able)
        return _("缺%(whom)s：%(names)s有任职，还没有能用的账号。") % {"whom": whom, "names": names}
    posts = "、".join(role_name(role) for role in roles_with(action))
    return _("缺%(whom)s：还没有人任%(posts)s。") % {"whom": whom, "posts": posts}
