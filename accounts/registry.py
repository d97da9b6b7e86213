"""How apps show what a proposal asks for, and carry it out when the second person agrees.

An app has a module `proposal_kinds` beside its views, found when the site starts. A kind that
nobody has registered is shown by its summary; to agree is then only to decide, and the owning
operation consumes the approval later.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django import forms

from accounts import operations
from accounts.models import Proposal
from trail.actor import Actor


@dataclass(frozen=True, slots=True)
class Line:
    """One thing the proposal changes, or a fact of it when there is nothing before it."""

    name: str
    after: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What exactly is asked: its lines, where it stands in full, and why it is void, if it is."""

    lines: Sequence[Line] = field(default_factory=tuple)
    address: str = ""
    void: str = ""


class Approve(Protocol):
    """As the second person, agree and set it going; `given` is what the kind's form asked."""

    def __call__(
        self, *, proposal: Proposal, given: Mapping[str, Any], by: Actor, at: datetime
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class ProposalKind:
    """One kind: what it shows, what agreeing does, and what else the second person fills in."""

    kind: str
    show: Callable[[Proposal], Shown]
    approve: Approve
    form: type[forms.Form] = forms.Form


_kinds: dict[str, ProposalKind] = {}


def register(kind: ProposalKind) -> None:
    """Make `kind` the one of its name; another one of the same name is a mistake in the code."""
    known = _kinds.setdefault(kind.kind, kind)
    if known is not kind:
        raise ValueError(f"two kinds of proposal called {kind.kind}")


def kind_of(proposal: Proposal) -> ProposalKind:
    """How a proposal is shown and carried out."""
    return _kinds.get(proposal.kind) or ProposalKind(proposal.kind, _show, decide)


def _show(proposal: Proposal) -> Shown:
    return Shown()


def decide(*, proposal: Proposal, given: Mapping[str, Any], by: Actor, at: datetime) -> None:
    """Only say yes; whoever asked carries it out later."""
    operations.decide(proposal=proposal, approve=True, by=by, at=at)
