"""Who waits for a consent."""

from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import Length

from households.models import Member, Subject
from trail.scope import Scope

AGE = 14


def waiting_within(scope: Scope, action: str, *, slug: str = "") -> QuerySet[Member]:
    """Children on open files whose guardian has not consented yet, by village and household."""
    found = Member.objects.within(scope, action).filter(state=Member.State.AWAITING_CONSENT)
    found = found.exclude(subject__state=Subject.State.CLOSED)
    if slug:
        found = found.filter(village__slug=slug)
    order = ("village__code", Length("subject__unit__name"), "subject__unit__name")
    number = (Length("subject__number"), "subject__number", "pk")
    return found.select_related("village", "subject__unit").order_by(*order, *number)


def fourteen_years_before(today: date) -> date:
    """Who was born on this day or before is 14 today."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return date(today.year - AGE, today.month, day)
