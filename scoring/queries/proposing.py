"""What the acts of two persons are about, as their pages show it. No household is named."""

from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Proposal
from notices import queries as notices
from notices.models import Notice
from scoring.models import Entry, Month
from scoring.queries import ledger
from scoring.queries.ledger import MonthFigures


class Locked(NamedTuple):
    """A month to be locked, the content of its lock as it stands now, and its figures."""

    month: Month
    content: str
    figures: MonthFigures


def number_of(proposal: Proposal) -> int:
    """The record that the proposal is about."""
    return int(proposal.about.rpartition(":")[2])


def month_to_lock(proposal: Proposal) -> Locked:
    """What the lock is about, inside the proposal's village."""
    month = Month.objects.select_related("village").get(
        pk=number_of(proposal), village=proposal.village
    )
    figures = ledger.month_figures(village_id=month.village_id, month=month.month)
    content = ledger.content_to_lock(village_id=month.village_id, month=month.month, found=figures)
    return Locked(month, content, figures)


def notice_to_publish(proposal: Proposal) -> Notice:
    """The notice, inside the proposal's village."""
    return Notice.objects.select_related("village").get(
        pk=number_of(proposal), village=proposal.village
    )


def short_code_of(notice: Notice) -> str:
    """The code its paper will carry."""
    return notices.body_of(notice).short_code


def entry_in_words(entry: Entry) -> str:
    """3组·027 打扫房前屋后 10月12日: the household by its number."""
    subject = entry.subject
    place = f"{subject.unit.name}·{subject.number}" if subject.unit else subject.number
    what = entry.item.name if entry.item else entry.get_kind_display()
    day = date_format(entry.occurred_on, _("n月j日"))
    return f"{place} {what} {day}"
