"""Opening months that do not open by themselves."""

from django.db import transaction

from scoring.models import Month
from scoring.operations import ledger


@transaction.atomic
def open_transcribed(*, village_id: int, month: str) -> Month:
    """Open a month that is copied from a paper book; one that exists stays as it is.

    It is closed by `closing.close_transcribed`, whose audit event speaks for both.
    """
    ledger.enter(village_id=village_id)
    opened, _ = Month.objects.get_or_create(
        village_id=village_id, month=month, defaults={"origin": Month.Origin.TRANSCRIBED}
    )
    return opened
