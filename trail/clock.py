"""The one Python clock of business days; its SQL twin is `vc_guard.business_today()`."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The moment, aware; moved by CLOCK_SHIFT in rehearsals only."""
    return timezone.now() + settings.CLOCK_SHIFT


def today() -> date:
    """The business day in Asia/Shanghai."""
    return business_date(now())


def business_date(moment: datetime) -> date:
    """The day in Asia/Shanghai on which `moment` falls."""
    return moment.astimezone(SHANGHAI).date()
