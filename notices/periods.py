"""Where a published notice stands in its period on a given day."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, how many days that is, and how many are left after today."""

    first: date
    last: date
    days: int
    left: int
    running: bool

    @property
    def countdown(self) -> str:
        """How long it still runs, in words."""
        return _("还剩%d天") % self.left if self.left else _("今天最后一天")


def period(*, publish_on: date, until_on: date, on: date) -> Period:
    """The period as seen on the day `on`; the last day still belongs to it."""
    return Period(
        first=publish_on,
        last=until_on,
        days=(until_on - publish_on).days + 1,
        left=max((until_on - on).days, 0),
        running=publish_on <= on <= until_on,
    )


def runs(*, publish_on: date | None, until_on: date | None, on: date) -> bool:
    """Whether a notice with these days is on show; one without them is not."""
    return publish_on is not None and until_on is not None and publish_on <= on <= until_on
