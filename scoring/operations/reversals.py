"""Taking one entry of an open month back: one person asks, another agrees, the ledger reverses.

A closed month is corrected instead, with a notice.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import operations as approvals
from accounts.models import Proposal
from scoring.errors import NotAgreedByTwo
from scoring.models import Entry, Month
from scoring.operations import ledger
from scoring.operations.ledger import NewEntry, Posted
from scoring.queries import months, proposing
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import record


class MonthIsClosed(DomainError):
    """The entry's month takes no entries any more; it is corrected with a notice."""

    code = "month_is_closed"


@transaction.atomic
def propose(*, entry: Entry, reason: str, by: Actor, at: datetime) -> Proposal:
    """Ask a second person to reverse the entry; nothing is entered yet.

    Raises MonthIsClosed, what the ledger would refuse, or what `approvals.propose` raises.
    """
    ledger.enter(village_id=entry.village_id)
    _refuse_closed(entry)
    proposal = approvals.propose(
        kind=Proposal.Kind.REVERSAL,
        about=proposing.reference(entry),
        village_id=entry.village_id,
        content=proposing.content_to_reverse(entry),
        summary=_("冲正第%(number)d笔：%(what)s，%(points)+d分")
        % {
            "number": entry.pk,
            "what": proposing.entry_in_words(entry)[:150],
            "points": entry.points,
        },
        because=reason,
        by=by,
        at=at,
    )
    _rehearse(entry, proposal, by=by)
    return proposal


@transaction.atomic
def carry_out(*, proposal: Proposal, by: Actor, at: datetime) -> Posted:
    """As the second person, agree and reverse, both or neither.

    Raises MonthIsClosed, what `approvals.agree` and the ledger refuse, or NoApproval when the
    entry is not the one that was proposed.
    """
    entry = proposing.entry_to_reverse(proposal)
    ledger.enter(village_id=entry.village_id)
    _refuse_closed(entry)
    approvals.agree(proposal=proposal, by=by, at=at)
    approvals.consume(
        kind=Proposal.Kind.REVERSAL,
        about=proposing.reference(entry),
        village_id=entry.village_id,
        content=proposing.content_to_reverse(entry),
        at=at,
    )
    # Who found it wrong is the author of the entry; who agreed stands in the approval.
    author = replace(by, person_id=proposal.proposed_by_id)
    [posted] = ledger.post(village_id=entry.village_id, rows=[_row(entry, proposal)], by=author)
    record(
        by=by,
        at=at,
        what="entry.reversed",
        about=proposing.reference(entry),
        village_id=entry.village_id,
        detail={"entry": posted.entry_id, **approvals.facts_of(proposal)},
    )
    return posted


def _refuse_closed(entry: Entry) -> None:
    month = months.by_name(village_id=entry.village_id, month=entry.month)
    if month is None or month.state != Month.State.OPEN:
        raise MonthIsClosed(_("%s已经锁定，要改请走“更正这个月”。") % entry.month)


def _row(entry: Entry, proposal: Proposal) -> NewEntry:
    return NewEntry(
        subject_id=entry.subject_id,
        kind=Entry.Kind.REVERSAL,
        points=-entry.points,
        occurred_on=entry.occurred_on,
        source=f"reversal:{proposal.pk}",
        reverses_id=entry.pk,
    )


def _rehearse(entry: Entry, proposal: Proposal, *, by: Actor) -> None:
    """What the ledger refuses beside the missing second person is told to who asks."""
    try:
        ledger.post(village_id=entry.village_id, rows=[_row(entry, proposal)], by=by)
    except NotAgreedByTwo:
        return
