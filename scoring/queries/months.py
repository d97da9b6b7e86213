"""Reading months and what holds them."""

from datetime import date

from django.db.models import QuerySet

from notices.models import Notice
from scoring.models import Hold, Month
from scoring.queries.ledger import MonthFigures
from trail.scope import Scope
from villages.models import CalendarRule, Village

DEFAULT_CLOSE_DAY = 1


def by_name(*, village_id: int, month: str) -> Month | None:
    """The month of a village, if anything was ever entered in it."""
    return Month.objects.filter(village_id=village_id, month=month).first()


def reference(month: Month) -> str:
    """How proposals, jobs and the audit trail name a month."""
    return f"scoring.month:{month.pk}"


def kept_within(scope: Scope, action: str, *, slug: str, month: str) -> Month | None:
    """A month that was kept here, with its village; None outside the scope as for none at all."""
    return (
        Month.objects.within(scope, action)
        .filter(village__slug=slug, month=month, origin=Month.Origin.KEPT)
        .select_related("village__township")
        .first()
    )


def is_reviewed(month: Month, found: MonthFigures) -> bool:
    """Whether a person has looked through the month up to its newest entry."""
    noted = month.prepared or {}
    return "reviewed_by" in noted and noted["last_entry_id"] == found.last_entry_id


def earlier_open(month: Month) -> Month | None:
    """The oldest month before this one that is still open: it is closed first."""
    return (
        Month.objects.filter(
            village_id=month.village_id, state=Month.State.OPEN, month__lt=month.month
        )
        .order_by("month")
        .first()
    )


def closing_holds(month: Month) -> list[Hold]:
    """What must be settled before the month can be closed, oldest first."""
    return list(
        Hold.objects.filter(month=month, kind=Hold.Kind.CLOSE, released_at=None).order_by("pk")
    )


def open_holds(month: Month) -> list[Hold]:
    """Everything unsettled of the month: it keeps the month from being final."""
    return list(Hold.objects.filter(month=month, released_at=None).order_by("pk"))


def last_month_with_entries(*, village_id: int) -> Month | None:
    """The newest month in which something was entered and which is still open."""
    return (
        Month.objects.filter(village_id=village_id, state=Month.State.OPEN)
        .order_by("-month")
        .first()
    )


def ended_and_open(*, on: date) -> list[Month]:
    """Open months that have ended and whose township's close day has come, not yet prepared."""
    close_days = dict(CalendarRule.objects.values_list("township_id", "close_day"))
    waiting = Month.objects.filter(
        state=Month.State.OPEN, month__lt=f"{on:%Y-%m}", prepared__isnull=True
    ).select_related("village")
    return [
        month
        for month in waiting
        if on.day >= close_days.get(month.village.township_id, DEFAULT_CLOSE_DAY)
        or month.month < _month_before(on)
    ]


def _month_before(on: date) -> str:
    return before(f"{on:%Y-%m}")


def before(month: str) -> str:
    """The month before, written the same way."""
    year, number = (int(part) for part in month.split("-"))
    return f"{year:04d}-{number - 1:02d}" if number > 1 else f"{year - 1:04d}-12"


def published_but_closed() -> list[Month]:
    """Closed months whose points notice is on show."""
    return _with_notice(Month.State.CLOSED)


def shown_long_enough(*, on: date) -> list[Month]:
    """Published months whose notice period is over."""
    return [
        month
        for month in _with_notice(Month.State.PUBLISHED)
        if not Notice.objects.filter(
            village_id=month.village_id,
            month=month.month,
            state=Notice.State.PUBLISHED,
            until_on__gte=on,
        ).exists()
    ]


def _with_notice(state: Month.State) -> list[Month]:
    published = Notice.objects.filter(
        kind=Notice.Kind.POINTS, state=Notice.State.PUBLISHED
    ).values_list("village_id", "month")
    shown = set(published)
    return [
        month
        for month in Month.objects.filter(state=state)
        if (month.village_id, month.month) in shown
    ]


def villages_with_entries() -> list[Village]:
    """Villages that have a month in their ledger, in the order of their codes."""
    return list(
        Village.objects.filter(months__isnull=False)
        .distinct()
        .select_related("township")
        .order_by("code")
    )


def kept_months(scope: Scope, action: str) -> QuerySet[Month]:
    """Months that were kept here, the newest first, with their villages."""
    return (
        Month.objects.within(scope, action)
        .filter(origin=Month.Origin.KEPT)
        .select_related("village")
        .order_by("-month", "village__code")
    )
