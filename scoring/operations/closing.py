"""Closing a month: two persons lock it, a worker carries the lock out in one transaction."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import operations as approvals
from accounts.models import Proposal
from notices import operations as notices
from notices.models import Notice
from scoring.models import Month
from scoring.operations import ledger, ratings, sealing
from scoring.operations.noticing import keep_households
from scoring.queries import ledger as figures
from scoring.queries import months
from trail.actor import Actor
from trail.changes import as_it_is, differences
from trail.errors import DomainError
from trail.failpoints import failpoint
from trail.operations import record
from villages.models import Village

OPEN = {"state": Month.State.OPEN}
CLOSER = Actor.system("scoring.close_month")


class NothingToClose(DomainError):
    """The village has no entry in that month."""

    code = "nothing_to_close"


class MonthIsHeld(DomainError):
    """Something must be settled before the month can be closed."""

    code = "month_is_held"


class EarlierMonthIsOpen(DomainError):
    """Months are closed in their order."""

    code = "earlier_month_is_open"


class FiguresMoved(DomainError):
    """Something was entered since the page was shown."""

    code = "figures_moved"


class AlreadyClosed(DomainError):
    """The month has been closed before."""

    code = "already_closed"


def reference(month: Month) -> str:
    """How proposals, jobs and the audit trail name a month."""
    return months.reference(month)


def content_to_lock(month: Month) -> str:
    """What two persons approve of the month as it stands."""
    found = figures.month_figures(village_id=month.village_id, month=month.month)
    return figures.content_to_lock(village_id=month.village_id, month=month.month, found=found)


@transaction.atomic
def prepare(*, month: Month, by: Actor, at: datetime) -> Month:
    """Put the figures of an ended month before the two persons; nothing is sealed."""
    locked = Month.objects.select_for_update().get(pk=month.pk)
    found = figures.month_figures(village_id=locked.village_id, month=locked.month)
    locked.prepared = asdict(found)
    locked.save(update_fields=["prepared"])
    record(
        by=by,
        at=at,
        what="month.prepared",
        about=reference(locked),
        village_id=locked.village_id,
        detail=asdict(found),
    )
    return locked


@transaction.atomic
def review(*, month: Month, last_entry_id: int, by: Actor, at: datetime) -> Month:
    """Note that a person has looked through the month up to this entry; again changes nothing.

    Raises AlreadyClosed, or FiguresMoved when something was entered behind it.
    """
    ledger.enter(village_id=month.village_id)
    locked = Month.objects.select_for_update().get(pk=month.pk)
    if locked.state != Month.State.OPEN:
        raise AlreadyClosed(_("%s已经锁定过了。") % locked.month)
    found = figures.month_figures(village_id=locked.village_id, month=locked.month)
    if found.last_entry_id != last_entry_id:
        raise FiguresMoved(_("您看的时候又记了新的账，请再看一遍。"))
    if months.is_reviewed(locked, found):
        return locked
    review = {"reviewed_by": by.person_id, "reviewed_at": at.isoformat()}
    locked.prepared = {**asdict(found), **review}
    locked.save(update_fields=["prepared"])
    record(
        by=by,
        at=at,
        what="month.reviewed",
        about=reference(locked),
        village_id=locked.village_id,
        detail=asdict(found),
    )
    return locked


@transaction.atomic
def propose_lock(*, month: Month, by: Actor, at: datetime) -> Proposal:
    """Ask a second person to lock the month as it stands.

    Raises AlreadyClosed, EarlierMonthIsOpen, MonthIsHeld or NothingToClose.
    """
    ledger.enter(village_id=month.village_id)
    locked = _openly(month)
    found = figures.month_figures(village_id=locked.village_id, month=locked.month)
    return approvals.propose(
        kind=Proposal.Kind.LOCK,
        about=reference(locked),
        village_id=locked.village_id,
        content=content_to_lock(locked),
        summary=_("锁定%(month)s：%(count)d笔，加分%(plus)d，减分%(minus)d")
        % {
            "month": locked.month,
            "count": found.count,
            "plus": found.plus,
            "minus": abs(found.minus),
        },
        by=by,
        at=at,
    )


@transaction.atomic
def approve_lock(*, month: Month, proposal: Proposal, by: Actor, at: datetime) -> Proposal:
    """As the second person, approve the lock of the month as it stands.

    Raises what `propose_lock` and `accounts.operations.decide` raise, and FiguresMoved when
    something was entered since the lock was proposed.
    """
    ledger.enter(village_id=month.village_id)
    locked = _openly(month)
    if bytes(proposal.content_sha256) != approvals.content_digest(content_to_lock(locked)):
        raise FiguresMoved(_("提出以后又记了新的账，请重新核对，再提一次。"))
    return approvals.decide(proposal=proposal, approve=True, by=by, at=at)


@transaction.atomic
def close(*, village: Village, month: str, at: datetime) -> Month:
    """Carry out an approved lock: close, seal, rate and draft the notice, all or nothing.

    Closing a closed month changes nothing. Raises NothingToClose, EarlierMonthIsOpen,
    MonthIsHeld, or NoApproval when what was approved is no longer what stands in the ledger.
    """
    ledger.enter(village_id=village.pk, alone=True)
    found = months.by_name(village_id=village.pk, month=month)
    if found is None:
        raise NothingToClose(_("%s没有记账，不用关。") % month)
    if found.state != Month.State.OPEN:
        return found
    locked = _openly(found)
    approval = approvals.consume(
        kind=Proposal.Kind.LOCK,
        about=reference(locked),
        village_id=village.pk,
        content=content_to_lock(locked),
        at=at,
    )
    closed_by = f"{approval.proposed_by_id} {approval.decided_by_id}"
    facts = _close(locked, closed_by=closed_by, at=at)
    rated = ratings.rate(village_id=village.pk, period=month)
    failpoint("close:rated")
    notice = notices.draft(kind=Notice.Kind.POINTS, village=village, month=month, at=at)
    keep_households(notice=notice)
    record(
        by=CLOSER,
        at=at,
        what="month.closed",
        about=reference(locked),
        village_id=village.pk,
        detail={
            **facts,
            "rated": rated or 0,
            **notices.facts_of(notice),
            **approvals.facts_of(approval),
        },
        changes=differences(locked, OPEN),
    )
    failpoint("close:drafted")
    return locked


@transaction.atomic
def close_transcribed(*, month: Month, by: Actor, at: datetime) -> Month:
    """Close and seal a month copied from a paper book: it was shown on paper, so no notice.

    Raises EarlierMonthIsOpen or MonthIsHeld.
    """
    ledger.enter(village_id=month.village_id, alone=True)
    locked = Month.objects.select_for_update().get(pk=month.pk)
    if locked.state != Month.State.OPEN:
        return locked
    if locked.origin != Month.Origin.TRANSCRIBED:
        raise MonthIsHeld(_("这个月是本系统记的，要两个人确认才能锁定。"))
    locked = _openly(locked)
    facts = _close(locked, closed_by=by.name, at=at)
    record(
        by=by,
        at=at,
        what="month.closed_as_transcribed",
        about=reference(locked),
        village_id=locked.village_id,
        detail=facts,
        changes=differences(locked, OPEN),
    )
    return locked


def _close(month: Month, *, closed_by: str, at: datetime) -> Mapping[str, object]:
    sealed = sealing.make(village_id=month.village_id, at=at).seal
    failpoint("close:sealed")
    month.state, month.closed_at, month.closed_by = Month.State.CLOSED, at, closed_by
    month.seal = sealed
    month.save(update_fields=["state", "closed_at", "closed_by", "seal"])
    found = figures.month_figures(village_id=month.village_id, month=month.month)
    return {**asdict(found), **sealing.facts_of(sealed)}


def _openly(month: Month) -> Month:
    """The month under its row lock, if nothing stands against closing it."""
    locked = Month.objects.select_for_update().get(pk=month.pk)
    if locked.state != Month.State.OPEN:
        raise AlreadyClosed(_("%s已经锁定过了。") % locked.month)
    if first := months.earlier_open(locked):
        raise EarlierMonthIsOpen(_("前面的月份还没关，请先关%s。") % first.month)
    if holds := months.closing_holds(locked):
        reasons = "；".join(hold.reason for hold in holds)
        raise MonthIsHeld(_("还有事没办完，先不能锁定：%s") % reasons)
    return locked


@transaction.atomic
def advance(*, month: Month, to: Month.State, by: Actor, at: datetime) -> Month:
    """Move a closed month on to published or final; raises MonthIsHeld while it is held."""
    locked = Month.objects.select_for_update().get(pk=month.pk)
    if to == Month.State.FINAL and months.open_holds(locked):
        raise MonthIsHeld(_("还有意见没答复完，不能归档。"))
    before = as_it_is(locked, "state")
    locked.state = to
    locked.save(update_fields=["state"])
    record(
        by=by,
        at=at,
        what=f"month.{to}",
        about=reference(locked),
        village_id=locked.village_id,
        changes=differences(locked, before),
    )
    return locked
