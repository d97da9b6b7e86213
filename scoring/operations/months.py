"""Opening months that do not open by themselves."""

from django.db import transaction
from django.utils.translation import gettext as _

from scoring.models import Month
from scoring.operations import ledger
from trail.errors import DomainError


class LaterMonthIsClosed(DomainError):
    """Months are closed in their order, so a book is copied in its order too."""

    code = "later_month_is_closed"


@transaction.atomic
def open_transcribed(*, village_id: int, month: str) -> Month:
    """Open a month that is copied from a paper book; one that exists stays as it is.

    It is closed by `closing.close_transcribed`, whose audit event speaks for both. Raises
    LaterMonthIsClosed.
    """
    ledger.enter(village_id=village_id)
    closed = Month.objects.filter(village_id=village_id).exclude(state=Month.State.OPEN)
    known = Month.objects.filter(village_id=village_id, month=month).exists()
    if not known and (later := closed.filter(month__gt=month).order_by("month").first()):
        raise LaterMonthIsClosed(
            _("%(later)s已经锁定，不能再补录%(month)s。") % {"later": later.month, "month": month}
        )
    opened, _created = Month.objects.get_or_create(
        village_id=village_id, month=month, defaults={"origin": Month.Origin.TRANSCRIBED}
    )
    return opened
