"""Everything that waits for a person today, for the home of the workspace and of the records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Proposal
from accounts.queries import to_decide
from accounts.roles import Action
from scoring.models import LedgerState, RuleBook
from scoring.queries.breaks import stopped_within
from scoring.queries.rules import submitted_within
from scoring.queries.todos import OF_A_MONTH, Todo, todos
from trail.scope import Scope

MOST = 50


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done, by what it leads to; `count` is how many rows a page shows."""

    stopped: Sequence[LedgerState]
    todos: Sequence[Todo]
    proposals: Sequence[Proposal]
    books: Sequence[RuleBook]

    @property
    def count(self) -> int:
        """今天有 n 项要办."""
        return len(self.todos) + len(self.proposals) + len(self.books)


def due(scope: Scope, *, person_id: int, at: datetime) -> Due:
    """To-dos of months, other acts that wait for a second person, books that wait for minutes."""
    waiting = to_decide(scope, person_id=person_id, at=at)
    return Due(
        stopped=stopped_within(scope, Action.VIEW_LEDGER),
        todos=todos(scope=scope, person_id=person_id, at=at),
        # Those of a month are among the to-dos, and lead to its pages.
        proposals=list(waiting.exclude(kind__in=OF_A_MONTH)[:MOST]),
        books=submitted_within(scope, most=MOST),
    )
