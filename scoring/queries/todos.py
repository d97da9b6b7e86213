"""What waits for a person today, over all villages of the scope: the soonest due first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts import queries as approvals
from accounts.models import Proposal
from accounts.roles import TWO_PERSONS, Action
from notices.models import Notice
from scoring.models import Hold, Month
from scoring.queries.breaks import stopped_within
from scoring.queries.months import DEFAULT_CLOSE_DAY, reference
from trail.clock import business_date
from trail.scope import Scope
from villages.models import CalendarRule, Village

OF_A_MONTH = (Proposal.Kind.LOCK, Proposal.Kind.PUBLICATION, Proposal.Kind.CORRECTION)


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do, the page where it is done, and the day it should be done by."""

    kind: str
    village: Village
    month: str
    due: date
    detail: str = ""
    is_correction: bool = False


def todos(*, scope: Scope, person_id: int, at: datetime) -> list[Todo]:
    """Approvals that wait for this person, months to close, notices to publish, open holds,
    stopped ledgers to sign.
    """
    waiting = {kind: _waiting(scope, kind=kind, at=at) for kind in OF_A_MONTH}
    found = [
        *_locks(waiting[Proposal.Kind.LOCK], person_id),
        *_publications(waiting[Proposal.Kind.PUBLICATION], person_id),
        *_corrections(waiting[Proposal.Kind.CORRECTION], person_id),
        *_months(scope, proposed=_matters(scope, Proposal.Kind.LOCK, at), at=at),
        *_notices(scope, proposed=_matters(scope, Proposal.Kind.PUBLICATION, at)),
        *_holds(scope),
        *_breaks(scope),
    ]
    return sorted(found, key=lambda todo: (todo.due, todo.month, todo.village.code, todo.kind))


def _waiting(scope: Scope, *, kind: Proposal.Kind, at: datetime) -> list[Proposal]:
    """Those of a kind that this scope may decide."""
    decides = TWO_PERSONS[kind].decides
    return list(approvals.waiting_within(scope, decides, kind=kind, at=at))


def _matters(scope: Scope, kind: Proposal.Kind, at: datetime) -> set[str]:
    """What has been proposed already and waits for somebody."""
    waiting = approvals.waiting_within(scope, Action.VIEW_LEDGER, kind=kind, at=at)
    return set(waiting.values_list("about", flat=True))


def _locks(proposals: list[Proposal], person_id: int) -> list[Todo]:
    return [
        Todo("lock", month.village, month.month, business_date(proposal.expires_at))
        for proposal, month in _with_months(proposals, person_id)
        if month.state == Month.State.OPEN
    ]


def _corrections(proposals: list[Proposal], person_id: int) -> list[Todo]:
    return [
        Todo("correct", month.village, month.month, business_date(proposal.expires_at))
        for proposal, month in _with_months(proposals, person_id)
    ]


def _with_months(proposals: list[Proposal], person_id: int) -> list[tuple[Proposal, Month]]:
    """What others proposed about months, each with its month."""
    others = [proposal for proposal in proposals if proposal.proposed_by_id != person_id]
    ids = [int(proposal.about.rpartition(":")[2]) for proposal in others]
    months = Month.objects.filter(pk__in=ids).select_related("village").in_bulk()
    return [
        (proposal, months[pk])
        for proposal, pk in zip(others, ids, strict=True)
        if pk in months and months[pk].village_id == proposal.village_id
    ]


def _publications(proposals: list[Proposal], person_id: int) -> list[Todo]:
    mine = [proposal for proposal in proposals if proposal.proposed_by_id != person_id]
    ids = [int(proposal.about.rpartition(":")[2]) for proposal in mine]
    found = Notice.objects.filter(
        pk__in=ids, kind=Notice.Kind.POINTS, state=Notice.State.DRAFT, month__isnull=False
    )
    notices = found.select_related("village").in_bulk()
    return [
        Todo(
            "approve_notice",
            notices[pk].village,
            notices[pk].month or "",
            business_date(proposal.expires_at),
            notices[pk].title,
            notices[pk].corrects_id is not None,
        )
        for proposal, pk in zip(mine, ids, strict=True)
        if pk in notices and notices[pk].village_id == proposal.village_id
    ]


def _months(scope: Scope, *, proposed: set[str], at: datetime) -> list[Todo]:
    close_days = dict(CalendarRule.objects.values_list("township_id", "close_day"))
    this_month = f"{business_date(at):%Y-%m}"
    waiting = Month.objects.within(scope, Action.PROPOSE_LOCK).filter(
        state=Month.State.OPEN, origin=Month.Origin.KEPT, month__lt=this_month
    )
    return [
        Todo(
            "close",
            month.village,
            month.month,
            _closes_on(
                month.month,
                day=close_days.get(month.village.township_id, DEFAULT_CLOSE_DAY),
            ),
        )
        for month in waiting.select_related("village")
        if reference(month) not in proposed
    ]


def _notices(scope: Scope, *, proposed: set[str]) -> list[Todo]:
    drafts = Notice.objects.within(scope, Action.PROPOSE_PUBLICATION).filter(
        state=Notice.State.DRAFT, kind=Notice.Kind.POINTS, month__isnull=False
    )
    return [
        Todo(
            "notice",
            notice.village,
            notice.month or "",
            business_date(notice.created_at),
            notice.title,
            notice.corrects_id is not None,
        )
        for notice in drafts.select_related("village")
        if f"notices.notice:{notice.pk}" not in proposed
    ]


def _holds(scope: Scope) -> list[Todo]:
    holds = Hold.objects.within(scope, Action.PROPOSE_LOCK).filter(
        released_at=None, month__origin=Month.Origin.KEPT
    )
    return [
        Todo(
            "hold_close" if hold.kind == Hold.Kind.CLOSE else "hold_final",
            hold.village,
            hold.month.month,
            business_date(hold.opened_at),
            hold.reason,
        )
        for hold in holds.select_related("village", "month")
    ]


def _breaks(scope: Scope) -> list[Todo]:
    return [
        Todo("break", state.village, "", business_date(state.broken_at))
        for state in stopped_within(scope, Action.SIGN_BREAK)
        if state.broken_at
    ]


def _closes_on(month: str, *, day: int) -> date:
    """The township's close day in the month after."""
    year, number = (int(part) for part in month.split("-"))
    first = date(year + number // 12, number % 12 + 1, 1)
    return first + timedelta(days=day - 1)
