"""Correcting a closed month: it stays as it is; reversals and new entries go to the open month.

One person says what was wrong and why, another confirms, and in the same transaction the entries
are made and a correction notice of the changed households is drafted.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import operations as approvals
from accounts.models import Proposal
from notices import operations as notices
from notices.models import Notice
from scoring.errors import NotAgreedByTwo
from scoring.models import Correction, Entry, Month, Seal
from scoring.operations import ledger, sealing
from scoring.operations.ledger import NewEntry
from scoring.queries import corrections as found
from scoring.queries import months
from scoring.queries.corrections import Wrong
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import record


class StillOpen(DomainError):
    """The month takes entries yet: what is wrong in it needs no correction notice."""

    code = "still_open"


class NotShownYet(DomainError):
    """There is no published notice that a correction could name."""

    code = "not_shown_yet"


class NothingToCorrect(DomainError):
    """Nothing would change, or it is not said what or why."""

    code = "nothing_to_correct"


class NotOfThisMonth(DomainError):
    """The entry was not made in this month, or has been corrected already."""

    code = "not_of_this_month"


class CorrectedSince(DomainError):
    """Another correction was made after this one was proposed."""

    code = "corrected_since"


@dataclass(frozen=True, slots=True)
class Change:
    """An entry and the points it should have had, without their sign; None: none at all."""

    entry_id: int
    new_points: int | None = None


@transaction.atomic
def check_correction(*, month: Month, changes: Sequence[Change], by: Actor) -> None:
    """Raise what proposing these changes would; nothing is asked of anybody, nothing entered."""
    ledger.enter(village_id=month.village_id)
    _on_show(month)
    wrong = _wrong(month, {change.entry_id: change.new_points for change in changes})
    _rehearse(Correction(pk=0, village_id=month.village_id), wrong, by=by)


@transaction.atomic
def propose_correction(
    *, month: Month, changes: Sequence[Change], reason: str, by: Actor, at: datetime
) -> Proposal:
    """Ask a second person to correct a closed month; nothing is entered yet.

    The same again returns the same proposal. Raises StillOpen, NotShownYet, NothingToCorrect,
    NotOfThisMonth, what `approvals.propose` raises, or what the ledger would refuse.
    """
    ledger.enter(village_id=month.village_id)
    locked = Month.objects.select_for_update().get(pk=month.pk)
    corrects = _on_show(locked)
    wrong = _wrong(locked, {change.entry_id: change.new_points for change in changes})
    if not reason.strip():
        raise NothingToCorrect(_("请写明为什么要更正。"))
    wanted = Correction(
        village_id=locked.village_id,
        month=locked,
        corrects=corrects,
        reason=reason.strip(),
        changes=sorted([change.entry_id, change.new_points] for change in changes),
    )
    proposal = approvals.propose(
        kind=Proposal.Kind.CORRECTION,
        about=months.reference(locked),
        village_id=locked.village_id,
        content=content_to_approve(wanted),
        summary=_("更正%(month)s的%(count)d笔") % {"month": locked.month, "count": len(wrong)},
        because=wanted.reason,
        by=by,
        at=at,
    )
    known = found.by_proposal(proposal_id=proposal.pk)
    if known is None:
        wanted.proposal = proposal
        wanted.save()
        _rehearse(wanted, wrong, by=by)
    return proposal


@transaction.atomic
def carry_out(*, correction: Correction, by: Actor, at: datetime) -> Notice:
    """As the second person, confirm and correct: all of it or nothing; again changes nothing.

    Answers the drafted correction notice. Raises what `approvals.agree` and the ledger refuse,
    NotOfThisMonth, or CorrectedSince.
    """
    ledger.enter(village_id=correction.village_id, alone=True)
    month = Month.objects.select_for_update().get(pk=correction.month_id)
    proposal = Proposal.objects.get(pk=correction.proposal_id)
    if proposal.consumed_at:
        return found.notice_of(correction)
    corrects = _on_show(month)
    if corrects.pk != correction.corrects_id:
        raise CorrectedSince(_("提出以后这个月又更正过，请重新核对，再提一次。"))
    wrong = _wrong(month, dict(correction.changes))
    approvals.agree(proposal=proposal, by=by, at=at)
    approvals.consume(
        kind=Proposal.Kind.CORRECTION,
        about=months.reference(month),
        village_id=month.village_id,
        content=content_to_approve(correction),
        at=at,
    )
    # Who found it wrong is the author of the entries; who confirmed stands in the approval.
    author = replace(by, person_id=proposal.proposed_by_id)
    posted = ledger.post(village_id=month.village_id, rows=_rows(correction.pk, wrong), by=author)
    notice, seal = _draft(corrects, wrong, at=at)
    record(
        by=by,
        at=at,
        what="month.corrected",
        about=months.reference(month),
        village_id=month.village_id,
        detail={
            "correction": correction.pk,
            "entries": [entry.entry_id for entry in posted],
            **approvals.facts_of(proposal),
            **sealing.facts_of(seal),
            **notices.facts_of(notice),
        },
    )
    return notice


def content_to_approve(correction: Correction) -> str:
    """What two persons approve: the changes in their order, the reason, what is corrected."""
    facts = [correction.month_id, correction.corrects_id, correction.changes, correction.reason]
    return json.dumps(facts, ensure_ascii=False)


def _on_show(month: Month) -> Notice:
    """The notice to be corrected, if the month is closed and the notice published."""
    if month.state == Month.State.OPEN:
        raise StillOpen(_("%s还没锁定，不用更正公示。") % month.month)
    notice = found.current_notice(month=month)
    if notice is None:
        raise NotShownYet(_("这个月没有公示，没有可更正的公示。"))
    if notice.state != Notice.State.PUBLISHED:
        raise NotShownYet(_("公示 %s 还没发布。请先发布，再更正。") % notice.number)
    return notice


def _wrong(month: Month, wanted: Mapping[int, int | None]) -> list[Wrong]:
    if not wanted:
        raise NothingToCorrect(_("请至少选一笔要更正的。"))
    entries = found.entries_of(month=month, ids=wanted)
    if missing := sorted(wanted.keys() - entries.keys()):
        raise NotOfThisMonth(_("第%s笔不是这个月的加减分，或者已经更正过。") % missing[0])
    return [_one(entries[entry_id], wanted[entry_id]) for entry_id in sorted(wanted)]


def _one(entry: Entry, points: int | None) -> Wrong:
    if points is not None and points < 1:
        raise NothingToCorrect(_("新的分数要从1分起；一分也不该有的，请选全部冲正。"))
    wrong = found.wrong_by(entry, points)
    if not wrong.difference:
        facts = {
            "item": entry.item.name if entry.item else "",
            "day": date_format(entry.occurred_on, _("n月j日")),
        }
        raise NothingToCorrect(_("%(day)s“%(item)s”的分数没有变，不用更正。") % facts)
    return wrong


def _rows(correction_id: int, wrong: Iterable[Wrong]) -> list[NewEntry]:
    rows = []
    for one in wrong:
        entry, source = one.entry, f"correction:{correction_id}:{one.entry.pk}"
        reversal = NewEntry(
            subject_id=entry.subject_id,
            kind=Entry.Kind.REVERSAL,
            points=-entry.points,
            occurred_on=entry.occurred_on,
            source=f"{source}:reversal",
            reverses_id=entry.pk,
        )
        rows.append(reversal)
        if one.right:
            again = replace(
                reversal,
                kind=Entry.Kind(entry.kind),
                points=one.right,
                source=f"{source}:again",
                item_id=entry.item_id,
                reverses_id=None,
            )
            rows.append(again)
    return rows


def _rehearse(correction: Correction, wrong: Iterable[Wrong], *, by: Actor) -> None:
    """What the ledger refuses beside the missing second person is told to who asks."""
    try:
        ledger.post(village_id=correction.village_id, rows=_rows(correction.pk, wrong), by=by)
    except NotAgreedByTwo:
        return


def _draft(corrects: Notice, wrong: Sequence[Wrong], *, at: datetime) -> tuple[Notice, Seal]:
    """The correction notice names a seal over the entries that were just made."""
    seal = sealing.make(village_id=corrects.village_id, at=at).seal
    if seal is None:
        raise NothingToCorrect(_("账本里还没有记账。"))
    notice = notices.draft_correction(
        corrects=corrects,
        content=found.corrected_content(corrects=corrects, wrong=wrong, seal=seal),
        seal_root=bytes(seal.root),
        title=_("更正：%s") % found.title_of_month(corrects),
        at=at,
    )
    return notice, seal
