"""What the acts of two persons are about, as their pages show it. No household is named."""

from typing import NamedTuple

from django.db.models import QuerySet
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


def reference(entry: Entry) -> str:
    """How proposals and the audit trail name an entry; `ledger_post` knows it by this name too."""
    return f"scoring.entry:{entry.pk}"


def content_to_reverse(entry: Entry) -> str:
    """What two persons agree on: the entry by its number and its digest."""
    return f"{entry.pk} {bytes(entry.digest).hex()}"


def entry_to_reverse(proposal: Proposal) -> Entry:
    """The entry, inside the proposal's village."""
    return _entries().get(pk=number_of(proposal), village=proposal.village)


def entry_of(*, month: Month, number: int) -> Entry | None:
    """An award or deduction entered in the month, if it is one and stands yet."""
    kinds = [Entry.Kind.AWARD, Entry.Kind.DEDUCTION]
    found = _entries().filter(village_id=month.village_id, month=month.month, kind__in=kinds)
    return found.filter(pk=number, reversals__isnull=True).first()


def _entries() -> QuerySet[Entry]:
    return Entry.objects.select_related("subject__unit", "item", "category")


def entry_in_words(entry: Entry) -> str:
    """3组·027 打扫房前屋后 10月12日: the household by its number."""
    subject = entry.subject
    place = f"{subject.unit.name}·{subject.number}" if subject.unit else subject.number
    what = entry.item.name if entry.item else entry.get_kind_display()
    day = date_format(entry.occurred_on, _("n月j日"))
    return f"{place} {what} {day}"
